"""Where bars come from: files now. One reader a kind of file; a new kind is one new file here.

located = locate("BTCUSDT_1h_2017_2024.csv.gz")     # or FILE:SYMBOL:INTERVAL, or sample:NAME
play = open_play([DeskFiles("btc-1h", "24x7", (located,))])
for row in play.rows(start=(0,)): ...               # all desks, in market-time order
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kingmaker.feed.sources.files import BarFile, locate
from kingmaker.feed.sources.play import Play
from kingmaker.feed.sources.series import BadBarFileError, read_series

__all__ = ["BadBarFileError", "BarFile", "DeskFiles", "Play", "locate", "open_play"]


@dataclass(frozen=True, slots=True)
class DeskFiles:
    """The files of one desk, one a symbol, and when its market is open."""

    desk: str
    calendar: str
    files: tuple[BarFile, ...]


def open_play(desks: Sequence[DeskFiles], *, strict: bool = False) -> Play:
    """Read and check every file of every desk, then return their bars.

    Raises BadBarFileError before anything can be recorded. `strict` refuses gaps too.
    """
    for desk in desks:
        _check_desk(desk)
    return Play(
        tuple(
            tuple(read_series(file, calendar=desk.calendar, strict=strict) for file in desk.files)
            for desk in desks
        )
    )


def _check_desk(desk: DeskFiles) -> None:
    if not desk.files:
        raise BadBarFileError(f"desk {desk.desk} has no bars. Name a file for it: --data FILE.")
    symbols: dict[str, BarFile] = {}
    for file in desk.files:
        twin = symbols.setdefault(file.symbol, file)
        if twin is not file:
            raise BadBarFileError(
                f"desk {desk.desk}: {twin.path} and {file.path} both hold {file.symbol}."
                f" Join them into one file, or put them on two desks."
            )
        if file.interval_ms != desk.files[0].interval_ms:
            raise BadBarFileError(
                f"desk {desk.desk}: {file.path} has bars of another interval than"
                f" {desk.files[0].path}. Put them on two desks."
            )
