"""A market's walk forward: learn from the past, freeze, trade the next step; each part kept.

Of every step: what the nine components learned from all that was over when it began, and what these
line-ups traded in it: all nine learned; those alone that would have been admitted to a trial; and
what ships with one component learned, for each of the nine. What ships alone, the line-up before
learning, is played once, over all bars: it is what the learners see, too.
"""

import json
import multiprocessing
import shutil
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.machine import commit
from bench.results import learning, plays
from bench.results.learning import Lesson
from bench.results.plays import CHAMPION, Span, Stage, Tell, Trade, Trades
from kingmaker.runtime.home import Home
from kingmaker.runtime.settings import DeskSettings, Settings
from kingmaker.runtime.settings_policy import policy_values

DAY_MS = 86_400_000
COMMIT, CONTENT = "commit", "content"  # of a file that is kept
ALL, ADMITTED = "all nine learned", "those learned that were admitted"
LINEUPS = {"all": ALL, "admitted": ADMITTED}
PLAYS = ("all", "alone", "admitted")  # of a step, in this order


class OtherTradesError(Exception):
    """What ships traded otherwise in a play of its own than in that over all bars."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: which time it trades, what was learned before it, and all its line-ups' trades."""

    span: Span
    lessons: Sequence[Lesson]
    ready: Sequence[str]  # components whose challenger passed every gate in the step
    trades: Trades

    @property
    def admitted(self) -> list[str]:
        """Return the components whose products would have got a trial."""
        return list(_admitted(self.lessons))


@dataclass(frozen=True, slots=True)
class Walk:
    """All trades of what ships, and the steps."""

    before: list[Trade]
    steps: Sequence[Step]
    commits: Sequence[str]  # at which its parts were played

    def traded(self, name: str) -> list[Trade]:
        """Return what a line-up traded in all steps, or what ships with one component learned.

        CHAMPION is the line-up before learning: it trades where a component could not be learned.
        """
        found = [step.trades.get(name, step.trades[CHAMPION]) for step in self.steps]
        return [trade for trades in found for trade in trades]


def walk(
    stage: Stage,
    shares: tuple[float, int],
    keep: Path,
    jobs: int = 1,
    without: Collection[str] = (),
) -> Walk:
    """Play, learn and trade; what is kept in a folder already is not done again.

    `shares`: of the bars, those before the first step, and the number of steps. `jobs`: so many
    trainings or plays at once. `without`: those of PLAYS that are left out.
    """
    home, file = Home(keep / "before"), keep / "before.json"
    before = kept(file, lambda: _before(stage, home))[CHAMPION]
    errands = [
        _Errand(stage.desk, stage.tell, home.log, span, keep / f"step-{number}")
        for number, span in enumerate(spans(stage, *shares), start=1)
    ]
    asked = [name for name in PLAYS if name not in without]
    _each(jobs, _lessons, [(errand,) for errand in errands])
    shutil.rmtree(home.path, ignore_errors=True)  # what was learned from it is kept
    _each(jobs, _play, [(errand, name) for name in asked for errand in errands])
    parts = [*keep.glob("*.json"), *keep.glob("step-*/*.json")]
    commits = {json.loads(part.read_text(encoding="utf-8"))[COMMIT] for part in parts}
    steps = [_step(errand, asked, before) for errand in errands]
    return Walk(before, steps, sorted(commits))


def spans(stage: Stage, first_share: float, steps: int) -> list[Span]:
    """Return the steps: each begins at a midnight, UTC, and has as many bars as any other."""
    opens = sorted(open_ms for _, opens in stage.bars.symbols(0) for open_ms in opens)
    shares = [first_share + (1.0 - first_share) * number / steps for number in range(steps)]
    cuts = [opens[int(len(opens) * share)] // DAY_MS * DAY_MS for share in shares]
    ends = [*cuts[1:], stage.bars.last_close_ms + 1]
    return [Span(*bounds) for bounds in zip(cuts, ends, strict=True)]


def _before(stage: Stage, home: Home) -> Trades:
    shutil.rmtree(home.path, ignore_errors=True)
    stage.tell(f"{stage.desk.name}: what ships, {stage.bars.bars():,} bars")
    stage.play(home, stage.whole)
    return plays.trades(home, stage.whole)


@dataclass(frozen=True, slots=True)
class _Errand:
    """What the process of a training or a play is told; its step's parts are in `folder`."""

    desk: DeskSettings
    tell: Tell
    log: Path  # of what ships
    span: Span
    folder: Path

    def about(self, words: str) -> None:
        self.tell(f"{self.desk.name}, {self.folder.name}: {words}")


def _each(jobs: int, work: Callable[..., object], asked: Sequence[tuple[Any, ...]]) -> None:
    """Do all of it, so much at once."""
    if jobs == 1:
        for one in asked:
            work(*one)
        return
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(work, *zip(*asked, strict=True)))


