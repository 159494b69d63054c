"""Whole tables of returns judged at once, in numpy: the same verdicts, bit for bit."""
