"""Everything a person can set: one frozen `Settings`, with the range and the meaning of each key.

Where a value comes from and which one wins: `settings_load`. A key acts, or it is not here.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    field_validator,
)

from kingmaker.market import holidays
from kingmaker.runtime.settings_components import Component, Revised, Searched
from kingmaker.runtime.settings_distillation import Distillation
from kingmaker.runtime.settings_risk import Drift, Guard
from kingmaker.runtime.settings_section import Section

BasisPoints = Annotated[float, Field(ge=0, le=1000)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
MinTrades = Annotated[int, Field(ge=100, le=1_000_000)]
DeskName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
Interval = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,3}[smhdw]$")]
TimeOfDay = Annotated[
    str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$"), "a time of day, HH:MM"
]
NumberOrNothing = Annotated[
    str,
    StringConstraints(pattern=r"^(-?[0-9](\.[0-9]{1,6})?)?$"),
    "a number between -10 and 10 of at most six decimals, or nothing: then it is off",
]
CommandName = Literal[
    "Rollback",
    "Freeze",
    "Thaw",
    "Veto",
    "Approve",
    "ReplaceTrial",
    "DirectPromotion",
    "TrustKey",
    "RevokeKey",
    "SkipInput",
]
Calendar = Literal["24x7", "fx", "cme_futures", "us_equities"]


def _holidays(dates: tuple[str, ...]) -> tuple[str, ...]:
    holidays.read(",".join(dates))
    return dates


HolidayDates = Annotated[tuple[str, ...], AfterValidator(_holidays)]

UNITS_MS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}


class Market(Section):
    """When markets are open, on desks that do not say otherwise."""

    calendar: Calendar = "24x7"
    holidays: HolidayDates = ()  # 2025-12-25, or hours: 2025-12-24 13:00-24:00; of New York


class Costs(Section):
    """What a trade costs a side, in basis points, on desks that do not say otherwise."""

    fee_bp: BasisPoints = 4.0
    half_spread_bp: BasisPoints = 0.5
    slippage_bp: BasisPoints = 0.5


class Signals(Section):
    """Which candidate signals are taken."""

    confluence_min: Share = 0.70  # weighted share of agreeing confidence
    # Further stages that a signal must pass; which there are: services/kingmaker/trader/stages.
    stages: tuple[Literal["cool_down", "history", "open_signals", "win_rate_60"], ...] = ()


class Exits(Section):
    """How long a trade may last."""

    max_holding: Annotated[int, Field(ge=1, le=96)] = 12  # bars; never above 72 h


class Outcomes(Section):
    """When a trade counts as over."""

    price_tolerance: Annotated[float, Field(ge=0, le=0.01)] = 0.001
    max_signal_age_hours: Annotated[int, Field(ge=1, le=24 * 365)] = 72


class Learning(Section):
    """When models are trained, and which product becomes a candidate."""

    components: tuple[Component, ...] = ("neural_ucb", "online_learning")  # that are trained
    revisions: tuple[Revised, ...] = ()  # components whose models learn from every trade
    nightly: TimeOfDay = "01:00"  # UTC
    min_trades: MinTrades = 1000
    min_new_trades: Count = 200
    training_minutes: Annotated[int, Field(ge=1, le=24 * 60)] = 30  # of market time
    attempts_max: Annotated[int, Field(ge=1, le=10)] = 3
    holdout_share: Annotated[float, Field(ge=0.05, le=0.5)] = 0.25
    admission_gain_se: Annotated[float, Field(ge=0, le=10)] = 1.0
    admission_min_acts: Count = 20
    online_learning_l2: Annotated[float, Field(ge=1e-3, le=1e6)] = 100.0
    neural_ucb_l2: Annotated[float, Field(ge=1e-3, le=1e6)] = 30.0
    neural_ucb_exploration: Annotated[float, Field(ge=0, le=10)] = 0.1
    model_ensemble_l2: Annotated[float, Field(ge=1e-3, le=1e6)] = 100.0
    pm_optimizer_draws: Annotated[int, Field(ge=20, le=10_000)] = 200  # of the decision buckets
    pm_optimizer_quantile: Annotated[float, Field(ge=0.001, le=0.5)] = 0.1  # of the draws' gains
    slippage_latency_rounds: Annotated[int, Field(ge=1, le=2_000)] = 100  # trees at most
    slippage_latency_leaves: Annotated[int, Field(ge=2, le=64)] = 6
    slippage_latency_leaf_rows: Annotated[int, Field(ge=5, le=10_000)] = 50
    slippage_latency_step: Annotated[float, Field(ge=0.001, le=1)] = 0.1
    regime_detector_starts: Annotated[int, Field(ge=1, le=32)] = 4
    cvar_ppo_iterations: Annotated[int, Field(ge=10, le=10_000)] = 100  # of 8,192 steps each
    cvar_ppo_alpha: Annotated[float, Field(ge=0.005, le=0.5)] = 0.05  # share called the worst
    cvar_ppo_tail: Share = 0.5  # of the loss at full size always that the worst may lose
    cvar_ppo_blur: Annotated[float, Field(ge=0, le=5)] = 0.5  # noise on every row, in deviations
    s15_rl_policy_steps: Annotated[int, Field(ge=200, le=1_000_000)] = 3000
    s15_rl_policy_discount: Annotated[float, Field(ge=0, le=0.999)] = 0.9  # a bar
    s15_rl_policy_holding: Annotated[int, Field(ge=1, le=96)] = 12  # bars at most
    s15_rl_policy_bars_max: Annotated[int, Field(ge=600, le=1_000_000)] = 20_000  # a symbol
    s15_rl_policy_blur: Annotated[float, Field(ge=0, le=5)] = 0.5
    pattern_recognition_keep: Literal["all", "winners"] = "all"  # winners: biased upward
    experiences: Count = 1000  # new ones start a training of cvar_ppo and s15_rl_policy
    experiences_min: Count = 64  # enough after so many hours without one:
    experience_hours: Annotated[int, Field(ge=1, le=10_000)] = 6
    quiet_hours: Annotated[int, Field(ge=0, le=10_000)] = 6  # between two trainings of a slot
    age_days: Annotated[int, Field(ge=1, le=10_000)] = 90  # then a champion's slot trains anyhow
    expectancy_trades: Annotated[int, Field(ge=2, le=10_000)] = 50  # so many latest trades, against
    expectancy_errors: Annotated[float, Field(ge=0, le=100)] = 3.0  # its promise, in their errors
    head_weights: bool = False  # whether outcomes move the weights of the nine heads
    learning_rate: Annotated[float, Field(ge=1e-4, le=1)] = 0.05  # of one outcome
    daily_learning_rate: Annotated[float, Field(ge=1e-4, le=1)] = 0.03  # of a day's mean
    min_outcomes_for_update: Count = 10  # the first that moves a weight
    max_weight_change: Share = 0.20  # relative, at once
    normalise: Literal["project", "divide"] = "project"  # divide leaves the bounds
    count_expired: bool = False
    ema_alpha: Annotated[float, Field(ge=1e-3, le=1)] = 0.05  # of hit rates
    ema_on_weights: bool = False  # smooths twice
    daily_time: TimeOfDay = "00:00"  # UTC; of the Daily Learning Job
    weekly_day: Literal["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] = "SUN"
    weekly_time: TimeOfDay = "02:00"  # of the Weekly Retraining Job
    tuning: tuple[Searched, ...] = ()  # components whose parameters are searched for, once a week
    tuning_day: Literal["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] = "SAT"
    tuning_time: TimeOfDay = "05:00"
    tuning_trials: Annotated[int, Field(ge=2, le=1000)] = 50
    tuning_minutes: Annotated[int, Field(ge=1, le=10_000)] = 360  # of market time


class Weekly(Section):
    """How the weekly job looks for better head weights."""

    max_lookback_days: Annotated[int, Field(ge=7, le=28)] = 28  # while outcomes are too few
    validation: Literal["purged", "in_sample"] = "purged"


class ModelRotation(Section):
    """The scheduled retrain of every slot, and what it must show: docs/decisions/0057."""

    enabled: bool = False
    retrain_frequency_days: Annotated[int, Field(ge=1, le=10_000)] = 30
    min_sharpe_ratio: Annotated[float, Field(ge=-100, le=100)] = 1.0  # a year
    min_profit_factor: Annotated[float, Field(ge=0, le=100)] = 1.2
    max_drawdown_threshold: Annotated[float, Field(ge=0, le=1)] = 0.20
    min_trades: Count = 50
    require_outperformance: bool = True  # of the current model's Sharpe ratio


class Historical(Section):
    """Learning from past bars by the calendar: docs/decisions/0059."""

    enabled: bool = False
    intensity: Literal["INTENSIVE", "DEFAULT"] = "INTENSIVE"  # 90 days back, or 45


class Operations(Section):
    """What runs by the calendar."""

    model_rotation: ModelRotation = ModelRotation()


class Budget(Section):
    """The error budget of a desk: docs/decisions/0024."""

    mode: Literal["e_lond", "fwer", "per_test"] = "e_lond"
    tests: Annotated[int, Field(ge=1, le=1000)] = 10  # N, trials expected in a window
    window_days: Annotated[int, Field(ge=1, le=3650)] = 90


class Promotion(Section):
    """What a challenger must show before it is crowned."""

    auto: bool = True  # off: a challenger that is ready waits for a person
    direct: bool = True  # whether a command may crown without evidence
    min_trades: Annotated[int, Field(ge=2, le=100_000)] = 50  # pairs before a verdict
    min_taken: Annotated[int, Field(ge=0, le=100_000)] = 20
    confidence_threshold: Annotated[float, Field(ge=0, le=0.999999)] = 0.65
    p_method: Literal["e_process", "naive_t"] = "e_process"  # naive_t: not valid under peeking
    sharpe_rule: Literal["sign_safe", "classic"] = "sign_safe"
    sharpe_improvement: Annotated[float, Field(ge=0, le=10)] = 0.10
    min_sharpe: NumberOrNothing = ""  # per pair
    max_drawdown_tolerance: Annotated[float, Field(ge=0, le=10)] = 0.05  # relative; 0 is strict
    win_rate_tolerance: Share = 0.0  # absolute
    max_faults: Annotated[int, Field(ge=0, le=1000)] = 0  # of a whole trial, before a crown
    max_latency_ms: Annotated[float, Field(ge=0, le=60_000)] = 50.0  # p99, on a live host; 0: off
    approval_minutes: Annotated[float, Field(ge=0, le=1_000_000)] = 1440.0  # it holds for so long
    cool_down_minutes: Annotated[float, Field(ge=0, le=1_000_000)] = 60.0
    market_hours: Literal["closed_or_flat", "closed", "any"] = "closed_or_flat"
    max_trials_per_slot: Annotated[int, Field(ge=1, le=100)] = 3
    max_trials_per_origin: Annotated[int, Field(ge=1, le=100)] = 1
    alpha: Annotated[float, Field(ge=1e-9, le=0.05)] = 0.05
    budget: Budget = Budget()


class Governance(Section):
    """What people may do, and how many of them it takes."""

    four_eyes: tuple[CommandName, ...] = ()  # commands that need two signatures
    four_eyes_minutes: Annotated[float, Field(ge=0, le=1440)] = 30.0  # between the two
    # How far ahead of a live host's clock a command may be issued; 0: any time.
    max_ahead_minutes: Annotated[float, Field(ge=0, le=1440)] = 5.0


class Trial(Section):
    """When a trial may open, and how long it may last."""

    start_after_trades: Annotated[int, Field(ge=0, le=1_000_000)] = 0  # closed by the desk
    max_pairs: Annotated[int, Field(ge=50, le=1_000_000)] = 5000
    max_faults: Annotated[int, Field(ge=1, le=1000)] = 3  # in a row


class Canary(Section):
    """How a reign is watched, and when the crown is taken back: docs/decisions/0019."""

    rule: Literal["edetector_and_15pct", "edetector", "classic_15pct"] = "edetector_and_15pct"
    minutes: Annotated[float, Field(ge=0, le=1_000_000)] = 0.0  # of market time; 0: all of a reign
    tolerance: Share = 0.15  # relative; of the 15 % rule
    slack: Share = 0.0  # of the detector: a share of the dethroned's Sharpe ratio
    hard_drawdown: Annotated[float, Field(ge=0, le=100)] = 0.0  # of the capital base; 0: off
    hard_loss: Annotated[float, Field(ge=0, le=100)] = 0.0  # likewise
    max_faults: Annotated[int, Field(ge=1, le=1000)] = 3  # of a champion, in a row


class Kafka(Section):
    """The cluster that keeps the log; without servers the log is a file of the home."""

    servers: str = ""  # HOST:PORT, several by commas
    incarnation: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{16})?$")] = ""
    cluster_id: str = ""  # if it is set, no other cluster will do
    user: str = ""  # SASL/SCRAM-SHA-512; empty: none
    password_file: Path | None = None  # the password alone
    tls: bool = False
    ca_file: Path | None = None
    certificate_file: Path | None = None  # mTLS
    key_file: Path | None = None
    replication: Annotated[int, Field(ge=1, le=9)] = 3
    min_in_sync: Annotated[int, Field(ge=1, le=9)] = 2
    public_retention_days: Annotated[int, Field(ge=0, le=3650)] = 0  # of public topics; 0: for ever


BucketUrl = Annotated[
    str,
    StringConstraints(pattern=r"^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._/-]*)?$"),
]


def _no_address(value: object) -> object:
    if isinstance(value, str) and "://" in value:
        raise ValueError("it is an address, and not of a bucket as S3 names them")
    return value


Folder = Annotated[Path, BeforeValidator(_no_address)]
Artifacts = Annotated[BucketUrl | Folder | None, "a folder, or s3://BUCKET/PREFIX"]


class S3(Section):
    """How a bucket of artifacts is reached; without a key as AWS_* of the environment says."""

    endpoint: str = ""  # http(s)://HOST:PORT; empty: that of the region
    region: str = "us-east-1"
    access_key_id: str = ""
    secret_key_file: Path | None = None  # the secret key alone


class Analytics(Section):
    """Statistics of model versions, in windows that end with the desk's last event."""

    windows: Annotated[tuple[Interval, ...], Field(min_length=1, max_length=8)] = ("1h", "1d", "7d")


