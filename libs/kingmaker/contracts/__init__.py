"""What services agree on: topics, messages as bytes, the signatures of models."""
