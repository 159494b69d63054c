"""90 days of five-minute bars, one symbol, nine components and nine challengers, all services.

The challengers decide as the models that ship, in other bytes: so each is asked on its own. The
bars are the bundled ones, one after the other until the days are full.
"""

import csv
import gzip
import json
import time
from collections.abc import Iterator, Sequence
from hashlib import sha256
from importlib.resources import files
from itertools import islice
from pathlib import Path

import onnx

from bench.figures import Figure, Goal
from bench.rounds import processor_seconds, slope
from bench.stage import Bench, Stage
from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import COMPONENTS, slot_of
from kingmaker.contracts.topics import command_topic
from kingmaker.kernel.lane import Draft, Lane
from kingmaker.runtime.history import decided
from kingmaker.runtime.home import Home
from kingmaker.runtime.models.bundle import Bundle
from kingmaker.runtime.models.shipped import shipped
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.scratch import NEVER
from kingmaker.runtime.settings import DeskSettings, Settings

INTERVAL_MS = 300_000
BARS_A_DAY = 288
FIRST = 200  # bars before challengers are offered: then the desk trades
GOAL_S, GOAL_SLOPE = 60.0, 1.1
SYMBOLS = ("BTC", "ETH", "SOL", "XRP")


def measure(bench: Bench) -> Iterator[Figure]:
    """Play the whole, then shares of it by bars, symbols and challengers for the slopes."""
    bars = bench.size.days * BARS_A_DAY
    marks, trials, cpu = _play(bench, "whole", SYMBOLS[:1], bars, len(COMPONENTS))
    yield Figure(
        f"{bench.size.days} days, 1 symbol, nine and nine",
        marks[-1][1],
        "s",
        Goal(GOAL_S),
        (f"{bars:,} bars, {trials} trials open, {cpu:.1f} s of CPU in this process",),
    )
    yield _slope("  its slope in bars", marks)
    part = bars // 4
    symbols = [
        (count, _play(bench, f"symbols-{count}", SYMBOLS[:count], part, len(COMPONENTS))[0][-1][1])
        for count in (1, 2, 4)
    ]
    yield _slope("  its slope in symbols", symbols)
    sides = [
        (1 + count, _play(bench, f"challengers-{count}", SYMBOLS[:1], part, count)[0][-1][1])
        for count in (0, 4, 9)
    ]
    yield _slope("  its slope in challengers, the champion one of them", sides)


def _slope(name: str, points: Sequence[tuple[float, float]]) -> Figure:
    told = ", ".join(f"{x:,g}: {seconds:.1f} s" for x, seconds in points)
    return Figure(name, slope(points), goal=Goal(GOAL_SLOPE), notes=(told,))


def _play(
    bench: Bench, name: str, symbols: Sequence[str], bars: int, challengers: int
) -> tuple[list[tuple[float, float]], int, float]:
    """Return (bars, wall seconds) at a quarter, a half and the end; trials open; CPU seconds."""
    folder = bench.folder / f"ninety-{name}"
    folder.mkdir()
    paths = [written(folder, symbol, bars) for symbol in symbols]
    desk = DeskSettings(name="ninety", files=tuple(paths), interval="5m")
    stage = Stage(Home(folder / "home"), Settings(desks=(desk,), learning=NEVER))
    marks: list[tuple[float, float]] = []
    began, cpu = time.perf_counter(), processor_seconds()
    with stage.kingdom() as kingdom:
        times = stage.times(kingdom)
        for _ in islice(times, FIRST):
            pass
        for component in COMPONENTS[:challengers]:
            kingdom.send(Lane(command_topic("registry")), _offer(stage.home, component))
        for done, _ in enumerate(times, start=FIRST + 1):
            if done in (bars // 4, bars // 2, bars):
                marks.append((done, time.perf_counter() - began))
    used = processor_seconds() - cpu
    with stage.log() as log:
        kind = "kingmaker.promotion.v1.TrialOpened"
        lane = Lane("km.promotion.v1")
        return marks, sum(record.kind == kind for record in decided(log, lane)), used


def _offer(home: Home, component: str) -> Draft:
    """Put a bundle that decides as the shipped one, in other bytes, and offer it."""
    bundle = shipped()[component]
    model = onnx.load_from_string(bundle.model)
    model.doc_string = "bench"
    content = model.SerializeToString(deterministic=True)
    manifest = json.loads(bundle.manifest) | {"sha256": sha256(content).hexdigest()}
    digest = ArtifactStore(home.artifacts).put(
        Bundle(content, bundle.golden, json.dumps(manifest).encode())
    )
    message = message_class("kingmaker.registry.v1", "OfferModel")
    fields = {"slot": slot_of(component, "ninety"), "digest": digest, "origin": "converted"}
    who = {"command_id": f"bench-{component}", "actor": "bench", "reason": "bench"}
    offer = message(size_bytes=len(content), **fields, **who)
    return Draft("kingmaker.registry.v1.OfferModel", offer.SerializeToString(deterministic=True))


def written(folder: Path, symbol: str, bars: int) -> str:
    """Write so many bars of a bundled file, begun again where it ends; return its name."""
    source = files("kingmaker.feed") / "sample" / f"{symbol}USDT_5m_2025_03.csv.gz"
    with gzip.open(str(source), "rt", encoding="utf-8") as file:
        rows = [row[1:] for row in csv.reader(file)][1:]
    lines = [
        f"{1_700_000_100_000 + number * INTERVAL_MS},{','.join(rows[number % len(rows)])}"
        for number in range(bars)
    ]
    path = folder / f"{symbol}.csv"
    path.write_text("\n".join(["ts,open,high,low,close,volume", *lines]) + "\n", encoding="utf-8")
    return f"{path}:{symbol}USDT:5m"
