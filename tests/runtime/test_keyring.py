"""The keys of a home: made once, for its owner's eyes, and named where they cannot be read."""

import json
import stat
from pathlib import Path

import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.signing import SigningKey
from kingmaker.runtime import keyring
from kingmaker.runtime.home import Home
from kingmaker.runtime.keyring import KeyFileError


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home(tmp_path / "home")
    found.begin()
    keyring.begin(found)
    return found


def test_a_home_makes_one_key_and_keeps_it(home: Home) -> None:
    own = keyring.read_key(keyring.own_file(home))
    keyring.begin(home)
    assert keyring.read_key(keyring.own_file(home)).key_id == own.key_id
    assert list(keyring.trusted(home)) == [own.key_id]
    assert keyring.trusted(home)[own.key_id]["role"] == "admin"


def test_only_its_owner_may_look(home: Home) -> None:
    assert stat.S_IMODE(keyring.own_file(home).stat().st_mode) == 0o600
    assert stat.S_IMODE(keyring.folder(home).stat().st_mode) == 0o700
    assert sorted(path.name for path in keyring.folder(home).iterdir()) == [
        "home.pem",
        "trusted.json",
    ]


def test_two_homes_have_two_keys(home: Home, tmp_path: Path) -> None:
    other = Home(tmp_path / "other")
    keyring.begin(other)
    assert set(keyring.trusted(home)).isdisjoint(keyring.trusted(other))


def test_what_promotion_is_told_holds_no_secret(home: Home) -> None:
    draft = keyring.apply_keys(home)
    own = keyring.read_key(keyring.own_file(home))
    told = message_class("kingmaker.governance.v1", "ApplyKeys").FromString(draft.value)
    [key] = told.keys  # type: ignore[attr-defined] # generated at run time
    assert (key.key_id, key.public_key, key.not_after_ms) == (own.key_id, own.public_key, 0)
    assert own.pem not in draft.value


def test_a_key_is_never_written_over(home: Home) -> None:
    with pytest.raises(FileExistsError):
        keyring.write_key(keyring.own_file(home), SigningKey.generate())


@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN PRIVATE KEY-----\n"])
def test_a_private_key_that_is_none_is_named(home: Home, content: bytes | None) -> None:
    path = keyring.own_file(home)
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(KeyFileError, match=r"home\.pem"):
        keyring.read_key(path)


@pytest.mark.parametrize("content", ["", "{}", '{"keys": [{"public_key": "00"}]}', '{"keys": [1]}'])
def test_a_list_of_trusted_keys_that_is_none_is_named(home: Home, content: str) -> None:
    keyring.trusted_file(home).write_text(content)
    with pytest.raises(KeyFileError, match=r"trusted\.json"):
        keyring.apply_keys(home)


def test_whom_a_file_names_is_trusted_at_every_start_and_nobody_else(home: Home) -> None:
    given, ada = home.path / "given.json", SigningKey.generate()
    with pytest.raises(KeyFileError, match=r"given\.json.*trusted_keys"):
        keyring.begin(home, given)
    for key in (SigningKey.generate(), ada):
        row = {"public_key": key.public_key, "owner": "ada", "role": "admin"}
        given.write_text(json.dumps({"keys": [row]}))
        keyring.begin(home, given)
        assert list(keyring.trusted(home)) == [key.key_id]


def test_a_home_that_is_given_keys_makes_none(tmp_path: Path) -> None:
    fresh, given = Home(tmp_path / "fresh"), tmp_path / "given.json"
    given.write_text('{"keys": []}')
    keyring.begin(fresh, given)
    assert not keyring.own_file(fresh).exists()
    assert keyring.trusted(fresh) == {}


def test_a_key_that_is_forgotten_may_have_a_successor(home: Home) -> None:
    [own] = keyring.trusted(home)
    new = SigningKey.generate()
    row = {"public_key": new.public_key, "owner": "ada", "role": "admin"}
    keyring.forget(home, own, row)
    assert list(keyring.trusted(home)) == [new.key_id]
    keyring.forget(home, "nobody's", row)
    assert list(keyring.trusted(home)) == [new.key_id]
    keyring.forget(home, new.key_id)
    assert list(keyring.trusted(home)) == []
