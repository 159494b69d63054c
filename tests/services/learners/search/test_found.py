"""What is said of a product whose parameters were found."""

from kingmaker.learners.search.found import NOTHING, Found


def test_only_what_was_found_is_tagged() -> None:
    assert NOTHING.manifest == {}
    assert Found({"l2": 1.0}, {}).manifest["tags"] == {"autogen": "true"}
