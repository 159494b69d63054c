"""What learners do beside the libraries that people would take instead: one file a comparison."""
