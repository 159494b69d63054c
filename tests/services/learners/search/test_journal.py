"""A journal: whole lines only, one process at a time."""

from pathlib import Path

import pytest

from kingmaker.learners.search import journal


def test_what_a_crash_tore_off_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "a.search"
    with journal.opened(path) as storage:
        storage.get_all_studies()
    path.write_bytes(path.read_bytes() + b'{"op')
    with journal.opened(path) as storage:
        assert storage.get_all_studies() == []
    assert path.read_bytes() == b""


def test_another_process_is_not_let_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "WAIT_S", 0.0)
    path = tmp_path / "a.search"
    with journal.opened(path), pytest.raises(journal.JournalInUseError), journal.opened(path):
        pass
