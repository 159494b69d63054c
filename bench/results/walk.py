"""A market's walk forward: learn from the past, freeze, trade the next step; each part kept.

Of every step: what the nine components learned from all that was over when it began, and what these
line-ups traded in it: all nine learned; those alone that would have been admitted to a trial; and
what ships with one component learned, for each of the nine. What ships alone, the line-up before
learning, is played once, over all bars: it is what the learners see, too.
"""

import json
import multiprocessing
import shutil
from collections.abc import Callable, Sequence
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
        return [one.component for one in self.lessons if one.digest and not one.reason]


@dataclass(frozen=True, slots=True)
class Walk:
    """All trades of what ships, and the steps."""

    before: list[Trade]
    steps: Sequence[Step]
    commits: Sequence[str]  # at which its parts were played

    def traded(self, lineup: str) -> list[Trade]:
        """Return the trades of a line-up in all steps; CHAMPION is the one before learning."""
        return [trade for step in self.steps for trade in step.trades[lineup]]

    def learned(self, component: str) -> list[Trade]:
        """Return the trades with one component learned; where it could not be, those before."""
        found = [step.trades.get(component, step.trades[CHAMPION]) for step in self.steps]
        return [trade for trades in found for trade in trades]


def walk(stage: Stage, shares: tuple[float, int], keep: Path, jobs: int = 1) -> Walk:
    """Play, learn and trade; what is kept in a folder already is not done again.

    `shares`: of the bars, those before the first step, and the number of steps. `jobs`: so many
    steps at once.
    """
    home, file = Home(keep / "before"), keep / "before.json"
    before = kept(file, lambda: _before(stage, home))[CHAMPION]
    asked = [
        (stage.desk, stage.tell, home, span, keep / f"step-{number}", before)
        for number, span in enumerate(spans(stage, *shares), start=1)
    ]
    if jobs > 1:
        with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
            steps = list(pool.map(_step, *zip(*asked, strict=True)))
    else:
        steps = [_step(*one) for one in asked]
    shutil.rmtree(home.path, ignore_errors=True)  # what was learned from it is kept
    parts = [*keep.glob("*.json"), *keep.glob("step-*/*.json")]
    commits = {json.loads(part.read_text(encoding="utf-8"))[COMMIT] for part in parts}
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


def _step(  # noqa: PLR0913, PLR0917 - all that a process of its own must be told
    desk: DeskSettings,
    tell: Tell,
    home: Home,
    span: Span,
    folder: Path,
    before: Sequence[Trade],
) -> Step:
    folder.mkdir(exist_ok=True)
    stage = Stage(desk, tell)
    lessons = _lessons(stage, home, span.from_ms, folder)
    made = {one.component: one.digest for one in lessons if one.digest}
    bundles, names = learning.bundles(folder / "bundles", made), sorted(made)
    scratch = Home(folder / "home")

    def play(**models: Any) -> None:  # noqa: ANN401 - as `Stage.play` takes them
        shutil.rmtree(scratch.path, ignore_errors=True)
        stage.tell(f"{stage.desk.name}, {folder.name}: {', '.join(models)}")
        stage.play(scratch, span, **models)

    def of_all(chosen: Sequence[str]) -> Trades:
        play(champions={name: bundles[name] for name in chosen})
        return plays.trades(scratch, span)

    def alone() -> Trades:
        play(challengers=bundles)
        _write(folder / "ready.json", plays.ready(scratch))
        return plays.trades(scratch, span, names)

    trades = kept(folder / "alone.json", alone)
    step = Step(span, lessons, _read(folder / "ready.json"), trades)
    own = [trade for trade in before if span.holds(trade.decided_ms)]
    if sorted(step.trades[CHAMPION]) != sorted(own):
        raise OtherTradesError(f"{stage.desk.name}, {folder.name}: see {folder}")
    step.trades[ALL] = kept(folder / "all.json", lambda: of_all(names))[CHAMPION]
    step.trades[ADMITTED] = _of_admitted(step, folder, lambda: of_all(step.admitted))
    shutil.rmtree(scratch.path, ignore_errors=True)
    return step


def _of_admitted(step: Step, folder: Path, play: Callable[[], Trades]) -> list[Trade]:
    """Return what the admitted traded together; of none or one it is known."""
    match step.admitted:
        case []:
            return step.trades[CHAMPION]
        case [one]:
            return step.trades[one]
        case _:
            return kept(folder / "admitted.json", play)[CHAMPION]


def _lessons(stage: Stage, home: Home, until_ms: int, folder: Path) -> list[Lesson]:
    file = folder / "lessons.json"
    if not file.exists():
        stage.tell(f"{stage.desk.name}, {folder.name}: learning")
        values = policy_values(Settings(desks=(stage.desk,)), "learners")
        found = learning.learn(home.log, until_ms, values, folder / "bundles", stage.tell)
        _write(file, [asdict(one) for one in found])
    return [Lesson(**one) for one in _read(file)]


def kept(file: Path, play: Callable[[], Trades]) -> Trades:
    """Return the trades that a file holds; play and write them where there is none."""
    if not file.exists():
        _write(file, play())
    return {name: [Trade(*row) for row in rows] for name, rows in _read(file).items()}


def _write(file: Path, content: object) -> None:
    """Write a file wholly or not at all: a run that is stopped goes on from what is there."""
    part = file.with_suffix(".part")
    part.write_text(json.dumps({COMMIT: commit(), CONTENT: content}), encoding="utf-8")
    part.rename(file)


def _read(file: Path) -> Any:  # noqa: ANN401 - whatever was written
    return json.loads(file.read_text(encoding="utf-8"))[CONTENT]
