"""The run on a terminal: a live picture where somebody looks, plain lines where not.

Cheap on purpose: at most four pictures a second, drawn from the board and never from the log.
"""

import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol, Self, TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from kingmaker.contracts.desks import component_of
from kingmaker.contracts.topics import TOPICS
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Step
from kingmaker.runtime.board import Board, DeskBoard, TrialBoard
from kingmaker.runtime.telling import e_value, tell
from kingmaker.runtime.telling_line import Line

PICTURES_A_SECOND = 4
BLOCKS = "▁▂▃▄▅▆▇█"
BAR_CELLS = 20
INDENT = " " * 31
TOO_EARLY = "enough_pairs"
WIDE = 140  # columns
PER_DESK = {topic.name for topic in TOPICS if topic.per_desk}
COUNTS = ("OPPORTUNITIES", "TRADES")
OF_THE_DESK = {"cool_down", "market_hours", "not_frozen", "reign_settled"}  # they come and go
STYLES = {"critical": "bold yellow", "error": "bold yellow", "warning": "yellow", "info": ""}
TITLES = {"PROMOTION": "bold gold1", "ROLLBACK": "bold gold1", "SHADOW": "cyan", "LEARNING": "blue"}


class View(Protocol):
    """Shows a run."""

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(self, *_: object) -> None:
        """End, and leave the terminal as it was."""
        ...

    def take(self, lane: Lane, step: Step[Any]) -> None:
        """Show the lines of an accepted step."""
        ...

    def doing(self, text: str) -> None:
        """Show what goes on beside the clock; may come from another thread."""
        ...

    def tick(self) -> None:
        """Draw, if it is time to."""
        ...


def open_view(board: Board, stream: TextIO | None = None) -> View:
    """Return a live picture on a terminal, else plain lines; both on standard error."""
    chosen = stream or sys.stderr
    return LiveView(board, chosen) if chosen.isatty() else PlainView(board, chosen)


class PlainView:
    """Lines only."""

    def __init__(self, board: Board, stream: TextIO) -> None:
        """Write to `stream`."""
        self._board, self._stream = board, stream
        self._told = _Told(board)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End."""

    def take(self, lane: Lane, step: Step[Any]) -> None:
        """Write the loud lines of a step."""
        for time_ms, line in self._told.lines(lane, step):
            self._stream.write(f"{_moment(time_ms)}  {line.title:<12} {_where(line)}{line.text}\n")
            if line.hint:
                self._stream.write(f"{INDENT}{line.hint}\n")

    def doing(self, text: str) -> None:
        """Write nothing: who reads lines wants what came of it."""

    def tick(self) -> None:
        """Do nothing: there is no picture."""


class LiveView:
    """Lines that scroll, above a picture that stays."""

    def __init__(self, board: Board, stream: TextIO) -> None:
        """Prepare."""
        self._board = board
        self._console = Console(file=stream, highlight=False)
        self._told = _Told(board)
        self._doing = ""
        self._began = self._drawn = time.monotonic()
        self._bars_before = board.bars
        self._live = Live(
            console=self._console, refresh_per_second=PICTURES_A_SECOND, transient=True
        )

    def __enter__(self) -> Self:
        """Draw the first picture."""
        self._live.__enter__()
        self._live.update(self._picture())
        return self

    def __exit__(self, *_: object) -> None:
        """Wipe the picture; the lines stay."""
        self._live.__exit__(None, None, None)

    def take(self, lane: Lane, step: Step[Any]) -> None:
        """Print the loud lines of a step above the picture."""
        for time_ms, line in self._told.lines(lane, step):
            self._print(time_ms, line)

    def doing(self, text: str) -> None:
        """Show it below the picture."""
        self._doing = text

    def tick(self) -> None:
        """Draw anew, at most four times a second."""
        now = time.monotonic()
        if now - self._drawn >= 1 / PICTURES_A_SECOND:
            self._drawn = now
            self._live.update(self._picture())

    def _print(self, time_ms: int, line: Line) -> None:
        text = Text(f" {_moment(time_ms)}  ", style="dim")
        style = TITLES.get(line.tag, STYLES[line.level])
        text.append(f"{line.title:<12} ", style=style or "bold")
        text.append(f"{_where(line)}{line.text}", style=STYLES[line.level])
        if line.hint:
            text.append(f"\n {INDENT}{line.hint}", style="dim")
        self._console.print(text)

    def _picture(self) -> RenderableType:
        wide = self._console.width >= WIDE
        parts: list[RenderableType] = [Text(), desk_table(self._board, wide=wide)]
        trials = [trial for desk in self._board.desks for trial in desk.trials.values()]
        if trials:
            parts += [Text(), trial_table(trials, wide=wide)]
        parts += [Text(), Text(self._pace(), style="dim"), Text(f" {self._doing}", style="dim")]
        return Group(*parts)

    def _pace(self) -> str:
        seconds = max(time.monotonic() - self._began, 1e-9)
        speed = (self._board.bars - self._bars_before) / seconds
        left = self._board.bars_total - self._board.bars
        soon = f" · about {left / speed:,.0f} s left" if speed > 0 and left else ""
        played = f"{self._board.bars:,} of {self._board.bars_total:,} bars"
        pace = f"{speed:,.0f} bars/s · {seconds:,.0f} s{soon}"
        return f" {played} · {pace} · Ctrl-C stops, running it again goes on"


class _Told:
    """Chooses the lines for a screen: loud ones, and verdicts that are better than any before."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._fewest: dict[str, int] = {}  # by trial: gates that held it

    def lines(self, lane: Lane, step: Step[Any]) -> list[tuple[int, Line]]:
        if not step.events:
            return []
        desk = self._board.desks[lane.index].name if lane.topic in PER_DESK else ""
        found: list[tuple[int, Line]] = []
        crowned = 0
        for record, event in zip(step.records, step.events, strict=True):
            line = tell(record.kind, event)
            if line is None:
                continue
            crowned += line.title == "reigns"
            if line.loud or (line.title == "gates" and self._is_news(event)):
                found.append((record.time_ms, line))
        if crowned:
            line = Line("BOOTSTRAP", "info", "reign", f"{crowned} champions of the bootstrap")
            found.append((step.records[0].time_ms, line))
        return [(at, replace(line, slot=line.slot or f"@{desk}")) for at, line in found]

    def _is_news(self, event: Any) -> bool:  # noqa: ANN401 - a ChallengerHeld
        if TOO_EARLY in event.held_by:
            return False
        held = len(set(event.held_by) - OF_THE_DESK)
        before = self._fewest.get(event.trial, len(event.findings) + 1)
        self._fewest[event.trial] = min(before, held)
        return held < before


