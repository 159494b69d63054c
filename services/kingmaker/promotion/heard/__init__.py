"""What promotion hears: from the registry, its desk's trader and shadow, people and the runtime."""

from kingmaker.promotion.heard.people import (
    ApplyPolicy,
    Approve,
    Command,
    DirectPromotion,
    Freeze,
    Rollback,
    Thaw,
)
from kingmaker.promotion.heard.services import (
    ActivationFailed,
    ChallengerDropped,
    ChallengerFaulted,
    ChallengerWarmed,
    ChampionActivated,
    ChampionLost,
    EvidenceMeasured,
    FromTrader,
    ModelRegistered,
    PositionClosed,
    PositionOpened,
    TrialUnmeasurable,
)

__all__ = [
    "ActivationFailed",
    "ApplyPolicy",
    "Approve",
    "ChallengerDropped",
    "ChallengerFaulted",
    "ChallengerWarmed",
    "ChampionActivated",
    "ChampionLost",
    "Command",
    "DirectPromotion",
    "EvidenceMeasured",
    "Freeze",
    "FromTrader",
    "ModelRegistered",
    "PositionClosed",
    "PositionOpened",
    "Rollback",
    "Thaw",
    "TrialUnmeasurable",
]
