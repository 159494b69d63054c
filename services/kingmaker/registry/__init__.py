"""The registry decides which model versions exist."""
