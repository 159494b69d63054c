"""From a person's word to the record of the crown to ChampionActivated, all of it durable."""

import os
import time
from collections.abc import Iterator

from bench.figures import Figure, Goal
from bench.rounds import quantile
from bench.stage import Bench
from kingmaker.contracts.codec import message_class
from kingmaker.contracts.signing import seal
from kingmaker.contracts.topics import command_topic
from kingmaker.kernel.lane import Draft, Lane
from kingmaker.promotion.domain import State
from kingmaker.runtime import keyring
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.kingdom import Kingdom

MS = 1e3
MINUTE_MS = 60_000
PACKAGE = "kingmaker.promotion.v1"
FSYNCS = 50


def measure(bench: Bench) -> Iterator[Figure]:
    """Crown a challenger by command, then take the crown back and forth."""
    stage = bench.hourly
    with stage.kingdom() as kingdom:
        _require_predecessor(kingdom)
        times = [_seconds_of_rollback(kingdom, number) for number in range(bench.size.crowns)]
    fsync = _seconds_of_fsync(bench)
    yield Figure(
        "crown record to ChampionActivated, p99",
        MS * quantile(times, 0.99),
        "ms",
        Goal(10.0),
        (
            f"p50 {MS * quantile(times, 0.5):.2f} ms; {len(times)} crowns change hands",
            "from the command to both records committed (synchronous = FULL)",
            f"one fsync of 4 KiB in the same folder takes {MS * fsync:.2f} ms",
        ),
    )


def _require_predecessor(kingdom: Kingdom) -> None:
    """Let somebody reign who was not the first, so that there is a champion to go back to."""
    promotion = _promotion(kingdom)
    if _slot_to_roll_back(promotion.host.state):
        return
    trials = promotion.host.state.trials.values()
    trial = next((one for one in trials if one.warmed), None)
    assert trial, "no challenger is on trial yet: play more bars"
    fields = {"slot": trial.slot, "model": trial.challenger.model}
    _command(kingdom, "DirectPromotion", "c-first", fields)
    kingdom.deliver()
    assert _slot_to_roll_back(promotion.host.state), "the challenger was crowned"


def _seconds_of_rollback(kingdom: Kingdom, number: int) -> float:
    promotion, trader = _promotion(kingdom), _engine(kingdom, "trader")
    slot = _slot_to_roll_back(promotion.host.state)
    _command(kingdom, "Rollback", f"c-{number}", {"slot": slot})
    before = trader.host.tip.seq
    began = time.perf_counter()
    kingdom.deliver()
    seconds = time.perf_counter() - began
    assert trader.host.tip.seq > before, "the trader has followed"
    return seconds


def _command(kingdom: Kingdom, name: str, identity: str, fields: dict[str, str]) -> None:
    now_ms = kingdom.now_ms
    message = message_class(PACKAGE, name)(
        command_id=identity,
        actor="bench",
        reason="to measure it",
        issued_at_ms=now_ms,
        not_after_ms=now_ms + MINUTE_MS,
        **fields,
    )
    own = keyring.read_key(keyring.own_file(kingdom.home))
    command = seal(own, Draft(f"{PACKAGE}.{name}", message.SerializeToString()))
    kingdom.send(Lane(command_topic("promotion"), 0), command)


def _slot_to_roll_back(state: State) -> str:
    slots = state.slots.items()
    return next((name for name, slot in slots if slot.predecessor and slot.settled), "")


def _promotion(kingdom: Kingdom) -> Engine:
    return _engine(kingdom, "promotion")


def _engine(kingdom: Kingdom, name: str) -> Engine:
    return next(engine for engine in kingdom.engines if engine.service.name == name)


def _seconds_of_fsync(bench: Bench) -> float:
    """Return what nobody can do without: the median of plain writes made durable."""
    times = []
    with (bench.folder / "fsync").open("wb", buffering=0) as file:
        for _ in range(FSYNCS):
            began = time.perf_counter()
            file.write(bytes(4096))
            os.fsync(file.fileno())
            times.append(time.perf_counter() - began)
    return quantile(times, 0.5)
