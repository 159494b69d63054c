"""An export says what is in it, and what to do with it elsewhere."""

from pathlib import Path

from kingmaker.runtime.home import Home
from tests.runtime.cli.conftest import Call


def test_the_answer_counts_lanes_and_tells_the_next_command(
    call: Call, crowned: Home, tmp_path: Path
) -> None:
    file = tmp_path / "export.gz"
    called = call("trial", "export", "t-0001", "--out", str(file), home=crowned)
    assert called.code == 0
    assert "records of 5 lanes, 0 models" in called.out
    assert "kingmaker audit t-0001@smoke --from-export export.gz" in called.out


def test_a_trial_that_is_not_there_is_refused(call: Call, crowned: Home, tmp_path: Path) -> None:
    called = call("trial", "export", "t-9999", "--out", str(tmp_path / "x"), home=crowned)
    assert called.code == 2
    assert "no promotion and no trial is called 't-9999'" in called.err
    assert not (tmp_path / "x").exists()
