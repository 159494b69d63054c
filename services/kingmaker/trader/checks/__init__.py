"""What is asked of features and strategies before they trade: do they look ahead, how do they fare.

`columns` cuts bars and gives them another future; `own_file` loads what a person wrote; `lookahead`
compares; `run` is what the command line calls.
"""
