"""The unions of what the trader hears and says."""

from kingmaker.trader.heard import (
    ApplyPolicy,
    BarClosed,
    ChampionCrowned,
    ChampionRolledBack,
    GuardChanged,
    ModeChanged,
    ModelLoaded,
    ModelLoadFailed,
    ParametersRolledBack,
    TrialClosed,
    TrialOpened,
    WeightsLearned,
)
from kingmaker.trader.said import (
    ActivationFailed,
    ChallengerDropped,
    ChallengerFaulted,
    ChallengerWarmed,
    ChampionActivated,
    ChampionFaulted,
    ChampionLost,
    EntryBarred,
    GuardFollowed,
    ModeFollowed,
    ModelLoadRequested,
    ModelReady,
    ModelRevised,
    OpportunityDecided,
    OpportunityMissed,
    OpportunityResolved,
    PairResolved,
    ParameterChanged,
    ParametersRestored,
    PolicyApplied,
    PositionClosed,
    PositionOpened,
    RevisionRefused,
    UpdateRuleLoaded,
    WeightsFollowed,
)

type Message = (
    ApplyPolicy
    | ModeChanged
    | GuardChanged
    | BarClosed
    | TrialOpened
    | TrialClosed
    | ChampionCrowned
    | ChampionRolledBack
    | ParametersRolledBack
    | ModelLoaded
    | ModelLoadFailed
    | WeightsLearned
)
type Event = (
    PolicyApplied
    | ParameterChanged
    | ParametersRestored
    | ModelLoadRequested
    | ModelReady
    | ChallengerWarmed
    | ChallengerFaulted
    | ChallengerDropped
    | ChampionActivated
    | ChampionFaulted
    | ActivationFailed
    | ChampionLost
    | UpdateRuleLoaded
    | ModelRevised
    | RevisionRefused
    | OpportunityDecided
    | OpportunityMissed
    | PositionOpened
    | PositionClosed
    | EntryBarred
    | ModeFollowed
    | GuardFollowed
    | OpportunityResolved
    | PairResolved
    | WeightsFollowed
)
