"""What waits: count, target, what is left and the next time, of every slot and trial."""

from typing import Any

import pytest

from kingmaker.learners import daily, triggers, weekly
from kingmaker.runtime import waiting

HOUR = waiting.HOUR_MS
DAY = waiting.DAY_MS
NOON = 20_000 * DAY + 12 * HOUR
ONE_O_CLOCK = 20_001 * DAY + HOUR
SETTINGS = {
    "learning.components": "cvar_ppo,online_learning",
    "learning.nightly": "01:00",
    "learning.min_trades": "1000",
    "learning.min_new_trades": "200",
    "learning.experiences": "1000",
    "learning.experience_hours": "6",
    "learning.quiet_hours": "6",
    "promotion.min_trades": "50",
}
SLOT, PPO = "online_learning@btc", "cvar_ppo@btc"


def desk(resolved: int) -> dict[str, Any]:
    return {"desk": "btc", "resolved": resolved, "last_ms": NOON}


def champion(slot: str) -> dict[str, Any]:
    return {"slot": slot, "activated_ms": NOON - 10 * DAY, "since_ms": NOON - 10 * DAY}


def trained(slot: str, trades: int, started_ms: int, **other: Any) -> dict[str, Any]:  # noqa: ANN401 - columns
    usual = {"training": "tr-0001", "cause": "nightly", "state": "done", "due_ms": started_ms}
    return {"slot": slot, "trades": trades, "started_ms": started_ms, **usual, **other}


def counters(
    slot: str, resolved: int, *trainings: dict[str, Any], **settings: str
) -> list[dict[str, Any]]:
    named = SETTINGS | {key.replace("__", "."): value for key, value in settings.items()}
    found = waiting.of_trainings(named, [desk(resolved)], [champion(slot)], trainings)
    return [dict(row) for row in found]


def row(
    what: str,
    where: str,
    *figures: Any,  # noqa: ANN401 - of a row
    next_ms: int | None = None,
    looks: str = "",
) -> dict[str, Any]:
    count, target, left = figures
    return {
        "waits_for": what,
        "where": where,
        "count": count,
        "target": target,
        "left": left,
        "next_ms": next_ms,
        "looks": looks,
    }


def test_what_learns_by_experience_here_does_so_for_the_learners_too() -> None:
    assert waiting.BY_EXPERIENCE == triggers.BY_EXPERIENCE


def test_a_component_that_does_not_train_and_a_desk_that_is_unknown_wait_for_nothing() -> None:
    assert counters("regime_detector@btc", 500) == []
    assert counters("online_learning@gold", 500) == []


def test_before_enough_trades_a_slot_counts_all_of_them() -> None:
    expected = row("closed trades", SLOT, 247, 1000, 753, next_ms=ONE_O_CLOCK)
    assert counters(SLOT, 247) == [expected]
    own = counters(SLOT, 247, **{"learning__min_trades@btc": "400"})
    assert (own[0]["target"], own[0]["left"]) == (400, 153)


def test_after_a_training_a_slot_counts_new_trades_until_the_next_night() -> None:
    before = trained(SLOT, 1000, NOON - 11 * HOUR)
    expected = row("new trades", SLOT, 31, 200, 169, next_ms=ONE_O_CLOCK)
    assert counters(SLOT, 1031, before) == [expected]


def test_a_training_a_moment_ago_leaves_the_next_night_out() -> None:
    before = trained(SLOT, 1000, ONE_O_CLOCK - 5 * HOUR)
    assert counters(SLOT, 1300, before)[0]["next_ms"] == ONE_O_CLOCK + DAY


def test_experiences_have_a_target_and_after_a_run_a_time() -> None:
    waits = row("experiences", PPO, 247, 1000, 753, looks="at every closed trade")
    assert counters(PPO, 247) == [waits]
    before = trained(PPO, 1000, NOON - 2 * HOUR)
    assert counters(PPO, 1247, before) == [{**waits, "next_ms": NOON + 4 * HOUR}]


def test_experiences_of_a_slot_that_was_quiet_long_enough_have_no_time_in_the_past() -> None:
    long_ago = trained(PPO, 1000, NOON - 7 * HOUR)
    waits = row("experiences", PPO, 247, 1000, 753, looks="at every closed trade")
    assert counters(PPO, 1247, long_ago) == [waits]


@pytest.mark.parametrize("state", ["running", "waiting"])
def test_a_training_under_way_says_when_it_is_done(state: str) -> None:
    under_way = trained(SLOT, 1000, NOON, state=state, due_ms=NOON + HOUR)
    expected = row("training tr-0001", SLOT, None, None, None, next_ms=NOON + HOUR)
    assert counters(SLOT, 1000, under_way) == [expected]


