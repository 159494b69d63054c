"""A service as a process of its own: it takes its inputs as they come, and records their order."""
