"""The nine models that a desk begins with: sound graphs that know nothing yet."""
