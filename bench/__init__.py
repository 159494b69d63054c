"""What the README claims, runnable: `make bench`."""
