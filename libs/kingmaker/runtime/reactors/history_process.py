"""The process of one run over past bars: python -m kingmaker.runtime.reactors.history_process.

It plays the desk's latest bars by the same pipeline on a scratch log, with the models that ship:
those have seen none of these bars, a champion of today may have learned from all of them. Then each
component learns from what came of it. One line of JSON in, lines of JSON out: {"progress": words},
at the end the fields of HistoryLearned or of HistoryBroke.
"""

import hashlib
import json
import shutil
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Self, cast

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import Desk
from kingmaker.kernel.lane import Draft
from kingmaker.market.features import BARS
from kingmaker.runtime import scratch
from kingmaker.runtime.reactors import training_process
from kingmaker.runtime.reactors.training_process import (
    ALL,
    Product,
    Request,
    keep,
    latest,
    read_bars,
)

DAY_MS = 86_400_000
FOLDER = "scratch"  # beside the log
BAR_READ = "kingmaker.feed.v1.BarRead"
SETTINGS_OF = ("feed", "trader")  # whose settings shape what is simulated
NOTHING_LEARNED = {"learning.components": ""}

type Tell = Callable[[str], None]
# As `learners.walk_forward.learn` is: component, sources, seed, parameters, tell, base_until_ms.
type Learn = Callable[[str, Any, int, Mapping[str, float], Callable[[Any], None], int], Product]


@dataclass(frozen=True, slots=True)
class Asked:
    """A `HistoricalRunStarted`, and where its desk's records are."""

    log: str
    artifacts: str
    lane: int
    run: str
    desk: str
    days: int
    until_ms: int
    base_from_ms: int
    base_until_ms: int
    known: str
    taught: dict[str, int]
    seeds: dict[str, int]
    parameters: dict[str, float]
    time_ms: int
    compiled: str = ""  # the folder of compiled programs; "": nothing is kept

    @classmethod
    def of(cls, line: str) -> Self:
        """Read what `historical.Asked` was written as."""
        fields = json.loads(line)
        return cls(**fields.pop("started"), **fields)


@dataclass(frozen=True, slots=True)
class Row:
    """One bar as a kingdom plays it."""

    close_ms: int
    desk: int
    number: int
    bar: Draft


