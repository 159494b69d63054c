"""Keys: made, listed, rotated and revoked, each on every desk and on record."""

import stat
from pathlib import Path
from typing import Any

import pytest

from kingmaker.runtime import keyring
from kingmaker.runtime.cli.exits import Exit
from kingmaker.runtime.home import Home
from tests.people import BEN, EVE
from tests.runtime.cli.conftest import Call

WHY = ("--reason", "a test")


def states(call: Call, home: Home) -> dict[str, str]:
    """Return what every key is good for."""
    return {row["key_id"]: row["state"] for row in call("key", "ls", "-o", "json", home=home).json}


def made(call: Call, home: Home, name: str, role: str = "operator", *more: str) -> dict[str, Any]:
    """Return a new key, as the command line tells it."""
    said = call("key", "new", name, "--role", role, *WHY, *more, "-o", "json", home=home)
    assert said.code == Exit.DONE, said.err
    answer: dict[str, Any] = said.json
    return answer


def test_a_new_key_signs_what_its_role_may_and_no_more(call: Call, own: Home) -> None:
    key = made(call, own, "opal")
    path = Path(key["file"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert states(call, own)[key["key_id"]] == "good"
    assert call("freeze", *WHY, "--key", str(path), home=own).code == Exit.DONE
    refused = call("key", "revoke", key["key_id"], *WHY, "--key", str(path), home=own)
    assert refused.code == Exit.REFUSED
    assert "wrong role" in refused.err


def test_the_variable_names_the_key_too(
    call: Call, own: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = made(call, own, "vic", "viewer")
    monkeypatch.setenv("KINGMAKER_KEY", key["file"])
    refused = call("freeze", *WHY, home=own)
    assert refused.code == Exit.REFUSED
    assert "vic is viewer" in refused.err


def test_a_revoked_key_is_refused_on_record(call: Call, own: Home) -> None:
    key = made(call, own, "opal")
    assert call("key", "revoke", key["key_id"], *WHY, home=own).code == Exit.DONE
    assert states(call, own)[key["key_id"]] == "revoked"
    assert call("freeze", *WHY, "--key", key["file"], home=own).code == Exit.REFUSED
    [refused] = call("command", "ls", "refused", "-o", "json", home=own).json
    assert refused["reason"].startswith("revoked key")
    assert (refused["key_id"], refused["command"]) == (key["key_id"], "Freeze")
    tail = call("events", "tail", "promotion", "--kind", "CommandRefused", home=own)
    assert "revoked key" in tail.out


def test_a_rotated_key_stays_good_for_a_while_and_the_home_signs_with_the_new(
    call: Call, own: Home
) -> None:
    old = keyring.read_key(keyring.own_file(own)).key_id
    said = call("key", "rotate", old, *WHY, "-o", "json", home=own)
    assert said.code == Exit.DONE, said.err
    new = keyring.read_key(keyring.own_file(own)).key_id
    assert said.json["key_id"] == new != old
    assert states(call, own) == {old: "ends", new: "good"}
    assert list(keyring.trusted(own)) == [new]
    assert call("freeze", *WHY, home=own).code == Exit.DONE
    kept = str(own.path / "keys" / f"home-{old}.pem")
    assert call("thaw", *WHY, "--key", kept, home=own).code == Exit.DONE


def test_the_last_admin_is_not_revoked(call: Call, own: Home) -> None:
    old = keyring.read_key(keyring.own_file(own)).key_id
    refused = call("key", "revoke", old, *WHY, home=own)
    assert refused.code == Exit.REFUSED
    assert "no admin would be left" in refused.err
    assert list(keyring.trusted(own)) == [old]


def test_a_key_made_elsewhere_is_trusted_by_its_public_half(call: Call, own: Home) -> None:
    key = made(call, own, "ben", "admin", "--public-key", BEN.public_key)
    assert (key["key_id"], key["file"]) == (BEN.key_id, None)
    again = call(
        "key", "new", "b", "--role", "admin", "--public-key", BEN.public_key, *WHY, home=own
    )
    assert again.code == Exit.REFUSED
    assert "every desk knows" in again.err
    assert not (own.path / "keys" / "ben.pem").exists()


def test_a_key_that_is_not_trusted_is_not_kept(call: Call, own: Home, tmp_path: Path) -> None:
    stranger = tmp_path / "eve.pem"
    stranger.write_bytes(EVE.pem)
    refused = call("key", "new", "x", "--role", "admin", *WHY, "--key", str(stranger), home=own)
    assert refused.code == Exit.REFUSED
    assert "unknown key" in refused.err
    assert "`kingmaker key ls` shows who may command" in refused.err
    assert not (own.path / "keys" / "x.pem").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("new", "../x", "--role", "admin", *WHY), "cannot name a file"),
        (("new", "home", "--role", "admin", *WHY), "is there already"),
        (("new", "x", "--role", "admin", "--public-key", "00", *WHY), "no Ed25519 key"),
        (("revoke", "0" * 16, *WHY), "no desk knows a key"),
        (("rotate", "0" * 16, *WHY), "no desk knows a key"),
        (("rotate", "0" * 16, "--overlap", "soon", *WHY), "is no time"),
    ],
)
def test_what_makes_no_sense_is_said(
    call: Call, own: Home, words: tuple[str, ...], said: str
) -> None:
    told = call("key", *words, home=own)
    assert told.code == Exit.USAGE
    assert said in told.err


def test_a_key_file_that_is_none_is_named(call: Call, own: Home, tmp_path: Path) -> None:
    told = call("freeze", *WHY, "--key", str(tmp_path / "none.pem"), home=own)
    assert told.code == Exit.USAGE
    assert "none.pem is missing" in told.err
