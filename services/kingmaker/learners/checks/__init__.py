"""What is asked of a learner before it is trusted: does it look ahead, does it learn from leaks.

`subject` is the learner and its data; `lookahead` alters the future, `leakage` the labels; `run` is
what the command line calls.
"""
