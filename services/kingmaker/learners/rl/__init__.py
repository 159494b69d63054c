"""What the reinforcement learners share: networks, the two algorithms, JAX on one processor."""
