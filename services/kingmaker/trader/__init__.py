"""The trader: decides opportunities for the champion and, in shadow, for its challengers."""
