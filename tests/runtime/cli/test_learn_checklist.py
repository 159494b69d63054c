"""The checklist of what a desk should show, on the command line; its screen is in `learn.txt`."""

from pathlib import Path

from tests.runtime.cli import learned
from tests.runtime.cli.conftest import Call


def test_every_point_is_told_with_its_state_and_what_is_seen(call: Call, tmp_path: Path) -> None:
    home = learned.home(tmp_path)
    points = call("learn", "checklist", "oak", "-o", "json", home=home).json
    assert {point["state"] for point in points} == {"done", "not seen", "not due yet"}
    assert {point["desk"] for point in points} == {"oak"}
    assert all(point["seen"] for point in points)
    said = call("learn", "checklist", "elm", home=home)
    assert said.code == 2
    assert "no desk is called 'elm'" in said.err
