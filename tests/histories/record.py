"""Records the golden histories of this release: python -m tests.histories.record.

All real services live through a made-up world; what they wrote is kept, with the hash of the state
that every lane leads to. Every later release must reach the same states from the same events.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kingmaker.kernel.lane import Draft
from kingmaker.runtime.engine import AnyService
from kingmaker.runtime.export_file import Manifest, write
from kingmaker.runtime.history import accepted
from kingmaker.runtime.memory_log import MemoryLog
from kingmaker.runtime.release import RELEASE
from tests import people
from tests.histories.fold import FOLDER, SUFFIX, state_of
from tests.simulation import models
from tests.simulation.market import BAR_MS
from tests.simulation.world import (
    DESKS,
    POLICY,
    START_MS,
    Happening,
    Life,
    World,
    bars_of,
    message,
    said,
    services,
    settings_and_models,
)

SLOT, DESK = "online_learning@one", "desk"
PROMOTION = "kingmaker.promotion.v1"


@dataclass(frozen=True, slots=True)
class Order:
    """A command, its fields, and who signs it."""

    name: str
    fields: Mapping[str, Any]
    signer: str = "ada"  # of tests/people.py; "" for nobody


@dataclass(frozen=True, slots=True)
class Story:
    """What people do in a history, by bar, and what is kept of it."""

    commands: Mapping[int, Sequence[Order]]
    bars: int
    offers: Sequence[tuple[int, str]] = ((95, "trained"),)  # bar, and kind of model
    kept: Sequence[str] = ()  # services whose lanes of the first desk are enough; none: all lanes


# What they must contain is asserted by the test of the histories.
STORIES: Mapping[str, Story] = {
    "crowned_and_taken_back": Story(
        commands={
            457: [Order("Freeze", {"scope": DESK})],
            459: [
                Order("Rollback", {"slot": SLOT, "expected_champion": "v9.9.9-nobody"}),
                Order("Rollback", {"slot": SLOT}, signer="eve"),
                Order("Rollback", {"slot": SLOT}, signer="vic"),
                Order("Rollback", {"slot": SLOT}, signer=""),
            ],
            461: [Order("Rollback", {"slot": SLOT})],
            463: [Order("Thaw", {"scope": DESK}), Order("Thaw", {"scope": SLOT})],
            465: [Order("Rollback", {"slot": SLOT})],
        },
        bars=466,
        kept=("promotion", "shadow"),
    ),
    "every_service": Story(
        commands={20: [Order("DirectPromotion", {"slot": SLOT, "model": "v1.1.0-cloud"})]},
        bars=96,
        offers=((3, "trained"),),
    ),
}


def main() -> None:
    """Write every story, and say how large it is."""
    folder = FOLDER / RELEASE
    folder.mkdir(exist_ok=True)
    for name, story in STORIES.items():
        log = lived(story)
        kept = [one for one in services() if _keeps(story, one)]
        lanes = {one.lane: list(accepted(log, one.lane)) for one in kept}
        states = {str(one.lane): state_of(one, log) for one in kept}
        manifest = Manifest(RELEASE, log.incarnation, tuple(d.name for d in DESKS), name, states)
        size = write(folder / f"{name}{SUFFIX}", manifest, lanes, {})
        records = sum(map(len, lanes.values()))
        sys.stdout.write(f"{name}: {records:,} records, {size:,} bytes\n")


def lived(story: Story, more: Mapping[int, Sequence[Happening]] | None = None) -> MemoryLog:
    """Return the log of a world in which a story happened, and more, and nobody died."""
    log = MemoryLog(incarnation="golden")
    life = Life(log, world_of(story).with_happenings(more or {}))
    life.to_the_end(time_of(story.bars))
    for engine in life.engines:
        engine.host.flush()
        engine.stage()
    return log


def world_of(story: Story) -> World:
    """Return a world in which a story happens."""
    world = World(settings_and_models(POLICY, time_of(0)))
    return world.with_happenings(bars_of(1, story.bars + 1)).with_happenings(_commands(story))


def _keeps(story: Story, service: AnyService) -> bool:
    return not story.kept or (service.name in story.kept and service.index == 0)


def time_of(bar: int) -> int:
    """Return when a bar is known."""
    return START_MS + (bar + 1) * BAR_MS


def _commands(story: Story) -> dict[int, list[Happening]]:
    found: dict[int, list[Happening]] = {}
    for number, (bar, kind) in enumerate(story.offers):
        time_ms = time_of(bar)
        offer = said("registry", 0, number, time_ms, _offer(number, kind, time_ms))
        found.setdefault(time_ms, []).append(offer)
    orders = [(bar, order) for bar, here in story.commands.items() for order in here]
    for number, (bar, order) in enumerate(orders):
        time_ms = time_of(bar)
        sent = said("promotion", 0, number, time_ms, _sent(order, number, time_ms))
        found.setdefault(time_ms, []).append(sent)
    return found


def _sent(order: Order, number: int, time_ms: int) -> Draft:
    draft = message(
        f"{PROMOTION}.{order.name}",
        command_id=f"c-{number}",
        actor=order.signer or "nobody",
        reason="a golden history",
        issued_at_ms=time_ms,
        not_after_ms=time_ms + BAR_MS,
        **order.fields,
    )
    return people.signed(draft, people.key_of(order.signer)) if order.signer else draft


def _offer(number: int, kind: str, time_ms: int) -> Draft:
    return message(
        "kingmaker.registry.v1.OfferModel",
        command_id=f"o-{number}",
        slot=SLOT,
        digest=models.digest_of("online_learning", kind),
        size_bytes=10,
        origin="cloud",
        actor="ada",
        reason="it reads the volume",
        time_ms=time_ms,
    )


if __name__ == "__main__":
    main()
