"""Trainings as people start, follow and end them, on a real home."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kingmaker.kernel.lane import Draft, Lane
from kingmaker.kernel.service import Effect
from kingmaker.runtime import keyring
from kingmaker.runtime.assembly import Parts, open_kingdom
from kingmaker.runtime.cli import commanding
from kingmaker.runtime.cli.exits import Exit
from kingmaker.runtime.cli.opening import remembered_desks
from kingmaker.runtime.home import Home
from kingmaker.runtime.inbox import Inbox
from tests.runtime.cli.conftest import Call

WHY = ("--reason", "the market changed", "--actor", "ada")
SLOT = "online_learning@smoke"
CURVE = [{"step": step, "of": 40, "loss": 1.0 / step} for step in range(1, 41)]
DISTILLATION = [{**point, "whose": "teacher"} for point in CURVE[:20]] + [
    {**point, "whose": "student"} for point in CURVE[20:]
]


def test_what_is_not_a_slot_a_training_or_a_choice_is_said(call: Call, own: Home) -> None:
    for words, said in (
        (("start", *WHY), "name one slot, or say --all"),
        (("start", SLOT, "--all", *WHY), "name one slot, or say --all"),
        (("start", "gold@smoke", *WHY), "is no slot here"),
        (("cancel", "tr-0001", *WHY), "no training has begun here yet"),
        (("watch",), "no training has begun here yet"),
        (("logs", "tr-0007"), "no training has begun here yet"),
    ):
        called = call("train", *words, home=own)
        assert (called.code, said in called.err) == (Exit.USAGE, True), called.err
    assert "shows what each slot waits for" in call("train", "ls", home=own).err


def test_a_slot_that_does_not_train_here_is_refused_with_the_remedy(call: Call, own: Home) -> None:
    called = call("train", "start", "cvar_ppo", *WHY, home=own)
    assert called.code == Exit.REFUSED
    assert "cvar_ppo" in called.err


def test_a_training_that_cannot_succeed_says_why_and_is_not_started_twice(
    call: Call, own: Home
) -> None:
    called = call("train", "start", SLOT, *WHY, "-o", "json", home=own)
    [row] = called.json
    assert (called.code, row["training"], row["state"]) == (0, "tr-0001", "abandoned")
    assert (row["cause"], row["actor"]) == ("person", "ada")
    assert "too few" in row["result"]
    assert f"tr-0001 {SLOT}: online_learning: read" in called.err
    again = call("train", "start", SLOT, *WHY, home=own)
    assert again.code == Exit.REFUSED
    assert "one training in 6 hours" in again.err
    assert call("train", "ls", "smoke", "-o", "json", home=own).json == [row]
    assert call("train", "ls", "neural_ucb", "-o", "json", home=own).json == []
    assert "No training of 'neural_ucb'" in call("train", "ls", "neural_ucb", home=own).err
    listed = call("command", "ls", "-o", "json", home=own).json
    assert [(c["command"], c["outcome"]) for c in listed[-2:]] == [
        ("StartTraining", "taken"),
        ("StartTraining", "refused"),
    ]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--tune", "--trials", "0"), "--trials 0: a search makes 2 to 1000"),
        (("--tune", "--trials", "1"), "--trials 1: a search makes 2 to 1000"),
        (("--tune", "--trials", "-5"), "--trials -5: a search makes 2 to 1000"),
        (("--tune", "--trials", "1001"), "--trials 1001: a search makes 2 to 1000"),
        (("--trials", "50"), "--trials belong to a search: add --tune"),
    ],
)
def test_trials_that_make_no_search_are_refused_before_anything_is_asked(
    call: Call, own: Home, words: Sequence[str], why: str
) -> None:
    called = call("train", "start", SLOT, *words, *WHY, home=own)
    assert (called.code, why in called.err) == (Exit.USAGE, True), called.err
    assert call("train", "ls", "-o", "json", home=own).json == []


def test_a_search_with_too_little_history_ends_with_its_reason(call: Call, own: Home) -> None:
    called = call("train", "start", SLOT, "--tune", "--trials", "5", *WHY, "-o", "json", home=own)
    [row] = called.json
    assert (row["state"], row["trials"], row["found"]) == ("abandoned", 5, {})
    assert "too few" in row["result"]
    assert "person, 5 trials" in call("train", "ls", home=own).out


def test_every_slot_that_learns_is_started_at_once(call: Call, own: Home) -> None:
    called = call("train", "start", "--all", "--dry-run", *WHY, "-o", "json", home=own)
    assert sorted(row["slot"] for row in called.json) == ["neural_ucb@smoke", SLOT]


def keep(home: Home, training: str, lines: Sequence[object]) -> None:
    file = home.path / "trainings" / f"{training}.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))


def test_what_a_training_said_is_shown_with_its_loss_as_a_curve_and_as_a_page(
    call: Call, own: Home, tmp_path: Path
) -> None:
    call("train", "start", SLOT, *WHY, home=own)
    about = {"training": "tr-0001", "slot": SLOT, "attempt": 1}
    timed = [{**point, "seconds": point["step"] / 10} for point in CURVE]
    keep(own, "tr-0001", [about, {"words": "reading", "seconds": 0.0}, *timed])
    logs = call("train", "logs", home=own)
    assert logs.code == 0
    assert "0.0 s  reading" in logs.out
    assert "1 │█" in logs.out
    assert "too few" in logs.out
    watched = call("train", "watch", "tr-0001", home=own)
    assert watched.code == Exit.NO
    assert "4.0 s  step 40 of 40, loss 0.025" in watched.err
    keep(own, "tr-0001", [about, *[{**point, "seconds": 0.0} for point in DISTILLATION]])
    of_two = call("train", "logs", home=own).out
    assert of_two.index("loss of teacher\n   1 │█") < of_two.index("loss of student\n0.04762 │█")
    page = tmp_path / "page.html"
    assert call("train", "report", "--out", str(page), home=own).code == 0
    assert "<polyline" in page.read_text()
    assert call("train", "report", "--out", str(page), home=own).code == 0


def test_a_page_goes_into_no_missing_folder_and_over_nothing_of_somebodys(
    call: Call, own: Home, tmp_path: Path
) -> None:
    call("train", "start", SLOT, *WHY, home=own)
    notes = tmp_path / "notes.html"
    notes.write_text("mine")
    for out, said in (
        ("/nowhere/page.html", "there is no folder /nowhere"),
        (str(tmp_path), f"{tmp_path} is a folder. Name a file in it."),
        (str(notes), "is there already, and was not written by this command"),
    ):
        called = call("train", "report", "--out", out, home=own)
        assert (called.code, said in called.err) == (Exit.USAGE, True), called.err
    assert notes.read_text() == "mine"


@dataclass
class Endless:
    """A reactor of trainings whose work is never over."""

    stopped: list[str] = field(default_factory=list)

    def begin(self, effect: Effect) -> None:
        """Begin."""

    def wait(self, _effect: Effect, _seconds: float) -> bool:
        """Say that it is not over."""
        return False

    def finish(self, effect: Effect) -> Draft:
        """Never end."""
        raise AssertionError(effect)

    def stop(self, effect_id: str) -> None:
        """Take note."""
        self.stopped.append(effect_id)


def asked(home: Home, name: str, **fields: object) -> None:
    """Put a signed command into the inbox, as the command line does."""
    desk = remembered_desks(home)[0]
    command = commanding.Command(name, desk, fields, "the market changed", "ada")
    sealed = commanding.sign(command, keyring.read_key(keyring.own_file(home)))
    inbox = Inbox(home.inbox)
    inbox.put(Lane("km.learners.commands.v1"), sealed.draft)
    inbox.close()


def test_a_training_that_never_ends_is_cancelled_while_the_clock_waits_for_it(
    call: Call, own: Home
) -> None:
    keyring.begin(own)
    asked(own, "StartTraining", slot=SLOT)
    asked(own, "CancelTraining", training="tr-0001")
    endless = Endless()
    parts = Parts(
        remembered_desks(own),
        lambda _service, _desk: {},
        0,
        channels={},
        reactors={"learners.train": endless},
    )
    with open_kingdom(own, parts) as kingdom:
        kingdom.deliver()
    assert endless.stopped == ["tr-0001/1"]
    [row] = call("train", "ls", "-o", "json", home=own).json
    assert (row["state"], row["result"]) == ("cancelled", "cancelled by ada: the market changed")
    shown = call("job", "show", "tr-0001", home=own)
    assert shown.code == Exit.NO
    called = call("train", "cancel", "tr-0001", *WHY, home=own)
    assert called.code == Exit.REFUSED
    assert "`kingmaker train ls` shows all" in called.err


def test_a_training_that_nobody_works_on_is_not_followed_for_ever(call: Call, own: Home) -> None:
    keyring.begin(own)
    asked(own, "StartTraining", slot=SLOT)
    dying = {"learners.train": Dying()}
    parts = Parts(remembered_desks(own), lambda _s, _d: {}, 0, channels={}, reactors=dying)
    try:
        with open_kingdom(own, parts) as kingdom:
            kingdom.deliver()
    except KeyboardInterrupt:
        pass
    called = call("train", "watch", home=own)
    assert called.code == Exit.FAILED
    assert "it goes on when `kingmaker up` runs this home again" in called.err


class Dying(Endless):
    """A reactor that is interrupted."""

    def wait(self, _effect: Effect, _seconds: float) -> bool:
        """Be interrupted."""
        raise KeyboardInterrupt


TOLD = Path(__file__).parent / "trainings.txt"
ASKED: Sequence[tuple[str, ...]] = (
    ("train", "ls"),
    ("train", "start", SLOT, *WHY),
    ("train", "ls"),
    ("train", "start", SLOT, *WHY),
    ("job", "ls", "--queue", "model-training"),
    ("job", "show", "tr-0001"),
    ("job", "retry", "tr-0001", *WHY),
    ("train", "start", "neural_ucb", "--scheduled", "--dry-run", *WHY),
    ("train", "cancel", "tr-0002", *WHY),
    ("job", "ls", "--state", "abandoned"),
)


def test_a_conversation_about_trainings_goes_as_it_is_told(
    call: Call, own: Home, pytestconfig: pytest.Config
) -> None:
    lines: list[str] = []
    for words in ASKED:
        called = call(*words, home=own)
        said = " ".join(f"'{word}'" if " " in word else word for word in words)
        errors = [line for line in called.err.splitlines() if line.startswith("error:")]
        lines += [f"$ kingmaker {said}", *called.out.splitlines(), *errors]
        lines += [f"exit {called.code}", ""]
    text = "\n".join(_without_what_varies(line) for line in lines)
    if pytestconfig.getoption("--rewrite"):
        TOLD.write_text(text, encoding="utf-8")
    assert text == TOLD.read_text(encoding="utf-8"), "if this is meant: pytest --rewrite"


def _without_what_varies(line: str) -> str:
    """Return a line without ids, which are random, and numbers of records, which others move."""
    for pattern, name in (
        (r"\b[0-9a-f]{16}\b", f"{'KEY':<16}"),
        (r"\b[0-9a-f]{32}\b", f"{'ID':<32}"),
    ):
        line = re.sub(pattern, name, line)
    return re.sub(r"(km\.learners\.v1/0)/\d+", r"\1/N", line).rstrip()
