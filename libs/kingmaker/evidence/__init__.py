"""The statistics of judging, for whoever judges: rules of evidence, and what they keep in mind."""
