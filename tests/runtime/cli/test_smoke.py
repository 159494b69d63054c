"""The smoke run."""

import pytest

from kingmaker.runtime.cli import smoke
from kingmaker.runtime.cli.main import main
from tests.runtime.cli.conftest import Call


def test_a_broken_part_ends_with_1_and_is_named(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("the examination is broken")

    monkeypatch.setattr("kingmaker.runtime.models.examination.Examination.examine", refuse)
    called = call("up", "--smoke")
    assert called.code == 1
    assert "the examination is broken" in called.out + called.err


def test_a_part_that_does_nothing_is_named(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smoke, "_variant", lambda bundle: bundle)  # the bytes that reign already
    called = call("up", "--smoke", "-o", "json")
    assert called.code == 1
    assert called.json["fault"].startswith("NotSeenError: a model is registered: 0 of 1")


def test_every_part_works(call: Call) -> None:
    called = call("up", "--smoke", "-o", "json")
    assert called.code == 0
    assert called.json["events"]["ChampionRolledBack"] == 1


def test_it_has_its_classic_name(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--smoke", "-o", "json"])
    assert ended.value.code == 0
    assert '"ok": true' in capsys.readouterr().out
