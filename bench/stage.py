"""What is measured on: homes in a folder of the bench, played from the bars that are there."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from kingmaker.contracts.desks import Desk
from kingmaker.runtime.assembly import Parts, open_kingdom
from kingmaker.runtime.bars import Bars, open_bars
from kingmaker.runtime.home import Home
from kingmaker.runtime.kingdom import Kingdom
from kingmaker.runtime.settings import DeskSettings, Learning, Settings
from kingmaker.runtime.settings_policy import policy_values
from kingmaker.runtime.sqlite_log import SqliteLog

ROOT = Path(__file__).parents[1]
DATA = "KINGMAKER_DATA"  # a folder of bars; else the one beside the tree
PERPETUALS = Path("binance_usdm_perp_mit") / "5m"
SAMPLED = ("BTC", "ETH", "SOL", "XRP")
HOURLY = DeskSettings(name="btc-1h", files=("sample:BTCUSDT_1h_2017_2024.csv.gz",), interval="1h")
# So that a short play has seen trainings, a trial and several trained models.
EAGER = Learning(min_trades=200, min_new_trades=100, admission_gain_se=0.0, admission_min_acts=1)


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    rounds: int = 7
    hours: int = 10_000  # market times of the hourly sample
    opportunities: int = 400
    beside_a_training: int = 800  # opportunities, half of them without one
    crowns: int = 400
    pairs: int = 100_000
    starts: int = 15
    backtest: int | None = None  # market times; None: all
    days: int = 90  # of five-minute bars
    judged_streams: tuple[int, int] = (5_000, 2_000)
    judged_rows: int = 10_000_000
    kafka_steps: int = 2000
    kafka_batches: int = 400
    kafka_crowns: int = 1000  # that change hands between processes
    kafka_decisions: int = 300  # between processes; about one bar in ten is worth one
    kafka_freezes: int = 100  # with a dead process beside
    restarts: int = 20  # of each service
    trades: int = 10_000  # that a training learns from
    drifting_worlds: int = 200  # that do not
    distilled_worlds: int = 6  # in which hours tell, and as many in which they do not
    distilled_bars: int = 16_000
    searched: tuple[int, int] = (200, 20)  # worlds of noise, and trials in each


TINY = Size(
    rounds=1,
    hours=6000,
    opportunities=3,
    beside_a_training=3,
    crowns=4,
    pairs=400,
    starts=1,
    backtest=120,
    days=4,
    judged_streams=(20, 60),
    judged_rows=2_000,
    kafka_steps=20,
    kafka_batches=20,
    kafka_crowns=0,
    restarts=0,
    trades=500,
    drifting_worlds=1,
    distilled_worlds=1,
    distilled_bars=6_400,
    searched=(1, 2),
)


@dataclass
class Stage:
    """A home, its settings, and its bars."""

    home: Home
    settings: Settings
    desks: tuple[Desk, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Give every desk its number."""
        self.desks = tuple(Desk(one.name, index) for index, one in enumerate(self.settings.desks))

    @cached_property
    def bars(self) -> Bars:
        """All bars, read and checked."""
        return open_bars(self.settings)

    def policy(self, service: str) -> Mapping[str, str]:
        """Return what `ApplyPolicy` brings to a service of the first desk."""
        return policy_values(self.settings, service, self.desks[0].name)

    @contextmanager
    def kingdom(self) -> Iterator[Kingdom]:
        """Yield the kingdom, its settings handed out; alerts go nowhere."""
        parts = Parts(
            desks=self.desks,
            policy_of=lambda service, desk: policy_values(
                self.settings, service, desk.name if desk else None
            ),
            begins_ms=self.bars.first_open_ms,
            channels={},
        )
        with open_kingdom(self.home, parts) as kingdom:
            kingdom.begin(parts.begins_ms)
            yield kingdom

    def times(self, kingdom: Kingdom, count: int | None = None) -> Iterator[int]:
        """Play on from where the home stands; yield each market time, at most `count`."""
        starts = [position + 1 for position in kingdom.positions()]
        rows: Any = self.bars.rows(starts)  # the feed's rows are rows
        return islice(kingdom.play(rows), count)

    @contextmanager
    def log(self) -> Iterator[SqliteLog]:
        """Yield the log, to be read."""
        log = SqliteLog(self.home.log, self.home.incarnation(), read_only=True)
        try:
            yield log
        finally:
            log.close()


@dataclass
class Bench:
    """A folder for everything, and how much is to be measured."""

    folder: Path
    size: Size = field(default_factory=Size)

    @cached_property
    def hourly(self) -> Stage:
        """The hourly sample, played so far that models are trained and one is on trial."""
        settings = Settings(desks=(HOURLY,), learning=EAGER)
        stage = Stage(Home(self.folder / "hourly"), settings)
        with stage.kingdom() as kingdom:
            for _ in stage.times(kingdom, self.size.hours):
                pass
        return stage


def five_minute_desk() -> tuple[DeskSettings, str]:
    """Return the 14 perpetuals as one desk, or the bundled sample where they are absent; and which.

    A taker pays on both legs: 5.5 bp of fee, half a basis point of spread and of slippage a side.
    """
    found = _perpetuals()
    if found:
        name, what = "perps-14", f"{len(found)} symbols, 5 m"
        files = tuple(f"{path}:{path.stem}:5m" for path in found)
    else:
        name, what = "perps-5m", f"the sample ({PERPETUALS} is absent: say {DATA})"
        files = tuple(f"sample:{symbol}USDT_5m_2025_03.csv.gz" for symbol in SAMPLED)
    desk = DeskSettings(
        name=name, files=files, interval="5m", fee_bp=5.5, half_spread_bp=0.5, slippage_bp=0.5
    )
    return desk, what


def data_folder() -> Path:
    """Return the folder of bars that a person named, else the one beside the tree."""
    named = os.environ.get(DATA)
    return Path(named) if named else ROOT.parent / "shared" / "data"


def _perpetuals() -> Sequence[Path]:
    return sorted((data_folder() / PERPETUALS).glob("*.parquet"))
