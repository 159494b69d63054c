"""`kingmaker judge`: the rule of promotion for anybody's two return series. Needs no home."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.output import Form, one, rows
from kingmaker.runtime.cli.overwriting import replaceable
from kingmaker.runtime.cli.progress import Progress

if TYPE_CHECKING:
    from kingmaker.runtime.judging import Judging
    from kingmaker.runtime.returns import Array
    from kingmaker.runtime.returns_table import Table

type Tell = Callable[[], int]  # prints what was found; returns the exit code


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of two return series."""

    alpha: float | None = None
    "Chance that a challenger no better may ever be promoted. Default: 1/220, that of a first test."

    segments: Annotated[tuple[int, ...], Parameter(consume_multiple=True, negative="")] = ()
    "Rows from which on another lineup traded: the present one alone must show the edge as well."

    canary: int | None = None
    "The row from which on the challenger reigns: is it taken back?"

    plot: Path | None = None
    "Draw the evidence into this SVG file."

    stream: int | None = None
    "Of an array of many streams, judge this one; the first is 0."

    champion: str = "champion"
    "The column of the champion's returns."

    challenger: str = "challenger"
    "The column of the challenger's returns."

    output: Annotated[Form, Parameter(name=("--output", "-o"))] = "table"
    "Form of the answer; jsonl of many streams is a line a stream."


def judge(
    pairs: Annotated[str, Parameter(allow_leading_hyphen=True)], /, *, asked: Asked | None = None
) -> int:
    """Judge two return series by the rule of promotion: evidence, gates, verdict.

    Exit 0: promoted. Exit 3: not promoted, or the crown was taken back. Exit 2: bad input.

    :param pairs: CSV (plain or gzip) with columns champion and challenger, and if there are any
        time, champion_taken, challenger_taken; or .npy of shape (pairs, 2) or (streams, pairs, 2);
        or - for standard input. Net returns a pair, after costs; 0 for a side that stayed out.
    """
    from kingmaker.runtime.plot import OPENING  # noqa: PLC0415 - costs only this command
    from kingmaker.runtime.returns import Array, open_returns  # noqa: PLC0415 - as above
    from kingmaker.runtime.returns_table import Names  # noqa: PLC0415 - as above

    if pairs.startswith("--"):
        raise CommandError(f"Unknown option: {pairs}. See `kingmaker judge --help`.", Exit.USAGE)
    asked = asked or Asked()
    if asked.plot:
        replaceable(asked.plot, OPENING, "--plot")
    with open_returns(pairs, Names(champion=asked.champion, challenger=asked.challenger)) as found:
        if isinstance(found, Array) and len(found.values) > 1 and asked.stream is None:
            tell = _judge_streams(found, asked)
        else:
            tell = _judge_one(found, asked)
    return tell()  # outside: what fails now is not the input's opening


def _judge_one(found: "Table | Array", asked: Asked) -> Tell:
    """Judge one stream; return what tells the verdict."""
    from kingmaker.runtime.cli.judged import lines_of, remarks_on  # noqa: PLC0415 - costs only this command
    from kingmaker.runtime.judging import Judging  # noqa: PLC0415 - as above

    judging = Judging(found, asked.stream or 0)
    try:
        with Progress(f"judging {found.shown}") as progress:
            verdict = judging.judge(asked.alpha, asked.segments, asked.canary, progress.show)
    except ValueError as error:
        raise CommandError(str(error), Exit.USAGE) from None
    answer = {**verdict, "remarks": remarks_on(verdict, judging.seen)}

    def tell() -> int:
        one(answer, lines_of(answer), asked.output)
        if asked.plot:
            _draw(judging, asked.plot, verdict, asked.segments)
        return _exit(answer)

    return tell


def _draw(judging: "Judging", path: Path, verdict: dict[str, Any], segments: Sequence[int]) -> None:
    try:
        judging.draw(path, verdict, segments)
    except OSError as error:
        raise CommandError(
            f"--plot: {path} cannot be written: {error.strerror or error}. Name a file in a folder"
            f" of yours."
        ) from None


def _judge_streams(found: "Array", asked: Asked) -> Tell:
    """Judge many streams; return what tells of them."""
    from kingmaker.runtime.cli.judged import Summary, summary_lines  # noqa: PLC0415 - as above
    from kingmaker.runtime.judging import judge_streams  # noqa: PLC0415 - as above

    if asked.plot:
        raise CommandError(
            f"{found.shown} has {len(found.values):,} streams; a plot shows one. Say --stream N.",
            Exit.USAGE,
        )
    try:
        judged = judge_streams(found, asked.alpha, asked.segments, asked.canary)
    except ValueError as error:
        raise CommandError(str(error), Exit.USAGE) from None
    summary = Summary()

    def tell() -> int:
        with Progress(f"judging {found.shown}", len(found.values)) as progress:
            for at, verdict in enumerate(judged):
                progress.show(at)
                summary.add(verdict, succeeded=_exit(verdict) == Exit.DONE)
                if asked.output == "jsonl":
                    rows([{"stream": at, **verdict}], (), "jsonl")
        if asked.output != "jsonl":
            one(summary.record(), summary_lines(found.shown, summary.record()), asked.output)
        return Exit.DONE if summary.succeeded else Exit.NO

    return tell


def _exit(verdict: dict[str, Any]) -> int:
    taken_back = verdict["reign"] is not None and verdict["reign"]["rollback"] is not None
    return Exit.DONE if verdict["promoted"] and not taken_back else Exit.NO
