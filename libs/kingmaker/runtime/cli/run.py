"""A run from settings to summary: what `up` does."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any

from kingmaker.contracts.desks import Desk
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Step
from kingmaker.runtime.assembly import Parts, open_kingdom
from kingmaker.runtime.bars import DEMO, Bars, desks_of_files, open_bars
from kingmaker.runtime.board import Board, DeskBoard
from kingmaker.runtime.cli import opening, output, starting
from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.endpoint import address_of
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.home import Home, Lock
from kingmaker.runtime.learning_files import LearningFiles
from kingmaker.runtime.live_view import View, open_view
from kingmaker.runtime.log_lines import LogLines
from kingmaker.runtime.projections import PromotionFiles
from kingmaker.runtime.reactors.alerts import Alert, open_channels
from kingmaker.runtime.release import RELEASE
from kingmaker.runtime.settings import DeskSettings, Settings
from kingmaker.runtime.settings_load import Loaded, Sources, load
from kingmaker.runtime.settings_policy import policy_values
from kingmaker.runtime.sqlite_log import SqliteLog
from kingmaker.runtime.summary import collect, words
from kingmaker.runtime.telemetry.scraped import Scraped
from kingmaker.runtime.views.at_home import open_views
from kingmaker.runtime.views.follow import Views, catch_up_or_rebuild

COLUMNS_OF_PROSE = 100
EARNED = ("promoted", "direct")


@dataclass(frozen=True, slots=True)
class Wish:
    """What was said on the command line."""

    home: Path | None = None
    demo: bool = False
    data: Sequence[str] = ()
    fresh: bool = False
    strict: bool = False
    files: Sequence[Path] = ()
    metrics: str | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """All that a run needs, checked; nothing is recorded yet."""

    home: Home
    settings: Settings
    desks: tuple[Desk, ...]
    bars: Bars
    title: str
    metrics: str | None = None  # where they are answered


def run(wish: Wish, form: output.Form) -> int:
    """Play to the end of the bars; print what came of it."""
    began = time.monotonic()
    stage = prepare(wish)
    _greet(stage)
    figures = play(stage)
    figures["seconds"] = round(time.monotonic() - began, 1)
    output.one(figures, told(figures), form)
    return Exit.DONE


def prepare(wish: Wish) -> Stage:
    """Resolve settings, read and check every file, make or clear the home."""
    if wish.metrics is not None:
        address_of(wish.metrics, "--metrics")  # before anything is cleared
    loaded = _settings(wish)
    for warning in loaded.warnings:
        output.note(f"warning: {warning}")
    settings = loaded.settings
    home = Home(settings.home.expanduser())
    if not settings.desks:
        raise CommandError(
            "there is nothing to play. Say --demo, name files with --data, or write desks in"
            " kingmaker.yaml.",
            Exit.USAGE,
        )
    bars = open_bars(settings, strict=wish.strict)
    if wish.fresh:
        home.clear()
    else:
        _refuse_other_desks(home, settings.desks)
    home.begin()
    with Lock(home):  # whoever runs here has said what its desks are
        opening.remember_desks(home, [asdict_desk(desk) for desk in settings.desks])
    desks = tuple(Desk(desk.name, index) for index, desk in enumerate(settings.desks))
    title = "demo" if wish.demo else "your bars"
    return Stage(home, settings, desks, bars, title, wish.metrics)


def play(stage: Stage) -> dict[str, Any]:
    """Run the kingdom to the end of its bars; return the figures of the summary."""
    learning = stage.settings.learning
    board = Board(
        [
            DeskBoard(desk.name, stage.bars.bars(index), desk.min_trades or learning.min_trades)
            for index, desk in enumerate(stage.settings.desks)
        ]
    )
    # The kingdom ends first: its last commit is still looked at.
    with (
        ExitStack() as stack,
        open_kingdom(stage.home, (watch := Watch(stage, board, stack)).parts()) as kingdom,
    ):
        watch.begin(kingdom.engines)
        kingdom.begin(stage.bars.first_open_ms)
        _require_same_bars(stage, watch.query)
        start = [number + 1 for number in kingdom.positions()]
        for _ in kingdom.play(stage.bars.rows(start)):
            watch.tick()
        watch.end()
        return {
            "release": RELEASE,
            "home": str(stage.home.path),
            **collect(watch.query, [desk.name for desk in stage.desks]),
            "first_coronation_seconds": watch.first_crown_s,
            "history": kingdom.history_digest(),
        }


class Watch:
    """Everything that looks at a run and changes nothing: views, files, log lines, the screen."""

    def __init__(self, stage: Stage, board: Board, stack: ExitStack) -> None:
        """Prepare; what must be closed is left to `stack`."""
        self._stage, self._board, self._stack = stage, board, stack
        self.first_crown_s: float | None = None
        self._began = time.monotonic()
        self._lines = stack.enter_context(LogLines(stage.home.logs))
        self._files = PromotionFiles(stage.home.path / "model_registry")
        self._reports = LearningFiles(stage.home.path / "reports")
        self._views: Views
        self._view: View
        self._scraped = Scraped(stage.metrics, [desk.name for desk in stage.desks], stack)

    def parts(self) -> Parts:
        """Return what the kingdom is made of."""
        settings = self._stage.settings
        channels = dict(open_channels(self._stage.home.logs))
        channels["console"] = _nothing_new
        return Parts(
            desks=self._stage.desks,
            policy_of=lambda service, desk: policy_values(
                settings, service, desk.name if desk else None
            ),
            begins_ms=self._stage.bars.first_open_ms,
            show=self.show,
            tell=self._doing,
            idle=self.tick,
            channels=channels,
        )

    def begin(self, engines: Sequence[Engine]) -> None:
        """Bring views and files up to the log, then open the screen."""
        self._scraped.begin(engines)
        if self._scraped.url:
            output.note(f"   ▸ metrics on {self._scraped.url}")
        home, desks = self._stage.home, self._stage.desks
        log = SqliteLog(home.log, home.incarnation(), read_only=True)
        self._stack.callback(log.close)
        self._views = open_views(home.views, log, desks)
        self._stack.callback(self._views.close)
        catch_up_or_rebuild(self._views)
        self._files.rebuild(log, desks)
        self._reports.rebuild(log)
        self._board.restore(self.query)
        names, learns = [desk.name for desk in desks], self._stage.settings.learning.head_weights
        for line in starting.lines_of(self.query, names, learns=learns):
            output.note(line)
        self._view = self._stack.enter_context(open_view(self._board))
        self._lines.say("started", release=RELEASE, home=str(home.path))

    def show(self, lane: Lane, step: Step[Any]) -> None:
        """Take a step that was just made durable."""
        self._views.show(lane, step)
        self._files.show(lane, step)
        self._reports.show(lane, step)
        self._lines.show(lane, step)
        self._board.take(lane, step)
        self._view.take(lane, step)
        self._scraped.take(lane, step)
        if self.first_crown_s is None and any(map(_is_earned, step.events)):
            self.first_crown_s = round(time.monotonic() - self._began, 1)

    def tick(self) -> None:
        """Draw, if it is time to."""
        self._view.tick()

    def end(self) -> None:
        """Write what is still in memory."""
        self._views.flush()
        self._lines.say("played to the end", bars=self._board.bars)

    def query(self, statement: str, *values: str | int) -> list[dict[str, Any]]:
        """Return rows of the views."""
        return opening.query(self._stage.home, statement, *values)

    def _doing(self, text: str) -> None:
        self._view.doing(text)


def told(figures: dict[str, Any]) -> list[str]:
    """Return the summary as lines."""
    first = figures["first_coronation_seconds"]
    names = ("bars", "opportunities", "pairs", "trials", "coronations", "rollbacks")
    lines = ["", *(f"  {name:<14} {figures[name]:>12,}" for name in names)]
    if figures["gaps"]:
        lines.append(
            f"  {'gaps kept':<14} {figures['gaps']:>12,}   {figures['bars_missing']:,} bars missing"
        )
    lines += [
        f"  {'wall time':<14} {figures['seconds']:>10.1f} s"
        + (f"   first crown after {first:.1f} s" if first else ""),
        f"  {'history':<14} {figures['history']}",
        "",
        *(line for text in words(figures) for line in wrap(text, COLUMNS_OF_PROSE)),
        "",
    ]
    return lines + list(_next_steps(figures))


def asdict_desk(desk: DeskSettings) -> dict[str, Any]:
    """Return a desk as the home remembers it."""
    return desk.model_dump(exclude_none=True)


def _settings(wish: Wish) -> Loaded:
    flags: dict[str, Any] = {"home": str(wish.home) if wish.home else None}
    if wish.demo:
        flags["desks"] = [asdict_desk(desk) for desk in DEMO]
    elif wish.data:
        flags["desks"] = [asdict_desk(desk) for desk in desks_of_files(wish.data)]
    loaded = load(Sources(flags=flags, files=wish.files))
    home = loaded.settings.home.expanduser()
    if wish.demo and wish.home is None:
        home /= opening.DEMO
    flags["home"] = str(home)
    remembered = None if wish.fresh else home / opening.DESKS
    return load(Sources(flags=flags, files=wish.files, remembered=remembered))


def _refuse_other_desks(home: Home, desks: Sequence[DeskSettings]) -> None:
    """Refuse to go on with other desks: their order is their lanes."""
    if not home.exists() or not (home.path / opening.DESKS).exists():
        return
    before = [desk.name for desk in opening.remembered_desks(home)]
    now = [desk.name for desk in desks]
    if now[: len(before)] != before:
        raise CommandError(
            f"{home.path} plays {', '.join(before)}; you asked for {', '.join(now)}. Name another"
            f" folder with --home, or delete this one's content with --fresh.",
            Exit.REFUSED,
        )


def _require_same_bars(stage: Stage, query: Callable[[str], list[dict[str, Any]]]) -> None:
    """Refuse to go on with files that do not hold what was played before."""
    played = {(row["desk"], row["symbol"]): row for row in query("SELECT * FROM symbols")}
    for desk in stage.desks:
        for symbol, opens in stage.bars.symbols(desk.index):
            row = played.get((desk.name, symbol))
            if row is None or row["last_open_ms"] is None:
                continue
            held = sum(open_ms <= row["last_open_ms"] for open_ms in opens)
            if held != row["bars"]:
                raise CommandError(
                    f"desk {desk.name} has played {row['bars']:,} bars of {symbol}, the file holds"
                    f" {held:,} up to there. Restore the file, or name another folder with --home.",
                    Exit.REFUSED,
                )


def _greet(stage: Stage) -> None:
    output.note(
        f" ♛ Kingmaker {RELEASE} · {stage.title} · {stage.home.path} · nothing leaves this machine"
    )
    for desk in stage.settings.desks:
        costs = stage.settings.costs
        side = sum(
            (getattr(desk, name) if getattr(desk, name) is not None else getattr(costs, name))
            for name in ("fee_bp", "half_spread_bp", "slippage_bp")
        )
        index = stage.settings.desks.index(desk)
        symbols = ", ".join(symbol for symbol, _ in stage.bars.symbols(index))
        output.note(
            f"   ▸ {desk.name:<10} {symbols}, {stage.bars.bars(index):,} bars, {side:g} bp a side"
        )
    for gap in _longest(stage.bars.gaps()):
        output.note(f"   ▸ {gap}")
    if stage.home.log.exists():
        output.note("   ▸ reading the log: the run goes on where it stopped")
    output.note("   NOT for production: simulated orders on recorded bars.\n")


def _longest(gaps: Sequence[str]) -> Iterator[str]:
    """Yield what a newcomer should know of gaps; all of them are in the log."""
    if gaps:
        yield f"{len(gaps)} gaps are kept and recorded: `kingmaker events tail feed --kind Gap`"


def _nothing_new(_alert: Alert) -> None:
    """Leave out of the screen what the line of the event itself has told; files get it."""


def _is_earned(event: object) -> bool:
    return type(event).__name__ == "ChampionCrowned" and getattr(event, "how", "") in EARNED


def _next_steps(figures: dict[str, Any]) -> Iterator[str]:
    crowned = [reign for desk in figures["desks"] for reign in desk["crowned"]]
    home = f" --home {figures['home']}"
    if crowned:
        first = crowned[0]
        yield f"  why?   kingmaker trial explain {first['trial']}{home}"
        yield f'  undo?  kingmaker rollback {first["slot"]} --reason "..."{home}'
        yield f"  true?  kingmaker audit {first['promotion']}{home}"
