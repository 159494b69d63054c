"""Write docs/asyncapi.yaml from the wire contract, the topic catalogue and recorded examples.

Usage: python scripts/asyncapi.py write|check. `make proto` calls it; a test checks it.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
)

from kingmaker.contracts.public import PUBLIC, STATISTICS, PublicTopic
from kingmaker.runtime.release import RELEASE

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "asyncapi.yaml"
EXAMPLES = ROOT / "docs" / "public-events.jsonl"
PROTO = ROOT / "proto" / "kingmaker"
WIDTH = 110
TOPICS = (*PUBLIC, STATISTICS)

INFO = """\
What Kingmaker republishes on Kafka for everyone who subscribes: accepted events, at least once, in
the order of their lane, a partition a desk. Whoever must not act twice keeps the `ce_id` of what
was done. Bodies are protobuf (`proto/kingmaker` in the repository); schemas and examples show
them in protobuf's JSON mapping: 64-bit integers are strings, and what says nothing is left out.
"""
HEADERS: Mapping[str, str] = {
    "ce_specversion": "CloudEvents, 1.0, in Kafka's binary mode.",
    "ce_id": "Where the event stands: TOPIC/LANE/SEQ. The same however often it is sent.",
    "ce_source": "The lane that says it: /TOPIC/LANE.",
    "ce_type": "The full name of the protobuf message.",
    "ce_time": "Market time, RFC 3339, UTC to the millisecond.",
    "ce_subject": "The slot that it is about (component@desk), else the desk.",
    "content-type": "application/protobuf",
    "traceparent": "W3C trace context, if the event was traced.",
    "km_after": "OFFSET/HASH of the step before, for the one who republishes.",
}
ALWAYS = ("ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "content-type")

type Json = dict[str, Any]
type Kind = FieldDescriptorProto.Type

PLAIN: Mapping[int, Json] = {
    FieldDescriptorProto.TYPE_STRING: {"type": "string"},
    FieldDescriptorProto.TYPE_BOOL: {"type": "boolean"},
    FieldDescriptorProto.TYPE_DOUBLE: {"type": "number", "format": "double"},
    FieldDescriptorProto.TYPE_INT32: {"type": "integer", "format": "int32"},
    FieldDescriptorProto.TYPE_INT64: {"type": "string", "format": "int64"},
    FieldDescriptorProto.TYPE_UINT64: {"type": "string", "format": "uint64"},
    FieldDescriptorProto.TYPE_BYTES: {"type": "string", "format": "byte"},
}


def document() -> Json:
    """Return the whole document."""
    contract = Contract(described())
    examples = recorded()
    messages = {
        kind: contract.message(kind, topic, examples.get(kind))
        for topic in TOPICS
        for kind in _in_order(topic)
    }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Kingmaker's public topics",
            "version": RELEASE,
            "description": INFO,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/protobuf",
        "channels": {_name(topic): _channel(topic) for topic in TOPICS},
        "operations": {f"send_{_name(topic)}": _operation(topic) for topic in TOPICS},
        "components": {
            "messages": messages,
            "schemas": {"Headers": _headers(), **contract.schemas},
        },
    }


def text() -> str:
    """Return the document as it is kept."""
    head = "# scripts/asyncapi.py wrote this: `make proto` writes it anew; never edit it.\n"
    return head + yaml.safe_dump(document(), sort_keys=False, width=WIDTH, allow_unicode=True)


def described() -> FileDescriptorSet:
    """Return the wire contract with its comments."""
    files = sorted(str(path.relative_to(PROTO)) for path in PROTO.rglob("*.proto"))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "contract.binpb"
        flags = ["--include_source_info", f"--descriptor_set_out={out}", f"-I{PROTO}"]
        command = [sys.executable, "-m", "grpc_tools.protoc", *flags, *files]
        subprocess.run(command, check=True)  # noqa: S603 - our own files
        return FileDescriptorSet.FromString(out.read_bytes())


def recorded() -> Mapping[str, Json]:
    """Return the examples by kind; `kingmaker events examples` printed them."""
    lines = map(json.loads, EXAMPLES.read_text(encoding="utf-8").splitlines())
    return {line["headers"]["ce_type"]: line for line in lines}


class Contract:
    """The messages of `proto/`, as JSON schemas with the comments that stand there."""

    def __init__(self, files: FileDescriptorSet) -> None:
        """Index them by name."""
        self.schemas: dict[str, Json] = {}
        self._messages: dict[str, tuple[DescriptorProto, FileDescriptorProto, int]] = {}
        for file in files.file:
            for at, message in enumerate(file.message_type):
                self._messages[f"{file.package}.{message.name}"] = (message, file, at)

    def message(self, kind: str, topic: PublicTopic, example: Json | None) -> Json:
        """Return a message of a channel; its payload becomes one of the schemas."""
        _, file, at = self._messages[kind]
        found: Json = {
            "name": kind,
            "title": kind.rpartition(".")[2],
            "summary": _comment(file, (4, at)),
            "contentType": "application/protobuf",
            "headers": {"$ref": "#/components/schemas/Headers"},
            "payload": self._reference(kind),
            "bindings": {"kafka": {"key": {"type": "string", "description": _key(topic)}}},
        }
        if example:
            shown = {"headers": example["headers"], "payload": example["value"]}
            found["examples"] = [{"name": "recorded", **shown}]
        return found

    def _reference(self, kind: str) -> Json:
        if kind not in self.schemas:
            self.schemas[kind] = {}  # in its place, before what it refers to
            self.schemas[kind] |= self._schema(kind)
        return {"$ref": f"#/components/schemas/{kind}"}

    def _schema(self, kind: str) -> Json:
        message, file, at = self._messages[kind]
        entries = {
            f".{kind}.{nested.name}": nested
            for nested in message.nested_type
            if nested.options.map_entry
        }
        properties: Json = {}
        for number, field in enumerate(message.field):
            said = _comment(file, (4, at, 2, number))
            properties[field.name] = {
                **self._field(field, entries),
                **({"description": said} if said else {}),
                "x-field-number": field.number,
            }
        found = {"type": "object", "properties": properties, "additionalProperties": False}
        return found | {"x-proto": f"proto/kingmaker/{file.name}"}

    def _field(self, field: FieldDescriptorProto, entries: Mapping[str, DescriptorProto]) -> Json:
        if entry := entries.get(field.type_name):
            return {"type": "object", "additionalProperties": self._single(entry.field[1])}
        if field.label == FieldDescriptorProto.LABEL_REPEATED:
            return {"type": "array", "items": self._single(field)}
        return self._single(field)

    def _single(self, field: FieldDescriptorProto) -> Json:
        if field.type == FieldDescriptorProto.TYPE_MESSAGE:
            return {"allOf": [self._reference(field.type_name.removeprefix("."))]}
        return dict(PLAIN[field.type])


def _comment(file: FileDescriptorProto, path: tuple[int, ...]) -> str:
    """Return what stands above or beside a declaration."""
    for place in file.source_code_info.location:
        if tuple(place.path) == path:
            return " ".join((place.leading_comments or place.trailing_comments).split())
    return ""


def _name(topic: PublicTopic) -> str:
    return topic.name.split(".")[1]


def _in_order(topic: PublicTopic) -> Iterator[str]:
    return (f"kingmaker.{topic.service}.v1.{event}" for event in topic.events)


def _channel(topic: PublicTopic) -> Json:
    return {
        "address": topic.name,
        "description": topic.about,
        "messages": {
            kind.rpartition(".")[2]: {"$ref": f"#/components/messages/{kind}"}
            for kind in _in_order(topic)
        },
    }


def _operation(topic: PublicTopic) -> Json:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{_name(topic)}"},
        "summary": _summary(topic),
    }


def _summary(topic: PublicTopic) -> str:
    if topic is STATISTICS:
        return "The worker of windowed statistics says what changed."
    return f"The process of {topic.service} republishes what it accepted."


def _headers() -> Json:
    named = {name: {"type": "string", "description": said} for name, said in HEADERS.items()}
    return {"type": "object", "required": list(ALWAYS), "properties": named}


def _key(topic: PublicTopic) -> str:
    if topic is STATISTICS:
        return "DESK/SLOT/MODEL/ROLE/WINDOW_MS; no value: there is no such row any more."
    return "The desk's name." if topic.per_desk else "The desk's name; none if no desk is named."


def main() -> int:
    """Write the file, or tell whether it is as it would be written."""
    match sys.argv[1:]:
        case ["write"]:
            TARGET.write_text(text(), encoding="utf-8")
            return 0
        case ["check"] if TARGET.read_text(encoding="utf-8") == text():
            return 0
        case ["check"]:
            sys.stderr.write(f"error: {TARGET} is not what proto/ says. remedy: make proto\n")
            return 1
    sys.stderr.write(f"{__doc__}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
