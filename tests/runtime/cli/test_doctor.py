"""The doctor."""

from pathlib import Path

import pytest

from kingmaker.runtime.cli import doctor
from tests.runtime.cli.conftest import Call


def test_wrong_settings_are_a_finding_with_a_remedy(call: Call) -> None:
    Path("kingmaker.yaml").write_text("gold: 1\n", encoding="utf-8")
    called = call("doctor", "-o", "json")
    assert called.code == 3
    (bad,) = [row for row in called.json["findings"] if not row["ok"]]
    assert bad["name"] == "settings"
    assert "gold is unknown" in bad["found"]


def test_a_full_disk_is_a_finding_with_a_remedy(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "ROOM_MIN_BYTES", 2**60)
    called = call("doctor")
    assert called.code == 3
    assert "✗ disk" in called.out
    assert "→ Free 2 GiB" in called.out


def test_a_sound_machine_ends_with_0(call: Call) -> None:
    called = call("doctor", "-o", "json")
    assert called.code == 0
    assert called.json["ok"]
