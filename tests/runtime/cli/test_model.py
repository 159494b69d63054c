"""Model versions and their bytes."""

from pathlib import Path

from kingmaker.runtime.home import Home
from tests.runtime.cli.conftest import Call


def test_a_flipped_byte_in_a_model_is_found_and_named(call: Call, own: Home) -> None:
    shown = call("model", "show", "v1.1.0-converted", "-o", "json", home=own).json
    path = next(Path(own.artifacts).rglob(f"*{shown['digest'][:16]}*/model.onnx"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(bytes(content))
    called = call("model", "verify", "v1.1.0-converted", "-o", "json", home=own)
    assert called.code == 3
    (found,) = called.json
    assert not found["sound"]
    assert "digest_mismatch" in found["state"]


def test_a_model_that_is_none_is_refused(call: Call, crowned: Home) -> None:
    called = call("model", "show", "v9", home=crowned)
    assert called.code == 2
    assert "`kingmaker model ls` lists them" in called.err


def test_a_version_of_several_slots_asks_for_the_slot(call: Call, crowned: Home) -> None:
    called = call("model", "show", "v1.0.0-bootstrap", home=crowned)
    assert called.code == 2
    assert "Add --slot" in called.err
    words = ("model", "show", "v1.0.0-bootstrap", "--slot", "cvar_ppo", "-o", "json")
    assert call(*words, home=crowned).json["state"] == "champion"


def test_models_are_listed_with_what_became_of_them(call: Call, crowned: Home) -> None:
    found = call("model", "ls", "online_learning", "-o", "json", home=crowned).json
    states = {row["model"]: row["state"] for row in found}
    assert states == {"v1.0.0-bootstrap": "champion", "v1.1.0-converted": "dethroned"}
    assert call("model", "ls", "--refused", "-o", "json", home=crowned).json == []


def test_sound_models_end_with_0(call: Call, crowned: Home) -> None:
    called = call("model", "verify", "v1.1.0-converted", "-o", "json", home=crowned)
    assert (called.code, called.json[0]["state"]) == (0, "sound")
