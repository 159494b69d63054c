"""What the services hear of the settings, and that each of them understands it."""

import importlib
from collections.abc import Callable
from dataclasses import fields
from itertools import chain
from typing import Any, get_args, get_origin

import pytest
from annotated_types import Ge, Le

from kingmaker.learners import policy as learners
from kingmaker.runtime.settings import (
    CommandName,
    DeskSettings,
    Governance,
    Historical,
    Learning,
    Market,
    Settings,
)
from kingmaker.runtime.settings_distillation import Distillation
from kingmaker.runtime.settings_load import leaves
from kingmaker.runtime.settings_policy import SECTIONS, desk_settings, policy_values
from kingmaker.runtime.settings_risk import Drift, Guard

EUR = DeskSettings(name="eur", calendar="fx", fee_bp=0.2)
LEARNS_ON = Learning(revisions=("online_learning",), tuning=("online_learning",))
SETTINGS = Settings(
    desks=(DeskSettings(name="btc"), EUR),
    learning=LEARNS_ON,
    guard=Guard(enabled=True),
    historical=Historical(enabled=True),
    drift=Drift(enabled=True),
    distillation=Distillation(hours=48),
)
OF_OTHERS = {"desk_min_trades", "heads", "history", "distillation"}  # their keys are not its own
UNHEARD = {  # the runtime's own
    "home",
    "desks",
    "artifacts",
    "trusted_keys",
    "clock",
    "profile",
    "analytics.windows",
    *(key for key in leaves(Settings) if key.startswith(("kafka.", "telemetry.", "views.", "s3."))),
}


def test_an_unknown_desk_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ValueError, match=r"no desk is called 'gold'\. Desks here: btc, eur\."):
        desk_settings(SETTINGS, "gold")


def test_a_desk_has_its_own_costs_and_calendar() -> None:
    assert policy_values(SETTINGS, "trader", "btc")["costs.fee_bp"] == "4.0"
    assert policy_values(SETTINGS, "trader", "eur")["costs.fee_bp"] == "0.2"
    assert policy_values(SETTINGS, "feed", "btc") == {"market.calendar": "24x7"}
    assert policy_values(SETTINGS, "feed", "eur") == {"market.calendar": "fx"}


def test_holidays_are_told_to_the_feed_and_by_desk_to_learners_where_there_are_any() -> None:
    market = Market(holidays=("2024-12-25", "2024-12-24 13:00-24:00"))
    eur = DeskSettings(name="eur", holidays=("2024-01-01",))
    desks = (DeskSettings(name="btc"), eur, DeskSettings(name="never", holidays=()))
    settings = Settings(desks=desks, market=market, historical=Historical(enabled=True))
    general, key = "2024-12-25,2024-12-24 13:00-24:00", "market.holidays"
    told = [policy_values(settings, "feed", name).get(key) for name in ("btc", "eur", "never")]
    assert told == [general, "2024-01-01", None]
    learners = policy_values(settings, "learners")
    of_desks = {name: text for name, text in learners.items() if name.startswith(key)}
    assert of_desks == {f"{key}@btc": general, f"{key}@eur": "2024-01-01"}
    others = [policy_values(settings, name, "btc") for name in ("trader", "promotion")]
    assert not any(key in values for values in others)


def test_a_holiday_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ValueError, match="'noel' is no holiday"):
        Market(holidays=("noel",))


def test_what_learns_on_is_told_to_learners_and_traders_once_it_is_set() -> None:
    key, plain = "learning.revisions", Settings(desks=SETTINGS.desks)
    for service in ("learners", "trader"):
        assert policy_values(SETTINGS, service, "btc")[key] == "online_learning"
        assert key not in policy_values(plain, service, "btc")


def test_of_a_guard_that_is_off_risk_hears_nothing() -> None:
    assert "guard.enabled" in policy_values(SETTINGS, "risk", "btc")
    off = policy_values(Settings(desks=SETTINGS.desks), "risk", "btc")
    assert not [key for key in off if key.startswith(("guard.", "drift."))]


def test_what_the_calendar_starts_is_told_to_learners_once_it_is_on() -> None:
    told = policy_values(SETTINGS, "learners")
    assert told["historical.enabled"] == "1"
    assert told["historical.intensity"] == "INTENSIVE"
    assert told["market.calendar@btc"] == "24x7"
    assert told["market.calendar@eur"] == "fx"
    silent = policy_values(Settings(desks=SETTINGS.desks), "learners")
    assert not [key for key in silent if key.startswith(("historical.", "market."))]


def test_how_a_teacher_teaches_is_told_to_learners_once_it_is_set() -> None:
    told = policy_values(SETTINGS, "learners")
    assert (told["distillation.hours"], told["distillation.share"]) == ("48", "0.5")
    silent = policy_values(Settings(desks=SETTINGS.desks), "learners")
    assert not [key for key in silent if key.startswith("distillation.")]


