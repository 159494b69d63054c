"""What promotion says. Every event holds all that its state needs to learn it."""

from kingmaker.evidence.tally import Tally
from kingmaker.governance.keys import Key, KeyRevoked, KeyTrusted
from kingmaker.promotion.said.crowns import (
    ActivationOverdue,
    CanaryEnded,
    CanaryWarned,
    ChampionCrowned,
    ChampionRolledBack,
    ReignAcknowledged,
    RollbackImpossible,
)
from kingmaker.promotion.said.governance import CommandPending, SkipAllowed
from kingmaker.promotion.said.parameters import ParametersRolledBack, ParametersWatched
from kingmaker.promotion.said.people import (
    CommandRefused,
    CommandTaken,
    ExposureChanged,
    Frozen,
    ModeFollowed,
    PolicyApplied,
    Thawed,
)
from kingmaker.promotion.said.trials import (
    CandidateQueued,
    CandidateRefused,
    CandidateWaits,
    FaultNoted,
    TrialClosed,
    TrialOpened,
    TrialStarted,
)
from kingmaker.promotion.said.verdicts import (
    Approved,
    ChallengerHeld,
    ChallengerReady,
    Evidence,
    Finding,
    Vetoed,
)

__all__ = [
    "ActivationOverdue",
    "Approved",
    "CanaryEnded",
    "CanaryWarned",
    "CandidateQueued",
    "CandidateRefused",
    "CandidateWaits",
    "ChallengerHeld",
    "ChallengerReady",
    "ChampionCrowned",
    "ChampionRolledBack",
    "CommandPending",
    "CommandRefused",
    "CommandTaken",
    "Evidence",
    "ExposureChanged",
    "FaultNoted",
    "Finding",
    "Frozen",
    "Key",
    "KeyRevoked",
    "KeyTrusted",
    "ModeFollowed",
    "ParametersRolledBack",
    "ParametersWatched",
    "PolicyApplied",
    "ReignAcknowledged",
    "RollbackImpossible",
    "SkipAllowed",
    "Tally",
    "Thawed",
    "TrialClosed",
    "TrialOpened",
    "TrialStarted",
    "Vetoed",
]
