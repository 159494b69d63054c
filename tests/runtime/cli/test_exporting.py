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
    assert "records of 7 lanes, 0 models" in called.out
    assert "kingmaker audit t-0001@smoke --from-export export.gz" in called.out


def test_an_export_replaces_no_file_and_names_a_folder_that_is_missing(
    call: Call, crowned: Home, tmp_path: Path
) -> None:
    file = tmp_path / "precious.gz"
    file.write_text("precious")
    called = call("trial", "export", "t-0001", "--out", str(file), home=crowned)
    assert called.code == 2
    assert "is there already" in called.err
    assert file.read_text() == "precious"
    called = call("trial", "export", "t-0001", "--out", str(tmp_path / "no/x.gz"), home=crowned)
    assert called.code == 2
    assert f"there is no folder {tmp_path / 'no'}" in called.err


def test_a_trial_that_is_not_there_is_refused(call: Call, crowned: Home, tmp_path: Path) -> None:
    called = call("trial", "export", "t-9999", "--out", str(tmp_path / "x"), home=crowned)
    assert called.code == 2
    assert "no promotion and no trial is called 't-9999'" in called.err
    assert not (tmp_path / "x").exists()
