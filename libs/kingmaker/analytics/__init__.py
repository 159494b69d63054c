"""Windowed statistics of model versions: one pure fold, on a laptop and on the public topics."""
