"""Metrics and traces: what was accepted, shown to whoever watches. Nothing here decides."""
