"""What promotion's lane promises to whoever reads it, told by its events alone.

Nothing here repeats a rule of the deciders: it follows what was said, and names what would come of
it if a rule were missing.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from kingmaker.contracts.desks import COMPONENTS, slot_of
from kingmaker.promotion.domain import BOOTSTRAP as BOOTSTRAP_REIGN
from kingmaker.promotion.domain import DESK as WHOLE_DESK
from kingmaker.promotion.domain import PERSON
from kingmaker.promotion.said import (
    CanaryEnded,
    ChampionCrowned,
    ChampionRolledBack,
    Frozen,
    ReignAcknowledged,
    RollbackImpossible,
    Thawed,
)
from kingmaker.trader.state import Reign, digest_of
from tests.services.promotion.story import BOOTSTRAP, DESK, OTHER, SLOT

SLOTS = (SLOT, OTHER)


class Told(NamedTuple):
    """What a reader knows: who reigned in each of `SLOTS`, reign by reign; freezes in force."""

    thrones: tuple[tuple[str, ...], ...] = ((BOOTSTRAP,), (BOOTSTRAP,))
    frozen: tuple[tuple[str, tuple[int, ...]], ...] = ()  # scope, reigns when it was answered
    forsaken: tuple[bool, ...] = (False, False)  # it was said that nobody is left
    watched: tuple[bool, ...] = (False, False)  # the reign began by a coronation; a canary watches

    @property
    def changes(self) -> int:
        """Crowns and rollbacks."""
        return sum(map(len, self.thrones)) - len(self.thrones)

    @property
    def champions(self) -> tuple[str, ...]:
        """Who reigns, as promotion says."""
        return tuple(throne[-1] for throne in self.thrones)


def follow(told: Told, message: Any, said: Iterable[Any]) -> Told:  # noqa: ANN401 - of promotion
    """Return what is known after promotion's answer to `message`; AssertionError: it broke."""
    for event in said:
        match event:
            case ChampionCrowned() if event.how != BOOTSTRAP_REIGN:
                told = _crowned(told, event)
            case ChampionRolledBack():
                told = _rolled_back(told, event, message)
            case Frozen(scope):
                reigns = tuple(map(len, told.thrones))
                told = told._replace(frozen=(*told.frozen, (scope, reigns)))
            case Thawed():
                frozen = tuple(one for one in told.frozen if one[0] != event.scope)
                told = told._replace(frozen=frozen)
            case RollbackImpossible():
                told = told._replace(forsaken=_with(told.forsaken, event.slot, marked=True))
            case CanaryEnded():
                told = told._replace(watched=_with(told.watched, event.slot, marked=False))
            case ReignAcknowledged() if event.slot in SLOTS and not event.canary:
                told = told._replace(watched=_with(told.watched, event.slot, marked=False))
            case _:
                pass
    return told


@cache
def lineup_of(champions: tuple[str, ...]) -> str:
    """Return the trader's digest of a lineup with these champions of `SLOTS`."""
    models = dict.fromkeys([slot_of(name, DESK) for name in COMPONENTS], BOOTSTRAP)
    models.update(zip(SLOTS, champions, strict=True))
    reigns = {s.partition("@")[0]: Reign(m, f"{s} {m}", 1) for s, m in models.items()}
    return digest_of(reigns)


def _crowned(told: Told, event: ChampionCrowned) -> Told:
    place = SLOTS.index(event.slot)
    _check_succession(told.thrones[place], event.expected, event.reign)
    assert event.lineup == lineup_of(told.champions), "evidence of a lineup that was not set"
    told = _enthrone(told, event.slot, event.model, watched=True)
    for scope, reigns in told.frozen:
        if scope in (WHOLE_DESK, event.slot):
            before = told.thrones[place][: reigns[place]]
            assert event.model in before, "a newcomer reigns where a freeze was answered"
    return told


def _rolled_back(told: Told, event: ChampionRolledBack, message: Any) -> Told:  # noqa: ANN401 - of promotion
    place = SLOTS.index(event.slot)
    throne = told.thrones[place]
    _check_succession(throne, event.from_model, event.reign)
    assert event.to_model in throne, "never reigned"
    if event.trigger == PERSON:
        meant = message.expected_champion
        assert meant in ("", event.from_model), "another was taken back than the person meant"
    else:
        guilty = throne[message.reign - 1]
        assert event.from_model == guilty, "taken back for the fault of another"
    return _enthrone(told, event.slot, event.to_model, watched=False)


def _check_succession(throne: tuple[str, ...], before: str, reign: int) -> None:
    assert before == throne[-1], "it follows somebody who does not reign"
    assert reign == len(throne) + 1, "reigns are not numbered one by one"


def _enthrone(told: Told, slot: str, model: str, *, watched: bool) -> Told:
    place = SLOTS.index(slot)
    thrones = list(told.thrones)
    thrones[place] = (*thrones[place], model)
    return told._replace(
        thrones=tuple(thrones),
        forsaken=_with(told.forsaken, slot, marked=False),
        watched=_with(told.watched, slot, marked=watched),
    )


def _with(marks: tuple[bool, ...], slot: str, *, marked: bool) -> tuple[bool, ...]:
    return tuple(marked if name == slot else mark for name, mark in zip(SLOTS, marks, strict=True))