def test_every_key_is_heard_by_some_service() -> None:
    settings = SETTINGS.model_copy(update={"market": Market(holidays=("2024-12-25",))})
    heard = chain.from_iterable(
        policy_values(settings, name, "btc", live=True) for name in SECTIONS
    )
    derived = {
        "promotion.max_holding_minutes",
        *(f"market.{what}@{desk}" for what in ("calendar", "holidays") for desk in ("btc", "eur")),
    }
    assert set(heard) == set(leaves(Settings)) - UNHEARD | derived


def test_a_person_may_set_all_that_the_learners_go_by() -> None:
    """Seven settings once stood in another section: they were shown, set and heard by nobody."""
    names = {one.name for one in fields(learners.Policy)} - OF_OTHERS
    keys = {learners.ELSEWHERE.get(name, learners.PREFIX + name) for name in names}
    keys |= {f"{learners.PREFIX}min_trades@eur"}
    own = DeskSettings(name="eur", min_trades=100)
    heard = policy_values(Settings(desks=(own,), learning=LEARNS_ON), "learners", live=True)
    assert keys <= set(heard)


@pytest.mark.parametrize("service", ["feed", "trader", "learners", "promotion", "risk"])
def test_a_service_understands_all_that_a_person_may_set(service: str) -> None:
    read = _reader_of(service)
    heard = policy_values(SETTINGS, service, "eur", live=True)
    read(heard)
    for key, info in leaves(Settings).items():
        if key in heard:
            for value in _bounds(info):
                read({key: str(value)})


@pytest.mark.parametrize(
    ("key", "value"),
    [("promotion.max_latency_ms", "50.0"), ("governance.max_ahead_minutes", "5.0")],
)
def test_what_is_held_against_the_wall_is_heard_on_live_hosts_only(key: str, value: str) -> None:
    assert policy_values(SETTINGS, "promotion", "btc", live=True)[key] == value
    assert key not in policy_values(SETTINGS, "promotion", "btc")


@pytest.mark.parametrize("service", ["promotion", "risk", "learners"])
def test_every_service_that_people_command_hears_how_far_ahead_they_may_sign(service: str) -> None:
    key = "governance.max_ahead_minutes"
    assert policy_values(SETTINGS, service, "btc", live=True)[key] == "5.0"
    assert key not in policy_values(SETTINGS, service, "btc")


def test_of_governance_learners_hear_nothing_else() -> None:
    told = policy_values(SETTINGS, "learners", live=True)
    keys = [key for key in told if key.startswith("governance.")]
    assert keys == ["governance.max_ahead_minutes"]


def test_a_position_lasts_as_long_as_its_exits_allow() -> None:
    values = policy_values(SETTINGS, "promotion", "btc")
    assert values["promotion.max_holding_minutes"] == "720.0"
    slow = Settings(desks=(DeskSettings(name="slow", interval="1d"),))
    values = policy_values(slow, "promotion", "slow")
    assert values["promotion.max_holding_minutes"] == "4320.0"


def _reader_of(service: str) -> Callable[[dict[str, str]], object]:
    """Return how a service reads its settings: a function, or a method of its policy."""
    module: Any = importlib.import_module(f"kingmaker.{service}.policy")
    read: Callable[[dict[str, str]], object] = (
        getattr(module, "from_values", None) or module.Policy.from_values
    )
    return read


def _bounds(info: Any) -> list[object]:  # noqa: ANN401 - what pydantic knows of a field
    """Return the extreme values that the settings allow."""
    if get_origin(info.annotation) is tuple:  # a list: of each of its choices
        choices = tuple(chain.from_iterable(map(get_args, get_args(info.annotation))))
    else:
        choices = get_args(info.annotation)
    marks = [mark for mark in info.metadata if isinstance(mark, Ge | Le)]
    return [*choices, *(mark.ge if isinstance(mark, Ge) else mark.le for mark in marks)]


def test_what_one_desk_wants_of_learners_names_the_desk() -> None:
    settings = Settings(desks=(DeskSettings(name="small", min_trades=400), DeskSettings(name="b")))
    values = policy_values(settings, "learners")
    assert values["learning.min_trades@small"] == "400"
    assert "learning.min_trades@b" not in values


def test_commands_that_need_two_people_are_those_that_there_are() -> None:
    from kingmaker.promotion.roles import NEEDED  # noqa: PLC0415 - a service's: only to compare

    assert set(get_args(CommandName)) == set(NEEDED)
    two = Settings(desks=(EUR,), governance=Governance(four_eyes=("Rollback", "Thaw")))
    assert policy_values(two, "promotion", "eur")["governance.four_eyes"] == "Rollback,Thaw"
