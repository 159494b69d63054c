"""Plays with a challenger that a person offers at the start, and what the champion did then."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import slot_of
from kingmaker.contracts.signing import seal
from kingmaker.contracts.topics import command_topic
from kingmaker.kernel.lane import Draft, Lane
from kingmaker.runtime import keyring
from kingmaker.runtime.assembly import Parts, open_kingdom
from kingmaker.runtime.kingdom import Kingdom
from kingmaker.runtime.models.bundle import Bundle
from kingmaker.runtime.models.patience import SCHEDULED, Patience
from kingmaker.runtime.models.runner import ModelRunner
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.settings_policy import policy_values
from tests.hostile.forge import digest_of
from tests.scenarios.playing import Stage

OFFER = "OfferModel"
REGISTRY = "kingmaker.registry.v1"
PROMOTION = "kingmaker.promotion.v1"
MINUTE_MS = 60_000
# What a desk's account and its champion's simulated twin do; challengers stand in other fields.
OF_THE_CHAMPION = (
    *("OpportunityDecided", "OpportunityMissed", "OpportunityResolved"),
    *("PositionOpened", "PositionClosed", "ChampionActivated", "ChampionLost"),
)

type Meanwhile = Callable[[ModelRunner], AbstractContextManager[object]]


def alone(_runner: ModelRunner) -> AbstractContextManager[object]:
    """Do nothing while time runs."""
    return nullcontext()


@dataclass(frozen=True, slots=True)
class Challenge:
    """A bundle, and the component whose champion it challenges."""

    bundle: Bundle
    component: str
    number: int = 1  # of the offer

    @property
    def digest(self) -> str:
        return digest_of(self.bundle)

    def offer_to(self, desk: str, time_ms: int) -> Draft:
        """Return the command that offers it, as a person sends it."""
        slot = slot_of(self.component, desk)
        return offer_of(slot, self.digest, len(self.bundle.model), time_ms, self.number)


def offer_of(slot: str, digest: str, size_bytes: int, time_ms: int, number: int = 1) -> Draft:
    """Return the command that offers a bundle of the home to a slot."""
    message = message_class(REGISTRY, OFFER)(
        command_id=f"offer-{number}",
        slot=slot,
        digest=digest,
        size_bytes=size_bytes,
        origin="converted",
        actor="ada",
        reason="to see what comes of it",
        time_ms=time_ms,
    )
    return Draft(f"{REGISTRY}.{OFFER}", message.SerializeToString(deterministic=True))


def play(
    stage: Stage,
    times: int,
    challenge: Challenge | None = None,
    patience: Patience = SCHEDULED,
    meanwhile: Meanwhile = alone,
) -> None:
    """Play on for `times` market times; with a challenge, offer it first."""
    with kingdom_of(stage, patience) as kingdom:
        if challenge:
            ArtifactStore(stage.home.artifacts).put(challenge.bundle)
            offer = challenge.offer_to(stage.desks[0].name, kingdom.now_ms)
            kingdom.send(Lane("km.registry.commands.v1", 0), offer)
            kingdom.deliver()
        starts = [position + 1 for position in kingdom.positions()]
        with meanwhile(runner_of(kingdom)):
            for _ in islice(kingdom.play(stage._bars().rows(starts)), times):
                pass


def crown(kingdom: Kingdom, component: str) -> None:
    """Have a person crown the challenger of a component, without evidence."""
    [promotion] = [engine for engine in kingdom.engines if engine.service.name == "promotion"]
    trials = promotion.host.state.trials.values()
    [trial] = [one for one in trials if one.slot.startswith(component)]
    order = message_class(PROMOTION, "DirectPromotion")(
        command_id=f"crown-{component}",
        actor="ada",
        reason="to see what it sees",
        issued_at_ms=kingdom.now_ms,
        not_after_ms=kingdom.now_ms + MINUTE_MS,
        slot=trial.slot,
        model=trial.challenger.model,
    )
    own = keyring.read_key(keyring.own_file(kingdom.home))
    draft = Draft(f"{PROMOTION}.DirectPromotion", order.SerializeToString())
    kingdom.send(Lane(command_topic("promotion"), 0), seal(own, draft))
    kingdom.deliver()


@contextmanager
def kingdom_of(stage: Stage, patience: Patience) -> Iterator[Kingdom]:
    """Yield the kingdom of a home whose models may take that long."""
    parts = parts_of(stage, patience)
    with open_kingdom(stage.home, parts) as kingdom:
        kingdom.begin(parts.begins_ms)
        yield kingdom


def parts_of(stage: Stage, patience: Patience = SCHEDULED) -> Parts:
    """Return what the kingdom of a home is made of."""
    return Parts(
        desks=stage.desks,
        policy_of=lambda service, desk: policy_values(
            stage.settings, service, desk.name if desk else None, live=patience.measured
        ),
        begins_ms=stage._bars().first_open_ms,
        patience=patience,
        channels={},
    )


def runner_of(kingdom: Kingdom) -> ModelRunner:
    """Return who answers for the models of a kingdom."""
    return cast("ModelRunner", cast("Any", kingdom.answer).__self__)


def deeds_of_the_champion(stage: Stage) -> list[bytes]:
    """Return every bit of what the champion decided and the account did, in order."""
    deeds = []
    for event in stage.events("trader", 0, *OF_THE_CHAMPION):
        name = event.DESCRIPTOR.name
        if name == "OpportunityDecided":
            del event.decisions[1:], event.same[:]
        elif name == "OpportunityResolved":
            del event.outcomes[1:], event.same[:]
        deeds.append(name.encode() + event.SerializeToString(deterministic=True))
    return deeds