def _without_password(url: str) -> str:
    if "password=" in url:
        raise ValueError("a URL stands in files that many read, and in lists of processes")
    return url


PostgresUrl = Annotated[
    str,
    StringConstraints(pattern=r"^(postgres(ql)?://([^:@/\s]+@)?[^@\s]*)?$"),
    AfterValidator(_without_password),
    "postgresql://USER@HOST:PORT/DATABASE, without a password: that is in views.password_file",
]


class Views(Section):
    """The PostgreSQL of a cluster's views; without a url they are a file of the home."""

    url: PostgresUrl = ""
    password_file: Path | None = None  # the password alone


class Telemetry(Section):
    """Who is told what a process decided, beside the log."""

    # Of an OTLP/HTTP collector, without /v1/traces: http://collector:4318. Empty: nobody is told.
    otlp_endpoint: Annotated[str, StringConstraints(pattern=r"^(https?://[^\s/]+(/[^\s]*)?)?$")] = (
        ""
    )


class DeskSettings(Section):
    """One desk: its files of bars, one a symbol, and what its trades cost."""

    name: DeskName
    files: tuple[str, ...] = ()  # FILE:SYMBOL:INTERVAL, SYMBOL_INTERVAL_*.csv[.gz], sample:NAME
    symbols: tuple[str, ...] = ()
    interval: Interval = "1h"
    calendar: Calendar | None = None
    holidays: HolidayDates | None = None
    fee_bp: BasisPoints | None = None
    half_spread_bp: BasisPoints | None = None
    slippage_bp: BasisPoints | None = None
    min_trades: MinTrades | None = None  # learning.min_trades, for this desk


