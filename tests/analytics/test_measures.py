"""The numbers of a window: counted by hand for a history that fits on a page."""

from kingmaker.analytics.domain import WindowMeasured
from kingmaker.analytics.measures import measured
from tests.analytics import days
from tests.analytics.days import BEGIN_MS, HOUR_MS, OTHER, SLOT, fold

DAY_MS, TWO_DAYS_MS = 24 * HOUR_MS, 48 * HOUR_MS


def rows(window_ms: int) -> dict[tuple[str, str, str], WindowMeasured]:
    windows = fold(tuple(days.lane()), TWO_DAYS_MS)
    found = measured("one", windows, window_ms)
    return {(row.slot, row.model, row.role): row for row in found}


def test_every_player_of_the_whole_history_is_counted() -> None:
    found = rows(TWO_DAYS_MS)
    assert list(found) == [
        (OTHER, "v1.0.0", "champion"),
        (SLOT, "v1.1.0", "challenger"),
        (SLOT, "v1.0.0", "champion"),
        (SLOT, "v1.1.0", "champion"),
        (SLOT, "v1.0.0", "dethroned"),
    ]
    assert {row.until_ms for row in found.values()} == {BEGIN_MS + 33 * HOUR_MS}


def test_a_champion_has_the_trades_of_its_lineup_and_its_own_votes() -> None:
    found = rows(TWO_DAYS_MS)
    other, first = found[OTHER, "v1.0.0", "champion"], found[SLOT, "v1.0.0", "champion"]
    assert (other.opportunities, other.trades, other.won, other.win_rate) == (3, 2, 2, 1.0)
    assert other.net == 0.04
    assert (other.votes, other.votes_against, other.disagreement) == (3, 1, 1 / 3)
    assert (first.opportunities, first.trades, first.net) == (2, 2, 0.04)
    assert (first.votes_against, first.departures) == (0, 0)


def test_a_challenger_has_its_own_outcomes_and_those_where_it_equals_the_champion() -> None:
    trial = rows(TWO_DAYS_MS)[SLOT, "v1.1.0", "challenger"]
    assert (trial.opportunities, trial.departures) == (2, 1)
    assert (trial.trades, trial.won, trial.win_rate) == (2, 1, 0.5)
    assert trial.net == 0.03 - 0.02


def test_who_stays_out_trades_nothing_and_the_dethroned_is_told_apart() -> None:
    found = rows(TWO_DAYS_MS)
    crowned, dethroned = found[SLOT, "v1.1.0", "champion"], found[SLOT, "v1.0.0", "dethroned"]
    assert (crowned.trades, crowned.net, crowned.win_rate) == (0, 0.0, 0.0)
    assert (dethroned.trades, dethroned.won, dethroned.net) == (1, 0, -0.04)


def test_latency_is_that_of_the_own_model_and_absent_under_a_scheduler() -> None:
    found = rows(TWO_DAYS_MS)
    crowned, dethroned = found[SLOT, "v1.1.0", "champion"], found[SLOT, "v1.0.0", "dethroned"]
    assert (crowned.answers, crowned.latency_us_p50, crowned.latency_us_p99) == (1, 300, 300)
    assert (dethroned.answers, dethroned.latency_us_p50) == (1, 900)
    assert found[SLOT, "v1.0.0", "champion"].answers == 0


def test_a_shorter_window_counts_what_happened_in_it() -> None:
    found = rows(DAY_MS)  # from hour 9, which is outside, to hour 33
    assert found[OTHER, "v1.0.0", "champion"].opportunities == 2
    assert found[SLOT, "v1.1.0", "challenger"].net == 0.03
    assert not rows(HOUR_MS)[SLOT, "v1.0.0", "dethroned"].opportunities
    assert rows(HOUR_MS)[SLOT, "v1.0.0", "dethroned"].trades == 1


def test_quantiles_are_nearest_ranks() -> None:
    events = [
        days.activated(1, SLOT, "v1.0.0", "first"),
        *(
            days.decided(2 + at, 1, "first", latencies_us={"champion/online_learning": at})
            for at in range(1, 201)
        ),
    ]
    [row] = measured("one", fold(events, DAY_MS), DAY_MS)
    assert (row.answers, row.latency_us_p50, row.latency_us_p99) == (200, 100, 198)
