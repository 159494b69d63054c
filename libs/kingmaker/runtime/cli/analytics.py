"""`kingmaker analytics`: windowed statistics of every model version, on a laptop and on Kafka."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from kingmaker.analytics.domain import WindowMeasured
from kingmaker.contracts.desks import Desk
from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.options import Options
from kingmaker.runtime.cli.output import Column, note, rows
from kingmaker.runtime.endpoint import address_of
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
def run(*, health: str = "127.0.0.1:0", config: Files = ()) -> int:
    """Measure the public topics of the settings' Kafka into km.statistics.v1, until SIGTERM.

    :param health: Where /startupz, /livez and /readyz are answered. Port 0: a free one.
    :param config: A YAML file; may be given several times, later ones win.
    """
    try:
        from kingmaker.runtime.live import windows_worker  # noqa: PLC0415 - an optional library
    except ModuleNotFoundError as error:
        raise CommandError(
            f"{error.name} is not installed. Install it: pip install 'kingmaker[analytics]'"
        ) from error
    from kingmaker.runtime.kafka import configured  # noqa: PLC0415 - an optional library
    from kingmaker.runtime.live.health import Health, HealthServer  # noqa: PLC0415 - not for --help
    from kingmaker.runtime.telemetry.measures import Measures  # noqa: PLC0415 - not for --help
    from kingmaker.runtime.telemetry.page import open_answer  # noqa: PLC0415 - not for --help

    settings = load(Sources(files=config)).settings
    configured.wanted_of(settings)  # says what to do where no desks are set
    desks = [Desk(desk.name, at) for at, desk in enumerate(settings.desks)]
    task = windows_worker.Task(configured.cluster_of(settings), desks, windows_of(settings))
    said, (host, port) = Health(), address_of(health, "--health")
    measures = Measures([desk.name for desk in desks])
    with HealthServer(said, host, port, open_answer(measures)) as server:
        note(f"analytics: starting; health on http://{host}:{server.port}/readyz")
        windows_worker.run(task, said, measures)
    note("analytics: ended")
    return Exit.DONE


@app.command
def show(
    *, slot: str = "", window: str = "", config: Files = (), options: Options | None = None
) -> int:
    """Show what every model version did in each window, counted back from the desk's last event.

    Where the settings name a Kafka and no home is: what `kingmaker analytics run` last said there.

    :param slot: Only slots whose name contains this.
    :param window: Only this window, as in the settings: 1d.
    :param config: A YAML file; may be given several times, later ones win.
    """
    options = options or Options()
    settings = load(Sources(files=config)).settings
    elsewhere = settings.kafka.servers and options.home is None
    found = _of_topic(settings) if elsewhere else _of_home(settings, options)
    named = [_row(one, settings) for one in found]
    shown = [row for row in named if slot in row["slot"] and window in ("", row["window"])]
    rows(shown, COLUMNS, options.output, EMPTY)
    return Exit.DONE


def _of_topic(settings: Settings) -> list[WindowMeasured]:
    from kingmaker.runtime.kafka import configured, statistics  # noqa: PLC0415 - an optional library

    desks = configured.wanted_of(settings).desks
    return statistics.measured_rows(configured.cluster_of(settings), desks)


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
