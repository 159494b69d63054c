"""Where schedules begin: with nothing, before a crown is earned, or before one is taken back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from tests import people
from tests.simulation import models
from tests.simulation.market import BAR_MS
from tests.simulation.world import (
    POLICY,
    START_MS,
    Happening,
    World,
    bars_of,
    message,
    said,
    settings_and_models,
)

SLOT = "online_learning@one"
OFFER_BAR, CROWN_BAR = 95, 105
OFFERED = "v1.1.0-cloud"
HOUR_MS = 3_600_000


@dataclass(frozen=True)
class Place:
    """What was offered early, who was crowned by hand, and which bars a schedule lives through."""

    offered: str
    bars: range
    by_hand: bool = False
    policy: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # besides POLICY


PLACES: dict[str, Place] = {
    "birth": Place("trained", range(8)),
    # A challenger proves itself at bar 452: it is crowned by itself, or a person is asked.
    "throne": Place("trained", range(451, 464)),
    "asked": Place("trained", range(451, 464), policy={"promotion": {"promotion.auto": "0"}}),
    # A champion that was crowned by hand is worse: at bar 305 its canary takes the crown back.
    "reign": Place(
        "worse",
        range(301, 314),
        by_hand=True,
        policy={
            "trader": {"exits.max_holding": "2"},
            "promotion": {"promotion.budget.mode": "e_lond"},
        },
    ),
}


def time_of(bar: int) -> int:
    """Return when a bar is known."""
    return START_MS + (bar + 1) * BAR_MS


def policy_at(place: str) -> dict[str, Mapping[str, str]]:
    """Return the settings of every service."""
    more = PLACES[place].policy
    return {name: {**values, **more.get(name, {})} for name, values in POLICY.items()}


@cache
def bare_world(place: str = "throne") -> World:
    """Return bars, settings, shipped models and one offer; no commands of the schedule yet."""
    here, policy = PLACES[place], policy_at(place)
    world = World(settings_and_models(policy, time_of(0)), policy)
    world = world.with_happenings(bars_of(1, max(here.bars[-1], PLACES["throne"].bars[-1]) + 1))
    world = world.with_happenings({time_of(OFFER_BAR): [_offer(here.offered)]})
    return world.with_happenings({time_of(CROWN_BAR): [_crown()]}) if here.by_hand else world


def _offer(kind: str) -> Happening:
    time_ms = time_of(OFFER_BAR)
    offer = message(
        "kingmaker.registry.v1.OfferModel",
        command_id="o-0",
        slot=SLOT,
        digest=models.digest_of("online_learning", kind),
        size_bytes=10,
        origin="cloud",
        actor="ada",
        reason="it reads the volume",
        time_ms=time_ms,
    )
    return said("registry", 0, 0, time_ms, offer)


def _crown() -> Happening:
    time_ms = time_of(CROWN_BAR)
    order = message(
        "kingmaker.promotion.v1.DirectPromotion",
        command_id="d-0",
        slot=SLOT,
        model=OFFERED,
        actor="ada",
        reason="a mistake",
        issued_at_ms=time_ms,
        not_after_ms=time_ms + HOUR_MS,
    )
    return said("promotion", 0, 0, time_ms, people.signed(order))