def main() -> None:
    """Wait for one request and answer it."""
    training_process.stand_back(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    training_process.confine()
    learn = _find_learning()
    line = sys.stdin.readline()
    if not line:
        return
    threading.Thread(target=training_process.leave_with_parent, daemon=True).start()
    asked, say = Asked.of(line), training_process.say
    with training_process.programs(asked.compiled):
        say(answer(asked, learn, lambda words: say({"progress": words})))


def answer(asked: Asked, learn: Learn, tell: Tell) -> dict[str, object]:
    """Play, learn, keep the bundles, and return the fields of the fact."""
    bars = _bars_of(asked)
    settings = {service: _settings(asked, service) for service in SETTINGS_OF}
    if not bars:
        reason = f"{asked.desk} has no bar before {asked.until_ms}: nothing to learn from"
        return {"sources_digest": "", "reason": reason}
    counted = {
        "bars": len(bars),
        "bars_from_ms": bars[0].open_ms,
        "bars_until_ms": _close_ms(bars[-1]),
        "sources_digest": _digest(asked, bars, settings),
    }
    if counted["sources_digest"] == asked.known:
        tell(f"{asked.desk}: the same {len(bars)} bars as before, nothing to learn")
        return counted
    least = min(_by_symbol(bars).values())
    if least <= BARS:
        return counted | {"reason": f"{least} bars of a symbol, over {BARS} are needed"}
    with _folder(asked) as folder:
        sources = _played(folder, asked, bars, settings, tell)
        trades = sources.trades()
        tell(f"{asked.desk}: {len(bars)} bars gave {len(trades)} closed trades")
        lessons = [_learn(asked, name, sources, learn, tell) for name in sorted(asked.taught)]
        return counted | {
            "trades": len(trades),
            "lessons": [_counted(asked, one, bars, trades) for one in lessons],
        }


def _find_learning() -> Learn:
    [entry] = entry_points(group="kingmaker.training", name="train")
    module = import_module(f"{entry.module.rpartition('.')[0]}.walk_forward")
    return cast("Learn", module.learn)


def _bars_of(asked: Asked) -> list[Any]:
    """Return the bars of the run, in order of time: so many days back from the last one."""
    bars = read_bars(_request(asked, asked.log, asked.lane))
    bars.sort(key=_close_ms)  # a stable order: that of the lane where several close at once
    if not bars:
        return bars
    from_ms = asked.base_from_ms or _close_ms(bars[-1]) - asked.days * DAY_MS
    return [bar for bar in bars if bar.open_ms >= from_ms]


def _settings(asked: Asked, service: str) -> dict[str, str]:
    """Return the settings in force when the run began, as the service recorded them."""
    request = _request(asked, asked.log, asked.lane)
    said = latest(request, service, "kingmaker.policy.v1", "PolicyApplied", asked.time_ms)
    return dict(said.values) if said else {}


def _played(
    folder: Path,
    asked: Asked,
    bars: Sequence[Any],
    settings: Mapping[str, Mapping[str, str]],
    tell: Tell,
) -> scratch.Sources:
    def policy_of(service: str, _desk: Desk | None) -> Mapping[str, str]:
        return NOTHING_LEARNED if service == "learners" else settings.get(service, {})

    def told(done: int) -> None:
        if done % 5_000 == 0:
            tell(f"{asked.desk}: played {done} market times")

    play = scratch.Play((Desk(asked.desk, 0),), policy_of, _rows(bars), bars[0].open_ms)
    [sources] = scratch.play_in(folder, play, told)
    return sources


def _rows(bars: Sequence[Any]) -> Iterator[Row]:
    read = message_class("kingmaker.feed.v1", "BarRead")
    names = ("symbol", "interval_ms", "open_ms", "open", "high", "low", "close", "volume")
    for number, bar in enumerate(bars):
        message = read(**{name: getattr(bar, name) for name in names})
        value = message.SerializeToString(deterministic=True)
        yield Row(_close_ms(bar), 0, number, Draft(BAR_READ, value))


def _learn(
    asked: Asked, component: str, sources: scratch.Sources, learn: Learn, tell: Tell
) -> dict[str, Any]:
    """Return the lesson of one component; what it cannot learn from stops no other one."""
    prefix = f"{component}."
    parameters = {
        key.removeprefix(prefix): value
        for key, value in asked.parameters.items()
        if key.startswith(prefix)
    }

    def told(said: object) -> None:  # points of a loss curve are left out
        if isinstance(said, str):
            tell(said)

    try:
        product = learn(
            component, sources, asked.seeds[component], parameters, told, asked.base_until_ms
        )
    except ValueError as error:  # of the data: the same bars would fail again
        return {"component": component, "reason": str(error)}
    digest = keep(product, Path(asked.artifacts))
    tell(f"{component}: {digest[:12]}")
    return {
        "component": component,
        "digest": digest,
        "size_bytes": len(product.model),
        "dataset_digest": product.dataset_digest,
        "data_from_ms": product.data_from_ms,
        "metrics": dict(product.metrics),
    }


def _counted(
    asked: Asked, lesson: dict[str, Any], bars: Sequence[Any], trades: Sequence[Any]
) -> dict[str, Any]:
    """Add how much of it is new to the component."""
    after_ms = asked.taught[lesson["component"]]
    return lesson | {
        "new_bars": sum(_close_ms(bar) > after_ms for bar in bars),
        "new_trades": sum(trade.time_ms > after_ms for trade in trades),
        "trades": len(trades),
    }


def _digest(asked: Asked, bars: Sequence[Any], settings: Mapping[str, Mapping[str, str]]) -> str:
    """Return SHA-256 over all that a run's products follow from, but the release."""
    digest = hashlib.sha256()
    work = {
        "settings": settings,
        "seeds": asked.seeds,
        "parameters": {key: value.hex() for key, value in asked.parameters.items()},
        "base": asked.base_until_ms,
    }
    digest.update(json.dumps(work, sort_keys=True).encode())
    for bar in bars:
        digest.update(bar.SerializeToString(deterministic=True))
    return digest.hexdigest()


@contextmanager
def _folder(asked: Asked) -> Iterator[Path]:
    """Yield a folder beside the log that is gone at the end; what a killed run left goes first."""
    folder = Path(asked.log).parent / FOLDER / asked.run
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _by_symbol(bars: Sequence[Any]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for bar in bars:
        counts[bar.symbol] = counts.get(bar.symbol, 0) + 1
    return counts


def _close_ms(bar: Any) -> int:  # noqa: ANN401 - a BarClosed
    return int(bar.open_ms + bar.interval_ms)


def _request(asked: Asked, log: str, lane: int) -> Request:
    return Request(log, asked.artifacts, lane, "", ALL, asked.until_ms, 0, {})


if __name__ == "__main__":
    main()
