"""docs/asyncapi.yaml is what the wire contract and the catalogue say, and its examples obey it.

Checked here is its structure; the JSON schema of AsyncAPI 3.0.0 itself is not in the tree.
"""

from collections.abc import Iterator
from typing import Any

import jsonschema  # type: ignore[import-untyped] # it ships no types
import pytest
import yaml

from kingmaker.contracts.public import PUBLIC, STATISTICS
from scripts import asyncapi

TEXT = asyncapi.TARGET.read_text(encoding="utf-8")
DOCUMENT: dict[str, Any] = yaml.safe_load(TEXT)
MESSAGES: dict[str, Any] = DOCUMENT["components"]["messages"]
SHOWN = sorted(kind for kind, message in MESSAGES.items() if "examples" in message)


def test_it_is_what_make_proto_would_write() -> None:
    assert asyncapi.text() == TEXT, "docs/asyncapi.yaml is old. remedy: make proto, then commit it"


def test_it_has_every_public_topic_with_its_messages_and_an_operation() -> None:
    assert DOCUMENT["asyncapi"] == "3.0.0"
    addresses = {one["address"]: set(one["messages"]) for one in DOCUMENT["channels"].values()}
    assert addresses == {topic.name: set(topic.events) for topic in (*PUBLIC, STATISTICS)}
    sent = {one["channel"]["$ref"].rpartition("/")[2] for one in DOCUMENT["operations"].values()}
    assert sent == set(DOCUMENT["channels"])
    assert {one["action"] for one in DOCUMENT["operations"].values()} == {"send"}


def test_every_reference_leads_somewhere() -> None:
    found = list(references(DOCUMENT))
    assert len(found) > 100
    for reference in found:
        assert resolved(reference) is not None, reference


@pytest.mark.parametrize("kind", SHOWN)
def test_a_recorded_event_is_what_its_schema_says(kind: str) -> None:
    [example] = MESSAGES[kind]["examples"]
    validate(MESSAGES[kind]["payload"], example["payload"])
    validate(MESSAGES[kind]["headers"], example["headers"])
    assert example["headers"]["ce_type"] == kind


def test_what_the_schema_does_not_say_is_refused() -> None:
    kind = "kingmaker.alerting.v1.AlertFired"
    [example] = MESSAGES[kind]["examples"]
    with pytest.raises(jsonschema.ValidationError, match="smell"):
        validate(MESSAGES[kind]["payload"], {**example["payload"], "smell": "burnt"})
    with pytest.raises(jsonschema.ValidationError, match="is not of type"):
        validate(MESSAGES[kind]["payload"], {**example["payload"], "slot": 7})


def test_fields_carry_their_numbers_and_their_comments() -> None:
    schema = DOCUMENT["components"]["schemas"]["kingmaker.alerting.v1.AlertFired"]
    assert schema["properties"]["undo"] == {
        "type": "string",
        "description": "the command that takes it back",
        "x-field-number": 12,
    }


def validate(schema: dict[str, Any], value: dict[str, Any]) -> None:
    jsonschema.Draft7Validator({**schema, "components": DOCUMENT["components"]}).validate(value)


def references(node: object) -> Iterator[str]:
    match node:
        case {"$ref": str(reference)}:
            yield reference
        case dict():
            for below in node.values():
                yield from references(below)
        case list():
            for below in node:
                yield from references(below)
        case _:
            pass


def resolved(reference: str) -> object:
    found: Any = DOCUMENT
    for name in reference.removeprefix("#/").split("/"):
        found = found.get(name) if isinstance(found, dict) else None
    return found
