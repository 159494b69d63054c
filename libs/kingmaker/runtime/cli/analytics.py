"""`kingmaker analytics`: windowed statistics of every model version, on a laptop and on Kafka."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from kingmaker.analytics.domain import WindowMeasured
from kingmaker.runtime.cli.options import Options
from kingmaker.runtime.cli.output import Column, rows
from kingmaker.runtime.settings import UNITS_MS, Settings, interval_ms
from kingmaker.runtime.settings_load import Sources, load

app = App(name="analytics", help="Windowed statistics of every model version.")

type Files = Annotated[tuple[Path, ...], Parameter(name=("--config", "-c"))]

EMPTY = "no opportunity was decided yet"


def _share(value: float) -> str:
    return f"{value:.1%}"


def _net(value: float) -> str:
    return f"{value:+.4f}"


COLUMNS = (
    Column("SLOT", "slot"),
    Column("MODEL", "model"),
    Column("ROLE", "role"),
    Column("WINDOW", "window"),
    Column("DECIDED", "opportunities", right=True),
    Column("TRADES", "trades", right=True),
    Column("WON", "win_rate", _share, right=True),
    Column("NET", "net", _net, right=True),
    Column("AGAINST", "disagreement", _share, right=True),
    Column("DEPARTS", "departures", right=True),
    Column("P50 US", "latency_us_p50", right=True),
    Column("P99 US", "latency_us_p99", right=True),
)


@app.command
def show(
    *, slot: str = "", window: str = "", config: Files = (), options: Options | None = None
) -> int:
    """Show what every model version did in each window, counted back from the desk's last event.

    :param slot: Only slots whose name contains this.
    :param window: Only this window, as in the settings: 1d.
    :param config: A YAML file; may be given several times, later ones win.
    """
    options = options or Options()
    settings = load(Sources(files=config)).settings
    found = _of_home(settings, options)
    named = [_row(one, settings) for one in found]
    shown = [row for row in named if slot in row["slot"] and window in ("", row["window"])]
    rows(shown, COLUMNS, options.output, EMPTY)
    return 0


def _of_home(settings: Settings, options: Options) -> list[WindowMeasured]:
    from kingmaker.runtime.cli.opening import opened  # noqa: PLC0415 - not for --help
    from kingmaker.runtime.statistics import of_home  # noqa: PLC0415 - as above

    with opened(options.home) as home:
        return of_home(home.log, home.desks, windows_of(settings))


def windows_of(settings: Settings) -> Sequence[int]:
    """Return the lengths of the windows, in milliseconds."""
    return [interval_ms(window) for window in settings.analytics.windows]


def _row(one: WindowMeasured, settings: Settings) -> dict[str, Any]:
    written = {interval_ms(window): window for window in settings.analytics.windows}
    seconds = f"{one.window_ms // UNITS_MS['s']}s"  # another's window, not in these settings
    return {**asdict(one), "window": written.get(one.window_ms, seconds)}
