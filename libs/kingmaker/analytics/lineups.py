"""Which model version decided: of a lineup, and of a branch beside the champion's."""

from collections.abc import Mapping
from dataclasses import dataclass

from kingmaker.analytics.domain import ChallengerWarmed, ChampionActivated, Role
from kingmaker.contracts.desks import is_twin


@dataclass(frozen=True, slots=True)
class Player:
    """A model version in its slot, in one of its roles."""

    slot: str
    model: str
    role: Role


@dataclass(frozen=True, slots=True)
class Lineups:
    """Who played: the champions of a lineup, and the one model that a branch exchanges."""

    champions: Mapping[str, tuple[Player, ...]]
    branches: Mapping[str, Player]


def lineups(
    activated: Mapping[int, ChampionActivated], warmed: Mapping[int, ChallengerWarmed]
) -> Lineups:
    """Return what the activations and trials of a desk say, in the order of their numbers.

    The nine of a bootstrap bear the digest that all of them make: the last one completes it.
    """
    reigning: dict[str, str] = {}
    champions: dict[str, tuple[Player, ...]] = {}
    branches: dict[str, Player] = {}
    for _, event in sorted(activated.items()):
        if event.canary:
            before = reigning.get(event.slot, "")
            branches[event.canary] = Player(event.slot, before, "dethroned")
        reigning[event.slot] = event.model
        champions[event.lineup] = tuple(
            Player(slot, model, "champion") for slot, model in sorted(reigning.items())
        )
    for trial in warmed.values():
        role: Role = "twin" if is_twin(trial.trial) else "challenger"
        branches[trial.trial] = Player(trial.slot, trial.model, role)
    return Lineups(champions, branches)