def desk_table(board: Board, *, wide: bool = True) -> Table:
    """Return the desks as a table; a narrow terminal gets fewer figures."""
    table = Table(box=None, padding=(0, 2, 0, 1), header_style="dim", expand=True)
    table.add_column("DESK", style="bold")
    table.add_column("MARKET TIME", no_wrap=True)
    for title in ("PLAYED", *(COUNTS if wide else ()), "PAIRS", "TRIALS", "CROWNS"):
        table.add_column(title, justify="right")
    table.add_column("CHAMPION", style="gold1", no_wrap=True)
    table.add_column("NEXT", style="dim", no_wrap=True, overflow="ellipsis", ratio=1)
    for desk in board.desks:
        played = desk.bars / desk.bars_total if desk.bars_total else 0.0
        counts = (desk.opportunities, desk.trades) if wide else ()
        table.add_row(
            desk.name,
            _moment(desk.time_ms) if desk.time_ms else "-",
            f"{played:.0%}",
            *(f"{count:,}" for count in (*counts, desk.pairs)),
            str(desk.trials_closed + len(desk.trials)),
            str(desk.reigns),
            _king_of(desk, wide=wide),
            board.next_of(desk),
        )
    return table


def _king_of(desk: DeskBoard, *, wide: bool) -> str:
    if not desk.king:
        return "bootstrap"
    return f"♛ {desk.king}" if wide else f"♛ {desk.king.rpartition(' ')[2]}"


def trial_table(trials: list[TrialBoard], *, wide: bool = True) -> Table:
    """Return the open trials: where the evidence stands, on a logarithmic axis."""
    table = Table(box=None, padding=(0, 2, 0, 1), header_style="dim")
    for title in ("TRIAL", "CHALLENGER", "EVIDENCE", "", "PAIRS", *(("SO FAR",) if wide else ())):
        table.add_column(title, no_wrap=True)
    for trial in trials:
        table.add_row(
            trial.trial,
            f"{component_of(trial.slot)} {trial.challenger}",
            _bar_of(trial.share, BAR_CELLS if wide else BAR_CELLS // 2),
            f"E = {e_value(trial.log_evidence)} / {e_value(trial.log_threshold)}",
            f"{trial.pairs:,}",
            *((_curve_of(trial),) if wide else ()),
        )
    return table


def _bar_of(share: float, cells: int) -> str:
    filled = round(share * cells)
    return "█" * filled + "░" * (cells - filled) + "♛"


def _curve_of(trial: TrialBoard) -> str:
    return "".join(BLOCKS[round(share * (len(BLOCKS) - 1))] for share in trial.curve)


def _where(line: Line) -> str:
    desk = line.slot.partition("@")[2]
    return f"{desk}  " if desk else ""


def _moment(time_ms: int) -> str:
    return f"{datetime.fromtimestamp(time_ms / 1000, UTC):%Y-%m-%d %H:%M}"
