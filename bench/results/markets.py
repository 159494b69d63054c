"""The markets of the results: which files, what a trade costs there, bars as we read them.

The folder is that of KINGMAKER_DATA, else the one beside the tree. Where a file's times are not UTC
or its columns are called otherwise it is written anew, as CSV, into a folder of the run.
"""

from collections.abc import Callable, Iterator
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
BARS_MAX = 18_600  # the last ones of a file that is written anew: three years of hours
HEADER = "ts,open,high,low,close,volume"

type Files = Callable[[Path, Path], tuple[str, ...]]  # of the data's folder and a folder of the run


@dataclass(frozen=True, slots=True)
class Market:
    """One desk's bars and costs; `files` is empty where the data are not there."""

    name: str
    title: str
    interval: str
    calendar: str
    costs_bp: tuple[float, float, float]  # fee, half spread, slippage: a side
    files: Files

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
    """Write the last bars of a Parquet file as CSV, in UTC."""
    table = pyarrow.parquet.read_table(source).to_pydict()
    columns = [table[name][-BARS_MAX:] for name in ("ts", "open", "high", "low", "close", volume)]
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
    Market("perps-14", "14 USDT perpetuals, 5 min", "5m", "24x7", (5.5, 0.5, 0.5), _perpetuals),
    Market(
        "fx-1h",
        "four currency pairs and gold, 1 h, their last three years",
        "1h",
        "fx",
        (0.2, 0.5, 0.3),
        _fx,
    ),
    Market("es-1m", "ES front contract, 1 min", "1m", "cme_futures", (0.25, 0.75, 0.5), _es),
)
