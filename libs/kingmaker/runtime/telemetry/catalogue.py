"""Every metric there is: its name, type, labels and meaning. docs/telemetry.md is written from it.

Names are those of user-experience 1.1 and of appendix C of the requirements; `classic` is the name
that trading teams used before, exported beside it. No label takes more values than there are desks,
slots, symbols, topics and kinds of events; a version stands in `champion_info` alone.
"""

from dataclasses import dataclass
from typing import Literal

PREFIX = "kingmaker_"
SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

COUNTER: Literal["counter"] = "counter"
GAUGE: Literal["gauge"] = "gauge"
HISTOGRAM: Literal["histogram"] = "histogram"

type Kind = Literal["counter", "gauge", "histogram"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric. `source` is the service whose process shows it, or `every`."""

    short: str
    kind: Kind
    source: str
    about: str
    labels: tuple[str, ...] = ()
    classic: str = ""

    @property
    def name(self) -> str:
        """The name on the wire."""
        return PREFIX + self.short


EVERY = (
    Metric("build_info", GAUGE, "every", "1, with release and Python", ("release", "python")),
    Metric(
        "looked_timestamp_seconds",
        GAUGE,
        "every",
        "when the process last went round and read its gauges, Unix seconds of its machine",
    ),
    Metric("ready", GAUGE, "every", "1: caught up, no lane stopped, models loaded", ("service",)),
    Metric("lane_stopped", GAUGE, "every", "1: a lane cannot be read and stopped", ("lane",)),
    Metric("lane_seq", GAUGE, "every", "number of the last record of an own lane", ("lane",)),
    Metric("lane_term", GAUGE, "every", "how often a process took the lane over", ("lane",)),
    Metric("lane_time_seconds", GAUGE, "every", "market time of a lane, Unix seconds", ("lane",)),
    Metric(
        "lane_step_timestamp_seconds",
        GAUGE,
        "every",
        "when this process last had a step accepted, Unix seconds of its machine",
        ("lane",),
    ),
    Metric("steps_total", COUNTER, "every", "steps accepted since the start", ("lane",)),
    Metric(
        "events_accepted_total",
        COUNTER,
        "every",
        "events written and accepted since the start, those of the host itself too",
        ("service", "event_type"),
    ),
    Metric(
        "events_processed_total",
        COUNTER,
        "every",
        "inputs consumed since the start; outcome: decided, or nothing. `service run` only",
        ("service", "event_type", "outcome"),
    ),
    Metric(
        "event_processing_seconds",
        HISTOGRAM,
        "every",
        "from taking an input that decided something to its step's being accepted."
        " `service run` only",
        ("service",),
    ),
    Metric(
        "step_append_seconds",
        HISTOGRAM,
        "every",
        "one append: sent, acknowledged, read back. `service run` only",
        ("service",),
    ),
    Metric(
        "consumer_lag_events",
        GAUGE,
        "every",
        "records of an upstream lane not consumed yet. `service run` only",
        ("service", "topic", "lane"),
    ),
    Metric(
        "spans_total",
        COUNTER,
        "every",
        "spans of traces; outcome: taken, exported, failed; the rest of those taken wait, or were"
        " dropped",
        ("service", "outcome"),
    ),
    Metric("jobs", GAUGE, "every", "effects waited for, by kind; state: open", ("queue", "state")),
)
FEED = (
    Metric("bars_total", COUNTER, "feed", "bars that closed, since the start", ("desk",)),
    Metric("bars_refused_total", COUNTER, "feed", "rows that cannot be a bar", ("desk",)),
    Metric("universe_pairs", GAUGE, "feed", "symbols of a desk", ("desk",), "pairs_total"),
    Metric("missing_candles", GAUGE, "feed", "bars missing in gaps so far", ("desk", "symbol")),
    Metric("market_open", GAUGE, "feed", "1: the desk's market is open", ("desk",)),
    Metric("symbol_info", GAUGE, "feed", "1, a symbol a desk", ("desk", "symbol", "interval")),
)
TRADER = (
    Metric(
        "decisions_total",
        COUNTER,
        "trader",
        "opportunities decided; outcome: taken, or why not (size, consensus, fault)",
        ("desk", "outcome"),
    ),
    Metric(
        "trade_latency_seconds",
        HISTOGRAM,
        "trader",
        "from taking a bar to its decision's being accepted. `service run` only",
        ("desk",),
        "trade_latency_ms",
    ),
    Metric("positions_opened_total", COUNTER, "trader", "positions entered", ("desk", "direction")),
    Metric("positions_closed_total", COUNTER, "trader", "positions left", ("desk", "reason")),
    Metric("open_positions", GAUGE, "trader", "positions held", ("desk",)),
    Metric("open_opportunities", GAUGE, "trader", "opportunities not resolved yet", ("desk",)),
    Metric("equity_ratio", GAUGE, "trader", "sum of net returns, 1 is the capital base", ("desk",)),
    Metric("may_enter", GAUGE, "trader", "1: all nine champions reign and work", ("desk",)),
    Metric("pairs_resolved_total", COUNTER, "trader", "pairs", ("slot", "counted")),
    Metric("challenger_faults_total", COUNTER, "trader", "challengers' faults", ("slot",)),
    Metric("champion_faults_total", COUNTER, "trader", "champions' faults", ("slot",)),
    Metric(
        "activations_total",
        COUNTER,
        "trader",
        "reigns followed; outcome: activated, failed, lost",
        ("slot", "outcome"),
    ),
    Metric("serving_reign", GAUGE, "trader", "the reign that the trader follows", ("slot",)),
    Metric("champion_lost", GAUGE, "trader", "1: the champion no longer works", ("slot",)),
    Metric("head_weight_ratio", GAUGE, "trader", "weight of a head's vote", ("desk", "component")),
)
SHADOW = (
    Metric("evidence_pairs_total", COUNTER, "shadow", "pairs weighed, since the start", ("slot",)),
    Metric("canary_pairs_total", COUNTER, "shadow", "pairs of watched reigns", ("slot",)),
    Metric("trial_evidence", GAUGE, "shadow", "E of the slot's strongest trial", ("slot",)),
    Metric("trial_log_evidence", GAUGE, "shadow", "ln E of the same trial", ("slot",)),
    Metric("trial_decisions", GAUGE, "shadow", "pairs that it counted", ("slot",)),
    Metric(
        "sharpe_ratio",
        GAUGE,
        "shadow",
        "per pair; window: reign and reference (the dethroned beside it), trial_champion and"
        " trial_challenger (present segment of the strongest trial)",
        ("slot", "window"),
    ),
    Metric("win_rate_ratio", GAUGE, "shadow", "window: reign, reference", ("slot", "window")),
    Metric("canary_statistic", GAUGE, "shadow", "the e-detector's statistic", ("slot",)),
    Metric("canary_pairs", GAUGE, "shadow", "pairs of the present reign's watch", ("slot",)),
)
PROMOTION = (
    Metric("champion_info", GAUGE, "promotion", "1: who reigns", ("slot", "model_version")),
    Metric("reign", GAUGE, "promotion", "number of the present reign", ("slot",)),
    Metric("reign_unacknowledged", GAUGE, "promotion", "1: the trader has not answered", ("slot",)),
    Metric(
        "model_age_seconds",
        GAUGE,
        "promotion",
        "market time since the present reign began",
        ("slot",),
    ),
    Metric("rollback_impossible", GAUGE, "promotion", "1: nobody is left to follow", ("slot",)),
    Metric("canary_breached", GAUGE, "promotion", "limits of the 15 % rule breached", ("slot",)),
    Metric("trials_open", GAUGE, "promotion", "open trials", ("slot",)),
    Metric("candidates_waiting", GAUGE, "promotion", "candidates without a trial", ("slot",)),
    Metric("frozen_scopes", GAUGE, "promotion", "scopes in which nobody is crowned", ("desk",)),
    Metric("budget_trials", GAUGE, "promotion", "trials opened in the budget window", ("desk",)),
    Metric(
        "gate_check_passed",
        GAUGE,
        "promotion",
        "1 or 0, of the last verdict recorded since the start",
        ("slot", "check"),
    ),
    Metric(
        "promotions_total",
        COUNTER,
        "promotion",
        "coronations; outcome: bootstrap, promoted, direct",
        ("slot", "outcome"),
    ),
    Metric("rollbacks_total", COUNTER, "promotion", "crowns that went back", ("slot", "trigger")),
    Metric("trials_closed_total", COUNTER, "promotion", "trials ended", ("slot", "reason")),
    Metric(
        "commands_total",
        COUNTER,
        "promotion, risk",
        "what people asked that service for; outcome: taken, refused",
        ("service", "desk", "outcome"),
    ),
    Metric(
        "activation_seconds",
        HISTOGRAM,
        "promotion",
        "from the crown's being accepted to that of promotion's answer to ChampionActivated,"
        " by this machine's clock. `service run` only",
        ("desk",),
    ),
    Metric(
        "rollback_seconds",
        HISTOGRAM,
        "promotion",
        "the same from a rollback's being accepted, which stands in the step of its request."
        " `service run` only",
        ("desk",),
    ),
)
OTHERS = (
    Metric("killed", GAUGE, "risk", "1: a person stopped the desk, no new orders", ("desk",)),
    Metric("guard_state", GAUGE, "risk", "0 normal, 1 reduced, 2 paused", ("desk",)),
    Metric("guard_changes_total", COUNTER, "risk", "steps of the guard", ("desk", "level")),
    Metric(
        "feature_drift_score",
        GAUGE,
        "risk",
        "sigmas beyond what is usual, of the feature that lies farthest, in the last window",
        ("desk", "symbol"),
        "feature_drift",
    ),
    Metric("drifts_total", COUNTER, "risk", "features that drifted", ("desk", "feature")),
    Metric("mode_changes_total", COUNTER, "risk", "kills and resumes", ("desk", "mode")),
    Metric("models_registered_total", COUNTER, "registry", "versions", ("slot", "origin")),
    Metric("models_refused_total", COUNTER, "registry", "bundles refused", ("reason",)),
    Metric("trainings_started_total", COUNTER, "learners", "attempts begun", ("slot",)),
    Metric("trainings_failed_total", COUNTER, "learners", "attempts failed", ("slot",)),
    Metric(
        "models_trained_total",
        COUNTER,
        "learners",
        "trainings that made a bundle; outcome: candidate, none",
        ("slot", "outcome"),
        "models_trained_total",
    ),
    Metric("jobs_abandoned_total", COUNTER, "learners", "trainings given up", ("slot",)),
    Metric("closed_trades", GAUGE, "learners", "trades there are to learn from", ("desk",)),
    Metric("learned_trades", GAUGE, "learners", "trades as of the last training", ("slot",)),
    Metric("views_seq", GAUGE, "views", "last record of a lane that is folded to rows", ("lane",)),
    Metric(
        "views_complete_timestamp_seconds",
        GAUGE,
        "views",
        "when every row was last folded and written, Unix seconds of its machine",
    ),
    Metric("alerts_total", COUNTER, "alerting", "alerts fired", ("type", "severity")),
    Metric(
        "notifications_total",
        COUNTER,
        "alerting",
        "alerts handed to all channels at once (channel: all); outcome: sent, delayed, undelivered",
        ("channel", "outcome"),
    ),
)
METRICS = (*EVERY, *FEED, *TRADER, *SHADOW, *PROMOTION, *OTHERS)
BY_SHORT = {metric.short: metric for metric in METRICS}

# Named by the specification, and not here: what they would count does not happen yet.
ABSENT = {
    "portfolio_value_usd": "there is no account in dollars; equity_ratio is the sum of returns",
    "training_loss": "learners record hold-out figures, no loss by split",
    "training_progress_ratio": "a training tells of its end only",
    "datasets_built_total": "datasets are not events yet",
    "drift_psi_ratio": "drift is measured by the Kullback-Leibler divergence: feature_drift_score",
    "status_written_timestamp_seconds": "no status file is written",
    "websocket_clients": "there is no gateway",
    "websocket_dropped_total": "there is no gateway",
    "source_lag_seconds": "no live source exists: recorded bars are never late",
    "cache_requests_total": "there is no cache",
    "exchange_limit_ratio": "no exchange is asked",
}
