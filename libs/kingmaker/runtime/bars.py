"""The bars to be played, from the sources of the feed: found by name, as services are."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol

from kingmaker.market.hours import closed_on
from kingmaker.runtime.kingdom import Row
from kingmaker.runtime.settings import DeskSettings, Settings
from kingmaker.runtime.settings_policy import holidays_of
from kingmaker.runtime.settings_sources import SettingsError

# Real bars that the product carries; PROVENANCE.md beside them says where they come from.
DEMO = (
    DeskSettings(name="btc-1h", files=("sample:BTCUSDT_1h_2017_2024.csv.gz",), interval="1h"),
    DeskSettings(
        name="perps-5m",
        files=tuple(
            f"sample:{symbol}USDT_5m_2025_03.csv.gz" for symbol in ("BTC", "ETH", "SOL", "XRP")
        ),
        interval="5m",
    ),
    DeskSettings(
        name="eurusd-1h",
        files=("sample:EURUSD_1h_2017.csv.gz",),
        interval="1h",
        calendar="fx",
        fee_bp=0.2,
        half_spread_bp=0.5,
        slippage_bp=0.3,
        min_trades=400,  # a year holds no 1,000: docs/decisions/0005
    ),
)


class Bars(Protocol):
    """All bars of all desks, checked, in market-time order."""

    @property
    def first_open_ms(self) -> int:
        """When the play begins."""
        ...

    @property
    def last_close_ms(self) -> int:
        """When it is over."""
        ...

    def rows(self, start: Sequence[int] | None = None) -> Iterator[Row]:
        """Yield rows, each desk from its place in `start`."""
        ...

    def bars(self, desk: int | None = None) -> int:
        """Count the bars, of one desk or of all."""
        ...

    def symbols(self, desk: int) -> list[tuple[str, list[int]]]:
        """Return what a desk trades: each symbol with the opens of its bars."""
        ...

    def gaps(self) -> list[str]:
        """List all gaps, each with file, length and place."""
        ...


def open_bars(settings: Settings, *, strict: bool = False) -> Bars:
    """Read and check the files of every desk before anything is recorded.

    Raises ValueError (of the feed) with file, line, fault and remedy; SettingsError where a desk is
    not what its files are.
    """
    sources = _sources()
    desks = []
    for desk in settings.desks:
        files = tuple(_locate(sources, desk, text) for text in desk.files)
        _check(desk, files)
        calendar = closed_on(
            desk.calendar or settings.market.calendar, ",".join(holidays_of(settings, desk))
        )
        desks.append(sources.DeskFiles(desk.name, calendar, files))
    bars: Bars = sources.open_play(desks, strict=strict)
    return bars


def desks_of_files(texts: Sequence[str]) -> tuple[DeskSettings, ...]:
    """Return the desks for files named on the command line: one for each interval."""
    sources = _sources()
    by_interval: dict[str, list[tuple[str, str]]] = {}
    for text in texts:
        try:
            file = sources.locate(text)
        except ValueError as error:
            raise SettingsError(f"--data: {error}") from None
        path = text if text.startswith("sample:") else _absolute(file)
        by_interval.setdefault(file.interval, []).append((path, file.symbol))
    return tuple(
        DeskSettings(
            name=f"data-{interval}",
            files=tuple(path for path, _ in found),
            symbols=tuple(symbol for _, symbol in found),
            interval=interval,
        )
        for interval, found in by_interval.items()
    )


def _absolute(file: Any) -> str:  # noqa: ANN401 - a BarFile of the feed
    return f"{Path(file.path).absolute()}:{file.symbol}:{file.interval}"


def _locate(sources: Any, desk: DeskSettings, text: str) -> Any:  # noqa: ANN401 - the feed's module, and its file
    try:
        return sources.locate(text)
    except ValueError as error:
        raise SettingsError(f"desk {desk.name}: {error}") from None


def _check(desk: DeskSettings, files: Sequence[Any]) -> None:
    symbols = tuple(file.symbol for file in files)
    if desk.symbols and set(desk.symbols) != set(symbols):
        raise SettingsError(
            f"desk {desk.name}: its symbols are {', '.join(desk.symbols)}, its files hold"
            f" {', '.join(symbols)}. Correct one of them."
        )
    for file in files:
        if file.interval != desk.interval:
            raise SettingsError(
                f"desk {desk.name}: its interval is {desk.interval}, {file.path} has"
                f" {file.interval}. Correct one of them."
            )


def _sources() -> Any:  # noqa: ANN401 - the feed's module: neither side imports the other
    [entry] = entry_points(group="kingmaker.services", name="feed")
    return import_module(f"{entry.module.rpartition('.')[0]}.sources")
