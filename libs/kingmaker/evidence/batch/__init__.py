"""Many streams of pairs at once, in numpy: for benches and for judging whole tables of returns.

A twin, bit for bit, of what judges a live trial: same operations in the same order, so that a
figure measured here is a figure of the production rule. Nothing that judges live imports it.
`paired` has no twin: it compares files of a person's own on past bars, and judges no trial.
"""

from kingmaker.evidence.batch.edetector import EDetector
from kingmaker.evidence.batch.tallies import Side, Tallies
from kingmaker.evidence.batch.two_ledgers import Columns, TwoLedgers

__all__ = ["Columns", "EDetector", "Side", "Tallies", "TwoLedgers"]