class Settings(Section):
    """All settings; every default is that of the specification."""

    home: Path = Path("~/.local/share/kingmaker")
    profile: Literal["standard", "classic"] = "standard"  # classic: rules that say their defect
    desks: tuple[DeskSettings, ...] = ()
    market: Market = Market()
    costs: Costs = Costs()
    signals: Signals = Signals()
    exits: Exits = Exits()
    outcomes: Outcomes = Outcomes()
    learning: Learning = Learning()
    distillation: Distillation = Distillation()
    weekly: Weekly = Weekly()
    operations: Operations = Operations()
    historical: Historical = Historical()
    trial: Trial = Trial()
    promotion: Promotion = Promotion()
    governance: Governance = Governance()
    canary: Canary = Canary()
    guard: Guard = Guard()
    drift: Drift = Drift()
    artifacts: Artifacts = None  # models by digest; else a folder of the home
    s3: S3 = S3()
    trusted_keys: Path | None = None  # of promotion: whom it obeys; else the home makes one key
    clock: Literal["wall", "bars"] = "wall"  # of a live host: this machine's, or that of its inputs
    kafka: Kafka = Kafka()
    analytics: Analytics = Analytics()
    views: Views = Views()
    telemetry: Telemetry = Telemetry()

    @field_validator("desks")
    @classmethod
    def _names_differ(cls, desks: tuple[DeskSettings, ...]) -> tuple[DeskSettings, ...]:
        names = [desk.name for desk in desks]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two desks are called {twice[0]}; each needs a name of its own")
        return desks


def interval_ms(text: str) -> int:
    """Return an interval, as `Interval` allows it, in milliseconds."""
    return int(text[:-1]) * UNITS_MS[text[-1]]
