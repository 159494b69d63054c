"""Settings as the services hear them: flat text by key, each service its own sections."""

from collections.abc import Mapping

from kingmaker.runtime.settings import DeskSettings, Settings
from kingmaker.runtime.settings_load import leaves, value_of

# service -> the sections that its policy reads; what is not here changes none of its records
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "feed": ("market",),
    "trader": ("costs", "signals", "exits", "outcomes", "market"),
    "shadow": (),
    "registry": (),
    "learners": ("learning",),
    "promotion": ("promotion", "trial", "market"),
    "alerting": (),
}


def policy_values(settings: Settings, service: str, desk: str | None = None) -> dict[str, str]:
    """Return what `ApplyPolicy` brings to a service; a desk's own values win over the general."""
    chosen = SECTIONS[service]
    own = _of_desk(settings, desk) if desk else {}
    return {
        key: _text(own.get(key, value_of(settings, key)))
        for key in leaves(Settings)
        if key.partition(".")[0] in chosen
    }


def desk_settings(settings: Settings, desk: str) -> DeskSettings:
    """Return the settings of a desk; ValueError names those that there are."""
    for one in settings.desks:
        if one.name == desk:
            return one
    names = ", ".join(one.name for one in settings.desks) or "none"
    raise ValueError(f"no desk is called {desk!r}. Desks here: {names}.")


def _of_desk(settings: Settings, name: str) -> dict[str, object]:
    desk = desk_settings(settings, name)
    own = {
        "market.calendar": desk.calendar,
        "costs.fee_bp": desk.fee_bp,
        "costs.half_spread_bp": desk.half_spread_bp,
        "costs.slippage_bp": desk.slippage_bp,
    }
    return {key: value for key, value in own.items() if value is not None}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)
