"""Views: rows folded from accepted events, for people to look at. They may be deleted at any time.

folds/            one file a service: an event becomes changes of rows; pure
migrations/       the tables, in SQL
changes           what a change is
schema            the tables, as the migrations declare them
migrating         which migrations a database needs
batch             many changes, made one row each
store             what is asked of a database; sqlite_store, postgres_store
reading, follow   keep rows up with a log, and notice when it is another
at_home           the file of a home, which is made anew where it does not fit
digest            one hash of all rows
"""
