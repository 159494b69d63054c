"""The feed decides what a closed bar is, and which bars are missing."""
