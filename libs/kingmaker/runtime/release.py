"""Which release this is; the project file says the same, and a test compares them."""

RELEASE = "0.1.0"