def _lessons(errand: _Errand) -> list[Lesson]:
    file = errand.folder / "lessons.json"
    errand.folder.mkdir(exist_ok=True)
    if not file.exists():
        errand.about("learning")
        values = policy_values(Settings(desks=(errand.desk,)), "learners")
        place = errand.folder / "bundles"
        found = learning.learn(errand.log, errand.span.from_ms, values, place, errand.tell)
        _write(file, [asdict(one) for one in found])
    return [Lesson(**one) for one in _read(file)]


def _play(errand: _Errand, name: str) -> None:
    """Play a line-up of a step, or all nine challengers, unless that is kept or known."""
    file, lessons = errand.folder / f"{name}.json", _lessons(errand)
    chosen = _admitted(lessons) if name == "admitted" else _made(lessons)
    if file.exists() or not chosen:
        return
    bundles = learning.bundles(errand.folder / "bundles", chosen)
    scratch = Home(errand.folder / f"home-{name}")
    shutil.rmtree(scratch.path, ignore_errors=True)
    errand.about(name)
    if name == "alone":
        Stage(errand.desk, errand.tell).play(scratch, errand.span, challengers=bundles)
        _write(errand.folder / "ready.json", plays.ready(scratch))
        _write(file, plays.trades(scratch, errand.span, sorted(bundles)))
    else:
        Stage(errand.desk, errand.tell).play(scratch, errand.span, champions=bundles)
        _write(file, plays.trades(scratch, errand.span))
    shutil.rmtree(scratch.path)


def _step(errand: _Errand, asked: Collection[str], before: Sequence[Trade]) -> Step:
    """Read what a step's plays came to."""
    folder, lessons = errand.folder, _lessons(errand)
    own = [trade for trade in before if errand.span.holds(trade.decided_ms)]
    trades: Trades = {CHAMPION: own}
    for name in asked:
        file = folder / f"{name}.json"
        found = _trades(file) if file.exists() else {CHAMPION: own}
        if name != "alone":
            trades[LINEUPS[name]] = found[CHAMPION]
        elif sorted(found[CHAMPION]) != sorted(own):
            raise OtherTradesError(f"{errand.desk.name}, {folder.name}: see {folder}")
        else:
            trades |= found
    ready = folder / "ready.json"
    return Step(errand.span, lessons, _read(ready) if ready.exists() else [], trades)


def _made(lessons: Sequence[Lesson]) -> dict[str, str]:
    return {one.component: one.digest for one in lessons if one.digest}


def _admitted(lessons: Sequence[Lesson]) -> dict[str, str]:
    return {one.component: one.digest for one in lessons if one.digest and not one.reason}


def kept(file: Path, play: Callable[[], Trades]) -> Trades:
    """Return the trades that a file holds; play and write them where there is none."""
    if not file.exists():
        _write(file, play())
    return _trades(file)


def _trades(file: Path) -> Trades:
    return {name: [Trade(*row) for row in rows] for name, rows in _read(file).items()}


def _write(file: Path, content: object) -> None:
    """Write a file wholly or not at all: a run that is stopped goes on from what is there."""
    part = file.with_suffix(".part")
    part.write_text(json.dumps({COMMIT: commit(), CONTENT: content}), encoding="utf-8")
    part.rename(file)


def _read(file: Path) -> Any:  # noqa: ANN401 - whatever was written
    return json.loads(file.read_text(encoding="utf-8"))[CONTENT]
