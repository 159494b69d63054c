"""Views: rows folded from accepted events, for people to look at. They may be deleted at any time.

folds/    one file a service: an event becomes changes of rows; pure
changes   what a change is
schema    the tables
store     rows and positions in one SQLite file, in one transaction
follow    keeps them up with a log; drops and rebuilds what does not fit it
queries   what the command line asks
"""
