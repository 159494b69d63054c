"""How far a training has come, in a file: what is torn is left out, what comes too fast as well."""

from pathlib import Path

import pytest

from kingmaker.runtime.reactors import progress
from kingmaker.runtime.reactors.progress import ProgressFile, in_words, lines_of, path_of


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def opened(folder: Path, clock: Clock) -> ProgressFile:
    return ProgressFile(path_of(folder, "tr-0001"), {"attempt": 1}, clock)


def point(step: int) -> dict[str, float]:
    return {"step": step, "of": 100, "loss": 1.0 / step}


def steps(folder: Path) -> list[object]:
    return [line.get("step") for line in lines_of(path_of(folder, "tr-0001"))][1:]


def test_a_file_that_is_not_there_has_no_line(tmp_path: Path) -> None:
    assert list(lines_of(tmp_path / "none.jsonl")) == []


def test_a_torn_line_and_one_that_is_no_object_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "torn.jsonl"
    file.write_text('{"step": 1}\n{"st\n[1]\n{"step": 2}\n{"step": 3}')
    assert list(lines_of(file)) == [{"step": 1}, {"step": 2}]


def test_points_that_come_too_fast_are_left_out_but_for_the_last(tmp_path: Path) -> None:
    clock = Clock()
    kept = opened(tmp_path, clock)
    for step in range(1, 101):
        kept.keep(point(step))
        clock.at += 0.011
    kept.finish()
    assert steps(tmp_path) == [*range(1, 100, 10), 100]


def test_the_last_point_of_a_curve_that_ends_early_is_kept(tmp_path: Path) -> None:
    clock = Clock()
    kept = opened(tmp_path, clock)
    for step in (1, 2, 3):
        kept.keep(point(step))
        clock.at += 0.011
    kept.keep("judging")
    kept.finish()
    found = list(lines_of(path_of(tmp_path, "tr-0001")))[1:]
    assert [line.get("step", line.get("words")) for line in found] == [1, 3, "judging"]
    assert [line["seconds"] for line in found] == [0.0, 0.022, 0.033]


def test_words_are_all_kept_with_the_seconds_since_it_began(tmp_path: Path) -> None:
    clock = Clock()
    kept = opened(tmp_path, clock)
    kept.keep("reading")
    clock.at += 1.5
    kept.keep("judging")
    found = list(lines_of(path_of(tmp_path, "tr-0001")))
    assert found == [
        {"attempt": 1},
        {"words": "reading", "seconds": 0.0},
        {"words": "judging", "seconds": 1.5},
    ]


def test_a_file_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "LINES_MAX", 5)
    kept = opened(tmp_path, Clock())
    for number in range(9):
        kept.keep(f"word {number}")
    assert len(list(lines_of(path_of(tmp_path, "tr-0001")))) == 1 + 5


def test_another_attempt_begins_the_file_anew(tmp_path: Path) -> None:
    opened(tmp_path, Clock()).keep("first")
    opened(tmp_path, Clock()).keep("second")
    assert [line.get("words") for line in lines_of(path_of(tmp_path, "tr-0001"))][1:] == ["second"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("reading", "reading"),
        ({"step": 3, "of": 9, "loss": 0.25}, "step 3 of 9, loss 0.25"),
        ({"other": 1}, "{'other': 1}"),
    ],
)
def test_a_point_is_a_sentence_for_people(said: object, words: str) -> None:
    assert in_words(said) == words


def test_whose_step_it_is_and_the_parts_of_its_loss_are_said() -> None:
    point = {"step": 500, "of": 2300, "loss": 0.5, "whose": "student", "td": 0.25, "kl": 0.125}
    assert in_words(point) == "student: step 500 of 2300, loss 0.5 (td 0.25, kl 0.125)"
