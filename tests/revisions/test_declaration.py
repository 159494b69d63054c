"""What a model says of how it learns is text that loses no bit, and nonsense is refused."""

import json

import pytest

from kingmaker.revisions import UnusableDeclarationError
from kingmaker.revisions.declaration import CHARACTERS_MAX, read, write
from tests.revisions.declarations import bandit, logistic


@pytest.mark.parametrize("declaration", [logistic(0.1 + 0.2), bandit(1 / 3)])
def test_a_declaration_comes_back_bit_by_bit(declaration: object) -> None:
    text = write(declaration)  # type: ignore[arg-type] # of the list above
    assert read(text) == declaration
    assert write(read(text)) == text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is not JSON"),
        ("[1]", "names no rule"),
        ("[" * 100_000, "is not JSON"),
        ('{"rule": 1, "parameters": {}, "numbers": []}', "names no rule"),
        ('{"rule": "a@1", "parameters": {}, "numbers": [NaN]}', "no finite number"),
        ('{"rule": "a@1", "parameters": {}, "numbers": [1e999]}', "no finite number"),
        ('{"rule": "a@1", "parameters": {}, "numbers": [true]}', "no finite number"),
        ('{"rule": "a@1", "parameters": {"l2": "much"}, "numbers": []}', "no finite number"),
        (json.dumps({"rule": "a@1", "parameters": {}, "numbers": "0" * CHARACTERS_MAX}), "at most"),
    ],
)
def test_what_is_no_declaration_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(UnusableDeclarationError, match=why):
        read(text)
