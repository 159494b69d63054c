"""`kingmaker up`: runs everything here, on one file, to the end of the bars."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.options import Options


def up(  # noqa: PLR0913 - each is a flag
    *,
    demo: bool = False,
    smoke: bool = False,
    data: Annotated[tuple[str, ...], Parameter(consume_multiple=True)] = (),
    fresh: bool = False,
    strict: bool = False,
    metrics: str | None = None,
    config: Annotated[tuple[Path, ...], Parameter(name=("--config", "-c"))] = (),
    options: Options | None = None,
) -> int:
    """Run everything here, on one file: play bars through all services.

    Run it again to go on where it stopped, whatever stopped it.

    :param demo: Play the bars that the product carries, on three desks.
    :param smoke: Prove in less than a minute that every part works; leaves nothing behind.
    :param data: Bars: SYMBOL_INTERVAL_*.csv[.gz], or FILE:SYMBOL:INTERVAL. One desk an interval.
    :param fresh: Delete what is in the home first.
    :param strict: Refuse files with gaps. Else gaps are kept, listed and recorded.
    :param metrics: HOST:PORT where /metrics answers while it plays; needs kingmaker[telemetry].
    :param config: A YAML file; may be given several times, later ones win.
    """
    from kingmaker.runtime.cli import run  # noqa: PLC0415 - costs only this command

    if sum((demo, smoke, bool(data))) > 1:
        raise CommandError("--demo, --smoke and --data exclude each other. Say one.", Exit.USAGE)
    options = options or Options()
    wish = run.Wish(options.home, demo, data, fresh, strict, config, metrics)
    if smoke:
        from kingmaker.runtime.cli.smoke import smoke as prove  # noqa: PLC0415 - as above

        return prove(options.output)
    try:
        return run.run(wish, options.output)
    except ValueError as error:  # of the feed's sources: they say file, line and remedy
        if type(error).__name__ != "BadBarFileError":
            raise
        sys.stdout.flush()
        raise CommandError(str(error), Exit.USAGE) from error
