"""Options that many commands share."""

from pathlib import Path

import pytest

from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.options import writable


def test_a_file_in_a_folder_that_is_there_is_taken(tmp_path: Path) -> None:
    assert writable(tmp_path / "page.html") == tmp_path / "page.html"
    assert writable(Path("page.html")) == Path("page.html")


def test_a_missing_folder_is_named_with_its_remedy(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    with pytest.raises(CommandError, match=f"no folder {missing}. Make it") as refused:
        writable(missing / "page.html")
    assert refused.value.code == Exit.USAGE
