"""The crown goes back, and what people are told."""

import pytest

from kingmaker.runtime.cli.exits import Exit
from kingmaker.runtime.home import Home
from tests.runtime.cli.conftest import Call

SLOT = "online_learning@smoke"


def test_without_a_person_it_asks_for_yes(call: Call, crowned: Home) -> None:
    called = call("rollback", SLOT, "--reason", "x", home=crowned)
    assert called.code == 2
    assert "→ v1.1.0-converted on online_learning@smoke" in called.err
    assert "Say --yes" in called.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("gold", "--reason", "x", "--yes"), 2, "is no slot here"),
        (("cvar_ppo", "--reason", "x", "--yes"), 3, "nobody reigned before"),
        (
            (SLOT, "--reason", "x", "--to", "v9", "--yes"),
            6,
            "`kingmaker champion history` shows who was",
        ),
        ((SLOT, "--reason", "", "--yes"), 6, "reason are mandatory"),
    ],
)
def test_what_cannot_be_is_refused(
    call: Call, own: Home, words: tuple[str, ...], code: int, said: str
) -> None:
    called = call("rollback", *words, home=own)
    assert called.code == code
    assert said in called.err


def test_a_rollback_is_answered_by_record_reign_and_activation(call: Call, own: Home) -> None:
    words = ("--reason", "fills look wrong", "--actor", "ada", "--yes", "-o", "json")
    first = call("rollback", *words, home=own).json
    assert (first["from"], first["to"]) == ("v1.0.0-bootstrap", "v1.1.0-converted")
    assert first["reign"] == 4
    assert first["record"].startswith("km.promotion.v1/0/")
    assert first["activated"].startswith("km.trader.v1/0/")
    second = call("rollback", *words, home=own).json
    assert (second["to"], second["reign"]) == ("v1.0.0-bootstrap", 5)
    history = call("champion", "history", SLOT, "-o", "json", home=own).json
    assert {row["reign"]: row["actor"] for row in history}[5] == "ada"


def test_it_says_what_will_happen_and_what_did(call: Call, own: Home) -> None:
    called = call("rollback", "--reason", "x", "--yes", home=own)
    assert called.code == 0
    assert "Open trades keep the exits they were entered with" in called.err
    assert "rolled back km.promotion.v1/0/" in called.out
    assert f"frozen until `kingmaker thaw {SLOT}" in called.out


def test_settings_that_nobody_changed_cannot_be_taken_back(call: Call, own: Home) -> None:
    called = call("rollback", "parameters@smoke", "--reason", "x", "--yes", home=own)
    assert called.code == Exit.REFUSED
    assert "no change of settings is there to take back" in called.err
