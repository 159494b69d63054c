"""Settings as the services hear them: flat text by key, each service its own sections."""

from collections.abc import Mapping

from kingmaker.runtime.settings import DeskSettings, Settings, interval_ms
from kingmaker.runtime.settings_distillation import Distillation
from kingmaker.runtime.settings_load import leaves, value_of

HOLIDAYS = "market.holidays"
REVISIONS = "learning.revisions"
TUNING = "learning.tuning"  # and all that only matters with it
DISTILLED = "distillation."
LEARN_ON = ("learners", "trader")  # who hears of it
# What is compared with the clock of the wall: elsewhere no service hears of it.
OF_THE_WALL = ("promotion.max_latency_ms", "governance.max_ahead_minutes")
HOLDING_MINUTES_MAX = 72 * 60  # no exit model may exceed it: decision 0010

# service -> the sections that its policy reads; what is not here changes none of its records
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "feed": ("market",),
    "trader": ("costs", "signals", "exits", "outcomes", "market", "canary"),
    "shadow": (),
    "registry": (),
    "learners": ("learning", "distillation", "operations", "weekly", "governance"),
    "promotion": ("promotion", "trial", "market", "canary", "governance"),
    "risk": ("governance", "guard", "drift"),
    "alerting": (),
}


def policy_values(
    settings: Settings, service: str, desk: str | None = None, *, live: bool = False
) -> dict[str, str]:
    """Return what `ApplyPolicy` brings to a service; a desk's own values win over the general.

    `live`: its clock is the wall's, so that models are timed, and commands held against its time.
    """
    chosen = SECTIONS[service]
    own = _of_desk(settings, desk) if desk else {}
    values = {
        key: _text(own.get(key, value_of(settings, key)))
        for key in leaves(Settings)
        if key.partition(".")[0] in chosen
    }
    if not live:
        values = {key: value for key, value in values.items() if key not in OF_THE_WALL}
    if service == "risk":  # what is off changes no record of it
        on = {"governance": True, "guard": settings.guard.enabled, "drift": settings.drift.enabled}
        values = {key: value for key, value in values.items() if on[key.partition(".")[0]]}
    if service != "feed" or not values[HOLIDAYS]:  # no other service reads the hours of a day
        values.pop(HOLIDAYS, None)
    if service == "promotion" and desk:
        values["promotion.max_holding_minutes"] = _text(_max_holding_minutes(settings, desk))
    if service in LEARN_ON:
        values.pop(REVISIONS, None)
        if settings.learning.revisions:  # else no record differs from one of a release without
            values[REVISIONS] = _text(settings.learning.revisions)
    if service == "learners":
        values = {key: value for key, value in values.items() if _is_for_learners(key)}
        values |= _of_all_desks(settings) | _of_history(settings)
        if not settings.learning.tuning:  # as with revisions
            values = {key: text for key, text in values.items() if not key.startswith(TUNING)}
        if settings.distillation == Distillation():  # as with revisions
            values = {key: text for key, text in values.items() if not key.startswith(DISTILLED)}
    return values


def _is_for_learners(key: str) -> bool:
    """Tell whether learners go by a key: of governance they ask how far ahead one may sign."""
    return not key.startswith("governance.") or key in OF_THE_WALL


def desk_settings(settings: Settings, desk: str) -> DeskSettings:
    """Return the settings of a desk; ValueError names those that there are."""
    for one in settings.desks:
        if one.name == desk:
            return one
    names = ", ".join(one.name for one in settings.desks) or "none"
    raise ValueError(f"no desk is called {desk!r}. Desks here: {names}.")


def _of_all_desks(settings: Settings) -> dict[str, str]:
    """Return what the desks want of learners, which have one lane for all."""
    return {
        f"learning.min_trades@{desk.name}": str(desk.min_trades)
        for desk in settings.desks
        if desk.min_trades is not None
    }


def _of_history(settings: Settings) -> dict[str, str]:
    """Return what learning from past bars goes by: nothing where no calendar starts it."""
    if not settings.historical.enabled:
        return {}  # then no record differs from one of a release without
    calendars = {
        f"market.calendar@{desk.name}": desk.calendar or settings.market.calendar
        for desk in settings.desks
    }
    closed = {
        f"{HOLIDAYS}@{desk.name}": _text(dates)
        for desk in settings.desks
        if (dates := holidays_of(settings, desk))
    }
    own = {"historical.enabled": "1", "historical.intensity": settings.historical.intensity}
    return own | calendars | closed


def holidays_of(settings: Settings, desk: DeskSettings) -> tuple[str, ...]:
    """Return when a desk's market is closed beside its hours."""
    return settings.market.holidays if desk.holidays is None else desk.holidays


def _of_desk(settings: Settings, name: str) -> dict[str, object]:
    desk = desk_settings(settings, name)
    own = {
        "market.calendar": desk.calendar,
        HOLIDAYS: desk.holidays,
        "costs.fee_bp": desk.fee_bp,
        "costs.half_spread_bp": desk.half_spread_bp,
        "costs.slippage_bp": desk.slippage_bp,
    }
    return {key: value for key, value in own.items() if value is not None}


def _max_holding_minutes(settings: Settings, desk: str) -> float:
    """Return how long a position may stay open: the time exit, or the age limit."""
    bar_minutes = interval_ms(desk_settings(settings, desk).interval) / 60_000
    age_minutes = settings.outcomes.max_signal_age_hours * 60
    return float(min(settings.exits.max_holding * bar_minutes, age_minutes, HOLDING_MINUTES_MAX))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return str(value)
