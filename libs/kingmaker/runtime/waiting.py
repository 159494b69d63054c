"""All that waits: for what, how much of it is there, how much it takes, and when it is looked at.

Folded from rows of the views; times are UTC milliseconds of market time. What has no time of its
own says in words when it is looked at.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kingmaker.contracts import schedule
from kingmaker.contracts.desks import component_of, desk_of
from kingmaker.market import fire_times
from kingmaker.market.hours import is_open
from kingmaker.runtime.past_bars import calendar_of

MINUTE_MS, HOUR_MS = 60_000, 3_600_000
DAY_MS = 24 * HOUR_MS
ENSEMBLE, CHAMPION = "model_ensemble", "champion"
BY_EXPERIENCE = frozenset({"cvar_ppo", "s15_rl_policy"})  # as the learners' triggers say
NEVER_TRADING = frozenset({"regime_detector", "slippage_latency"})  # as `rotation.py` says
DAILY_OUTCOMES, WEEKLY_OUTCOMES = 10, 50  # that the learning jobs ask for, as they say
EVERY_TRADE, EVERY_PAIR = "at every closed trade", "at every pair"
NO_SYNC = "not in this release: new models come of trainings here"
WEEK_DAYS, LOOKBACK_DAYS_MAX = 7, 28  # of the weekly job, which looks further at few outcomes

type Row = Mapping[str, Any]
type Settings = Mapping[str, str]  # as the services heard them, by key


def of_trainings(
    settings: Settings, desks: Sequence[Row], champions: Sequence[Row], trainings: Sequence[Row]
) -> Iterator[Row]:
    """Yield what each slot that learns waits for; `trainings` in the order in which they began."""
    components = {name.strip() for name in settings.get("learning.components", "").split(",")}
    by_desk = {row["desk"]: row for row in desks}
    last = {row["slot"]: row for row in trainings}
    for champion in champions:
        slot = champion["slot"]
        desk = by_desk.get(desk_of(slot))
        if desk is not None and component_of(slot) in components:
            yield _of_slot(settings, slot, desk, last.get(slot))
            judged = component_of(slot) not in NEVER_TRADING
            if judged and settings.get("operations.model_rotation.enabled") == "1":
                yield _scheduled(settings, champion, desk, trainings)


def of_trials(settings: Settings, trials: Sequence[Row]) -> Iterator[Row]:
    """Yield how far each open trial is: pairs until it is judged, evidence until it is enough."""
    needed = int(settings.get("promotion.min_trades", "0"))
    for trial in trials:
        pairs, log_evidence = trial["pairs"] or 0, trial["log_evidence"] or 0.0
        if pairs < needed:
            more = needed - pairs
            yield _row("pairs", trial["trial"], pairs, needed, left=more, looks=EVERY_PAIR)
        target = trial["log_threshold"]
        left = _pairs_left(pairs, log_evidence, target)
        found = round(log_evidence, 2)
        yield _row("evidence, ln E", trial["trial"], found, target, left=left, looks=EVERY_PAIR)


def of_rebalances(
    desks: Sequence[Row], twins: Sequence[Row], rebalances: Sequence[Row]
) -> Iterator[Row]:
    """Yield when the ensembles of champions weigh anew, and how often they did.

    `twins` are those that decide: a champion that learns on has one.
    """
    last_ms = {row["desk"]: row["last_ms"] for row in desks}
    learn_on = [row["slot"] for row in twins if component_of(row["slot"]) == ENSEMBLE]
    for slot in learn_on:
        done = [row for row in rebalances if (row["slot"], row["branch"]) == (slot, CHAMPION)]
        latest = max(done, key=lambda row: row["hour_ms"], default=None)
        now_ms = last_ms.get(desk_of(slot))
        next_ms = None if now_ms is None else (now_ms // HOUR_MS + 1) * HOUR_MS
        count = latest["rebalances"] if latest else 0
        yield _row("rebalance", slot, count, None, next_ms=next_ms)


def of_synchronisation() -> Iterator[Row]:
    """Yield that models of a cloud are not looked for: who waits for one is told so."""
    yield _row("models of a cloud", "", None, None, looks=NO_SYNC)


def of_history(settings: Settings, desks: Sequence[Row]) -> Iterator[Row]:
    """Yield when each desk learns from its past bars next, where the calendar says so."""
    if settings.get("historical.enabled") != "1":
        return
    for desk in desks:
        if desk["last_ms"]:
            calendar = calendar_of(settings, desk["desk"])
            word = "open" if is_open(calendar, desk["last_ms"]) else "closed"
            next_ms = fire_times.following(calendar, desk["last_ms"])
            yield _row(f"past bars, market {word}", desk["desk"], None, None, next_ms=next_ms)


def of_jobs(settings: Settings, desks: Sequence[Row], outcomes: Sequence[Row]) -> Iterator[Row]:
    """Yield what the learning jobs of each desk wait for; `outcomes` are its resolved decisions."""
    if settings.get("learning.head_weights") != "1":
        return
    for desk in desks:
        now = desk["last_ms"] or 0
        times = [row["resolved_ms"] for row in outcomes if _teaches(settings, row, desk["desk"])]
        daily = schedule.following(schedule.at(settings.get("learning.daily_time", "00:00")), now)
        hour, weekday = settings.get("learning.weekly_time", "02:00"), "learning.weekly_day"
        weekly = schedule.following(schedule.at(hour, settings.get(weekday, "SUN")), now)
        if daily is not None and weekly is not None:
            day = _since(times, daily - DAY_MS)
            yield _job("daily", desk, day, DAILY_OUTCOMES, daily)
            yield _job("weekly", desk, _window(settings, times, weekly), WEEKLY_OUTCOMES, weekly)


def next_night(settings: Settings, now_ms: int) -> int:
    """Return the next nightly time after `now_ms`."""
    hours, minutes = settings.get("learning.nightly", "01:00").split(":")
    offset = (int(hours) * 60 + int(minutes)) * MINUTE_MS
    return ((now_ms - offset) // DAY_MS + 1) * DAY_MS + offset


def _of_slot(settings: Settings, slot: str, desk: Row, last: Row | None) -> Row:
    trades, now = desk["resolved"] or 0, desk["last_ms"] or 0
    needed = _number(settings, f"min_trades@{desk['desk']}", _number(settings, "min_trades", 0))
    news = trades - (last["trades"] if last else 0)
    quiet_ms = last["started_ms"] + _number(settings, "quiet_hours", 0) * HOUR_MS if last else 0
    if last and last["state"] in {"running", "waiting"}:
        return _row(f"training {last['training']}", slot, None, None, next_ms=last["due_ms"])
    if component_of(slot) in BY_EXPERIENCE:
        target = max(needed - trades + news, _number(settings, "experiences", 0))
        hours = _number(settings, "experience_hours", 0)
        soon_ms = max(quiet_ms, last["started_ms"] + hours * HOUR_MS) if last else None
        next_ms = soon_ms if soon_ms and soon_ms > now else None  # from then on, at every trade
        left = max(0, target - news)
        return _row(
            "experiences", slot, news, target, next_ms=next_ms, left=left, looks=EVERY_TRADE
        )
    night_ms = max(next_night(settings, now), next_night(settings, quiet_ms - 1))
    if trades < needed:
        return _row("closed trades", slot, trades, needed, next_ms=night_ms, left=needed - trades)
    target = _number(settings, "min_new_trades", 0)
    return _row("new trades", slot, news, target, next_ms=night_ms, left=max(0, target - news))


def _scheduled(settings: Settings, champion: Row, desk: Row, trainings: Sequence[Row]) -> Row:
    slot = champion["slot"]
    days = int(settings["operations.model_rotation.retrain_frequency_days"])
    begun = [
        row["started_ms"] for row in trainings if (row["slot"], row["cause"]) == (slot, "scheduled")
    ]
    since = begun[-1] if begun else champion["activated_ms"] or champion["since_ms"]
    passed = ((desk["last_ms"] or 0) - since) // DAY_MS
    return _row("scheduled retrain, days", slot, passed, days, next_ms=since + days * DAY_MS)


def _teaches(settings: Settings, outcome: Row, desk: str) -> bool:
    """Tell whether a resolved decision moves weights: some head voted, and it did not expire."""
    if outcome["desk"] != desk:
        return False
    counts = outcome["exit_reason"] != "EXPIRED" or settings.get("learning.count_expired") == "1"
    votes = outcome["heads"]
    voted = json.loads(votes) if isinstance(votes, str) else votes or {}
    return counts and any(voted.values())


def _since(times: Sequence[int], after_ms: int) -> int:
    return sum(time_ms > after_ms for time_ms in times)


def _window(settings: Settings, times: Sequence[int], until_ms: int) -> int:
    """Count the outcomes of a week; of more days while they are too few, as the job does."""
    found = 0
    for days in range(WEEK_DAYS, int(settings.get("weekly.max_lookback_days", "28")) + 1):
        found = _since(times, until_ms - days * DAY_MS)
        if found >= WEEKLY_OUTCOMES:
            break
    return found


def _job(name: str, desk: Row, count: int, target: int, next_ms: int) -> Row:
    left = max(0, target - count)
    what = f"{name} learning job, outcomes"
    return _row(what, desk["desk"], count, target, next_ms=next_ms, left=left)


def _pairs_left(pairs: int, log_evidence: float, target: float) -> int | None:
    """Return the pairs that it takes at the pace so far; None where there is no pace."""
    if pairs == 0 or log_evidence <= 0:
        return None
    return max(0, round((target - log_evidence) * pairs / log_evidence))


def _number(settings: Settings, name: str, otherwise: int) -> int:
    return int(settings.get(f"learning.{name}", otherwise))


def _row(  # noqa: PLR0913 - one parameter a column
    what: str,
    where: str,
    count: float | None,
    target: float | None,
    *,
    next_ms: int | None = None,
    left: int | None = None,
    looks: str = "",
) -> Row:
    return {
        "waits_for": what,
        "where": where,
        "count": count,
        "target": target,
        "left": left,
        "next_ms": next_ms,
        "looks": looks,
    }
