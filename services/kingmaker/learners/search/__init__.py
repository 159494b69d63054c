"""The search for parameters of a training: what may be tried, how it is measured, what is found.

Everything is measured by purged walk-forward folds inside the trades that are learned from; the
hold-out judges the one product, and is not looked at before.
"""
