"""One promotion as one page: what was decided, on what evidence, and that it was recomputed."""
