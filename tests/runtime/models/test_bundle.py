"""Manifests: what is wrong with one is named."""

import json

import pytest

from kingmaker.runtime.models.bundle import Manifest, is_digest
from kingmaker.runtime.models.errors import ModelRefusedError
from tests.hostile import forge

MODEL = b"bytes"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"component": "alchemy"}, "unknown_component"),
        ({"component": None}, "not_loadable"),
        ({"sha256": "short"}, "not_loadable"),
        ({"schema": "G" * 64}, "not_loadable"),
        ({"memory": 129}, "not_loadable"),
        ({"memory": -1}, "not_loadable"),
        ({"memory": True}, "not_loadable"),
        ({"format": 2}, "not_loadable"),
        ({"note": "x" * (64 << 10)}, "too_large"),
    ],
)
def test_a_manifest_with_a_wrong_value_is_refused(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(ModelRefusedError) as caught:
        Manifest.read(forge.manifest(MODEL, changes=changes))
    assert caught.value.reason == reason


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b"[" * 60_000])
def test_what_is_no_manifest_is_refused(content: bytes) -> None:
    with pytest.raises(ModelRefusedError, match="not_loadable"):
        Manifest.read(content)


def test_a_manifest_without_a_digest_is_refused() -> None:
    values = json.loads(forge.manifest(MODEL))
    del values["sha256"]
    with pytest.raises(ModelRefusedError, match="digest_missing"):
        Manifest.read(json.dumps(values).encode())


def test_a_manifest_may_say_more_than_it_must() -> None:
    assert Manifest.read(forge.manifest(MODEL, changes={"seed": 3})).component == (forge.COMPONENT)


def test_a_digest_is_64_digits_in_lower_case() -> None:
    assert is_digest("0" * 64)
    assert not any(map(is_digest, ("0" * 63, "F" * 64, "../" * 21 + "a", None, 7)))
