"""What outcomes say, from a home that was really played and from one written by hand."""

from pathlib import Path

import pytest

from kingmaker.runtime import learning, outcomes
from kingmaker.runtime.cli.opening import opened, remember_desks
from kingmaker.runtime.cli.smoke import DESKS, Seen, play
from kingmaker.runtime.home import Home
from tests.runtime.cli import learned


@pytest.fixture(scope="module")
def crowned(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home with a coronation and a rollback. Only to be looked at."""
    home = Home(tmp_path_factory.mktemp("crowned") / "home")
    play(home, Seen(), None)
    remember_desks(home, [desk.model_dump(exclude_none=True) for desk in DESKS])
    return home


def test_the_equity_of_the_account_ends_where_the_trader_says(crowned: Home) -> None:
    with opened(crowned.path) as home:
        for desk in home.desks:
            said = home.query("SELECT equity, trades FROM desks WHERE desk = ?", desk.name)[0]
            found = outcomes.equity(home.query, desk.name)
            assert found["account"][-1]["equity"] == pytest.approx(said["equity"], abs=1e-12)


def test_both_sides_of_a_trial_have_a_point_for_every_pair_that_counted(crowned: Home) -> None:
    with opened(crowned.path) as home:
        compared = [
            row for desk in home.desks for row in outcomes.equity(home.query, desk.name)["compared"]
        ]
        pairs = home.query("SELECT count(*) AS n FROM pairs WHERE counted = 1")[0]["n"]
    assert compared
    assert {row["kind"] for row in compared} <= {"trial", "twin", "watch"}
    for row in compared:
        assert len(row["champion"]) == len(row["challenger"]) == row["pairs"]
    assert sum(row["pairs"] for row in compared) == pairs


def test_every_closed_trade_has_its_excursions_and_none_ended_better_than_its_best(
    crowned: Home,
) -> None:
    with opened(crowned.path) as home:
        desk = home.desks[0]
        found = list(outcomes.excursions(home.log, desk.index))
        taken = learning.performance(home.query, desk.name)["overall"]["signals"]
    assert len(found) == taken > 0
    assert all(one.worst_r <= one.best_r for one in found)
    reasons = outcomes.by_reason(found)
    assert sum(row["trades"] for row in reasons) == taken
    assert reasons[0]["trades"] == max(row["trades"] for row in reasons)


def test_who_never_voted_is_left_out_and_who_did_has_the_count_of_its_table(
    tmp_path: Path,
) -> None:
    with opened(learned.home(tmp_path).path) as home:
        found = {row["name"]: row for row in outcomes.reliability(home.query, learned.DESK)}
        table = learning.performance(home.query, learned.DESK)["heads"]
    assert "regime_detector" not in found
    for row in table:
        if row["accuracy"]["n"]:
            assert found[row["head"]]["n"] == row["accuracy"]["n"]
