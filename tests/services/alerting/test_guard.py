"""A step of the guard resolves the alert of the level it leaves, and fires that of the new one."""

from dataclasses import replace

from kingmaker.alerting.domain import RESOLVED, State
from kingmaker.alerting.heard import GuardChanged
from kingmaker.alerting.rules import discover

DOWN = GuardChanged("hourly", 1, "reduced", "normal", "losses", 0.5, 46, 0.87, 0.006, 6, 9)
BACK = replace(DOWN, number=3, level="reduced", before="paused", cause="recovered")


def told(step: GuardChanged) -> list[tuple[str, str, str]]:
    alerts = [alert for rule in discover() if (alert := rule(State(), step))]
    return [(one.type, one.severity, one.state) for one in alerts]


def test_the_first_step_down_warns_and_a_pause_is_critical() -> None:
    assert told(DOWN) == [("guard_reduced", "WARNING", "")]
    assert told(replace(DOWN, level="paused")) == [("guard_paused", "CRITICAL", "")]
    both = told(replace(DOWN, level="paused", before="reduced"))
    assert both == [("guard_paused", "CRITICAL", ""), ("guard_reduced", "WARNING", RESOLVED)]


def test_a_step_back_resolves_what_it_leaves() -> None:
    both = told(BACK)
    assert both == [("guard_paused", "CRITICAL", RESOLVED), ("guard_reduced", "WARNING", "")]
    normal = replace(BACK, level="normal", before="reduced")
    assert told(normal) == [("guard_reduced", "WARNING", RESOLVED)]


def test_it_says_what_the_trades_came_to() -> None:
    [alert] = [one for rule in discover() if (one := rule(State(), DOWN))]
    assert alert.message == (
        "hourly trades at half size: of the last 46 trades 87% won, drawdown 0.6%,"
        " 6 losses in a row (losses)"
    )
    assert (alert.key, alert.n) == ("guard_reduced:guard-1@hourly", 46)
    off = replace(BACK, level="normal", before="paused", cause="settings")
    [alert] = [one for rule in discover() if (one := rule(State(), off))]
    assert alert.message == (
        "hourly is no longer paused: trades at full size: the guard was turned off"
    )
