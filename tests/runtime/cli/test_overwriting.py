"""A file of somebody's is not written over."""

from pathlib import Path

import pytest

from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.overwriting import replaceable


def test_what_is_not_there_or_was_written_by_the_command_may_be_written(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    assert replaceable(file, "<report>", "--out") == file
    file.write_text("<report>of yesterday")
    assert replaceable(file, "<report>", "--out") == file


@pytest.mark.parametrize("content", ["", "<rep", "notes of a year", "a <report>"])
def test_what_somebody_else_wrote_is_refused_with_the_remedy(tmp_path: Path, content: str) -> None:
    file = tmp_path / "notes.txt"
    file.write_text(content)
    with pytest.raises(
        CommandError, match=r"--out: .*notes\.txt is there already.*remove it"
    ) as no:
        replaceable(file, "<report>", "--out")
    assert no.value.code is Exit.USAGE
    assert file.read_text() == content
