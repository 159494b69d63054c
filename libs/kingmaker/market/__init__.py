"""What bars say, for the trader that acts on them and the learners that learn from them: pure."""
