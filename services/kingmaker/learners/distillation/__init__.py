"""Distillation: what a slow teacher sees in hours, taught to the fast student of S15.

Hinton, Vinyals and Dean 2015; of policies: Rusu et al. 2015. docs/decisions/0062.
"""