def test_a_scheduled_retrain_counts_days_from_the_last_or_from_the_champion() -> None:
    named = {
        "operations.model_rotation.enabled": "1",
        "operations.model_rotation.retrain_frequency_days": "30",
    }
    found = list(waiting.of_trainings(SETTINGS | named, [desk(10)], [champion(SLOT)], []))
    assert found[1]["count"] == 10
    assert found[1]["next_ms"] == NOON + 20 * DAY
    last = trained(SLOT, 5, NOON - 3 * DAY, cause="scheduled")
    found = list(waiting.of_trainings(SETTINGS | named, [desk(10)], [champion(SLOT)], [last]))
    assert (found[1]["count"], found[1]["next_ms"]) == (3, NOON + 27 * DAY)
    regimes = {"learning.components": "regime_detector"}
    idle = champion(SLOT.replace("online_learning", "regime_detector"))
    found = list(waiting.of_trainings(SETTINGS | named | regimes, [desk(10)], [idle], []))
    assert len(found) == 1, "no backtest can judge it, so none is due"


def trial(pairs: int | None, log_evidence: float | None) -> dict[str, Any]:
    return {
        "trial": "t-0001@btc",
        "pairs": pairs,
        "log_evidence": log_evidence,
        "log_threshold": 5.4,
    }


def trials(pairs: int | None, log_evidence: float | None) -> list[tuple[Any, ...]]:
    found = waiting.of_trials(SETTINGS, [trial(pairs, log_evidence)])
    return [(one["waits_for"], one["count"], one["target"], one["left"]) for one in found]


def test_a_trial_waits_for_pairs_and_for_evidence_at_its_pace() -> None:
    assert trials(31, 0.62) == [("pairs", 31, 50, 19), ("evidence, ln E", 0.62, 5.4, 239)]
    assert trials(100, 2.7) == [("evidence, ln E", 2.7, 5.4, 100)]


@pytest.mark.parametrize(("pairs", "log_evidence"), [(None, None), (0, 0.0), (60, -1.5)])
def test_without_a_pace_nobody_knows_how_many_pairs_are_left(
    pairs: int | None, log_evidence: float | None
) -> None:
    assert trials(pairs, log_evidence)[-1][3] is None


def test_an_ensemble_that_learns_on_weighs_anew_at_the_next_hour() -> None:
    slot, twins = "model_ensemble@btc", [{"slot": "model_ensemble@btc"}, {"slot": SLOT}]
    done = [
        {"slot": slot, "branch": "champion", "hour_ms": NOON, "rebalances": 36},
        {"slot": slot, "branch": "champion", "hour_ms": NOON - DAY, "rebalances": 99},
        {"slot": slot, "branch": "t-0001@btc", "hour_ms": NOON + HOUR, "rebalances": 5},
    ]
    [found] = waiting.of_rebalances([desk(0)], twins, done)
    assert found == row("rebalance", slot, 36, None, None, next_ms=NOON + HOUR)
    [first] = waiting.of_rebalances([desk(0)], twins, [])
    assert first["count"] == 0
    assert not list(waiting.of_rebalances([desk(0)], [], done)), "nobody learns on any longer"


LEARNING = SETTINGS | {"learning.head_weights": "1"}


def outcome(hours_ago: float, reason: str = "STOP_HIT", votes: str = '{"cvar_ppo": 0.5}') -> Any:  # noqa: ANN401 - columns
    at = NOON - int(hours_ago * HOUR)
    return {"desk": "btc", "resolved_ms": at, "exit_reason": reason, "heads": votes}


def test_jobs_count_the_outcomes_of_their_window_and_say_when_they_run() -> None:
    seen = [outcome(1), outcome(2), outcome(11), outcome(13), outcome(8 * 24), outcome(29 * 24)]
    seen += [outcome(1, reason="EXPIRED"), outcome(1, votes="{}"), outcome(1) | {"desk": "eur"}]
    of_day, of_week = waiting.of_jobs(LEARNING, [desk(10)], seen)
    # the day that ends at 00:00 began at 00:00; the window of the week grows to four of them
    midnight, sunday = NOON + 12 * HOUR, NOON + 12 * HOUR + 2 * HOUR
    sunday += next(days for days in range(7) if (sunday // DAY + days + 4) % 7 == 0) * DAY
    assert of_day == row("daily learning job, outcomes", "btc", 3, 10, 7, next_ms=midnight)
    assert of_week == row("weekly learning job, outcomes", "btc", 5, 50, 45, next_ms=sunday)


def test_the_week_is_seven_days_where_these_have_outcomes_enough() -> None:
    sunday = waiting.of_jobs(LEARNING, [desk(10)], [])
    next_ms = [dict(one) for one in sunday][1]["next_ms"]
    young = [outcome((NOON - next_ms) / HOUR + 6 * 24)] * 51
    [_, of_week] = waiting.of_jobs(LEARNING, [desk(10)], [*young, outcome(20 * 24)])
    assert (of_week["count"], of_week["left"]) == (51, 0)


def test_where_head_weights_are_not_learned_no_job_waits() -> None:
    assert not list(waiting.of_jobs(SETTINGS, [desk(10)], [outcome(1)]))


def test_jobs_ask_for_what_the_learners_ask_for() -> None:
    assert (daily.MIN_OUTCOMES, weekly.MIN_OUTCOMES) == (
        waiting.DAILY_OUTCOMES,
        waiting.WEEKLY_OUTCOMES,
    )
