"""The markets of the results: which files, what a trade costs there, bars as we read them.

The folder is that of KINGMAKER_DATA, else the one beside the tree. Where a file's times are not UTC
or its columns are called otherwise it is written anew, as CSV, into a folder of the run.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow.parquet

from bench.stage import PERPETUALS, data_folder
from kingmaker.runtime.settings import DeskSettings

BROKER = ZoneInfo("Europe/Athens")  # EET/EEST: the clock of the FX files
UTC = ZoneInfo("UTC")
FX_SYMBOLS = ("AUDUSD", "GBPUSD", "USDCHF", "USDJPY", "XAUUSD")
HEADER = "ts,open,high,low,close,volume"

FUNDING = Path("binance_usdm_perp_mit") / "funding_rate_8h"

type Files = Callable[[Path, Path], tuple[str, ...]]  # of the data's folder and a folder of the run
type Rates = list[tuple[int, float]]  # when it was paid, and what a long position paid of itself


@dataclass(frozen=True, slots=True)
class Market:
    """One desk's bars and costs; `files` is empty where the data are not there."""

    name: str
    title: str
    interval: str
    calendar: str
    costs_bp: tuple[float, float, float]  # fee, half spread, slippage: a side
    files: Files
    first_share: float  # of the bars, that are learned from before the first step
    steps: int  # of equally many bars, each traded by what was learned from all before it

    def desk(self, folder: Path) -> DeskSettings | None:
        """Return the desk, its files written into `folder` if need be; None without data."""
        files = self.files(data_folder(), folder)
        if not files:
            return None
        fee, half_spread, slippage = self.costs_bp
        return DeskSettings(
            name=self.name,
            files=files,
            interval=self.interval,
            calendar=self.calendar,  # type: ignore[arg-type] # one of the four: pydantic checks it
            fee_bp=fee,
            half_spread_bp=half_spread,
            slippage_bp=slippage,
        )


def _perpetuals(data: Path, _folder: Path) -> tuple[str, ...]:
    return tuple(f"{path}:{path.stem}:5m" for path in sorted((data / PERPETUALS).glob("*.parquet")))


def funding(symbols: Iterable[str]) -> dict[str, Rates]:
    """Return the funding of perpetuals by symbol; what has no file is not there."""
    paths = {name: data_folder() / FUNDING / f"{name}.parquet" for name in symbols}
    return {name: _rates(path) for name, path in paths.items() if path.exists()}


def _rates(path: Path) -> Rates:
    table = pyarrow.parquet.read_table(path).to_pydict()
    times = [round(time.timestamp()) * 1000 for time in table["ts"]]  # some are a few ms late
    return sorted(zip(times, table["funding_rate"], strict=True))


def _fx(data: Path, folder: Path) -> tuple[str, ...]:
    paths = {symbol: data / "fx_h1_apache" / f"{symbol}_h1.parquet" for symbol in FX_SYMBOLS}
    return tuple(
        f"{_written(path, folder / f'{symbol}.csv', 'tick_volume', BROKER)}:{symbol}:1h"
        for symbol, path in paths.items()
        if path.exists()
    )


def _es(data: Path, folder: Path) -> tuple[str, ...]:
    path = data / "lean_sample_apache" / "ES_m1_trades.parquet"
    return (f"{_written(path, folder / 'ES.csv', 'volume', UTC)}:ES:1m",) if path.exists() else ()


def _written(source: Path, file: Path, volume: str, clock: ZoneInfo) -> Path:
    """Write a Parquet file's bars as CSV, in UTC."""
    table = pyarrow.parquet.read_table(source).to_pydict()
    columns = [table[name] for name in ("ts", "open", "high", "low", "close", volume)]
    file.write_text("\n".join([HEADER, *_rows(columns, clock)]) + "\n", encoding="utf-8")
    return file


def _rows(columns: list[list[object]], clock: ZoneInfo) -> Iterator[str]:
    """Yield rows by growing time; of two with the same time (a clock set back) the first."""
    last = None
    for time, *numbers in sorted(zip(*columns, strict=True), key=lambda row: row[0]):
        moment = time.replace(tzinfo=clock).astimezone(UTC) if _is_naive(time) else time
        if last is not None and moment <= last:
            continue
        last = moment
        yield f"{moment:%Y-%m-%dT%H:%M:%SZ}," + ",".join(map(repr, map(float, numbers)))


def _is_naive(time: datetime) -> bool:
    return time.tzinfo is None


MARKETS = (
    Market(
        name="perps-14",
        title="14 USDT perpetuals, 5 min",
        interval="5m",
        calendar="24x7",
        costs_bp=(5.5, 0.5, 0.5),
        files=_perpetuals,
        first_share=0.4,
        steps=4,
    ),
    Market(
        name="fx-1h",
        title="four currency pairs and gold, 1 h",
        interval="1h",
        calendar="fx",
        costs_bp=(0.2, 0.5, 0.3),
        files=_fx,
        first_share=0.25,
        steps=2,
    ),
    Market(
        name="es-1m",
        title="ES front contract, 1 min",
        interval="1m",
        calendar="cme_futures",
        costs_bp=(0.25, 0.75, 0.5),
        files=_es,
        first_share=0.5,
        steps=2,
    ),
)
