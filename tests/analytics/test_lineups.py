"""Who decided: the champions of a lineup, and the model that a branch exchanges."""

from kingmaker.analytics.domain import ChallengerWarmed
from kingmaker.analytics.lineups import Player, lineups
from kingmaker.contracts.desks import component_of, twin_of
from tests.analytics import days
from tests.analytics.days import CANARY, OTHER, SLOT, TRIAL, fold


def test_a_lineup_is_complete_with_the_last_activation_that_bears_its_digest() -> None:
    windows = fold(tuple(days.lane()), days.HOUR_MS)
    known = lineups(windows.activated, windows.warmed)
    assert known.champions == {
        "first": (Player(OTHER, "v1.0.0", "champion"), Player(SLOT, "v1.0.0", "champion")),
        "second": (Player(OTHER, "v1.0.0", "champion"), Player(SLOT, "v1.1.0", "champion")),
    }


def test_a_trial_is_its_challenger_and_a_canary_the_dethroned() -> None:
    windows = fold(tuple(days.lane()), days.HOUR_MS)
    assert lineups(windows.activated, windows.warmed).branches == {
        TRIAL: Player(SLOT, "v1.1.0", "challenger"),
        CANARY: Player(SLOT, "v1.0.0", "dethroned"),
    }


def test_a_topic_that_forgot_who_reigned_leaves_the_dethroned_without_a_name() -> None:
    [*_, crown, _, _] = tuple(days.lane())
    windows = fold([crown], days.HOUR_MS)
    known = lineups(windows.activated, windows.warmed)
    assert known.branches[CANARY] == Player(SLOT, "", "dethroned")


def test_the_twin_of_a_champion_that_learns_is_no_challenger_of_its_own_version() -> None:
    twin = twin_of(component_of(SLOT), 2)
    known = lineups(
        {}, {0: ChallengerWarmed(TRIAL, SLOT, "v"), 1: ChallengerWarmed(twin, SLOT, "v")}
    )
    assert known.branches == {
        TRIAL: Player(SLOT, "v", "challenger"),
        twin: Player(SLOT, "v", "twin"),
    }
