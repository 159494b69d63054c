"""What can be asked of features and strategies before they trade: do they look ahead, how do they fare?

    columns.py     a series of bars as arrays: cut, and with another future
    own_file.py    a person's own features and strategies, from one file
    lookahead.py   the same value whether the future is there, missing or another one
"""
