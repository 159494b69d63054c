"""Everything that touches a model: artifacts, the rules they must pass, and running them."""
