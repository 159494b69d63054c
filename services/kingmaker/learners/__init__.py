"""Learners: decide when to train, and whether what was learned is worth a trial."""
