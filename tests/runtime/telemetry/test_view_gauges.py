"""What is shown of rows that are behind."""

from kingmaker.kernel.lane import Lane
from kingmaker.runtime.live.health import Health
from kingmaker.runtime.telemetry.measures import Measures
from kingmaker.runtime.telemetry.view_gauges import ViewGauges

TRADER = Lane("km.trader.v1", 1)


def test_it_shows_what_is_folded_and_when_that_was_everything() -> None:
    now = [100.0]
    measures = Measures(["oak"])
    gauges = ViewGauges(measures, lambda: now[0])
    health = Health(ready=True, lanes={str(TRADER): 41})
    gauges.look(health, lambda lane: 3 if lane == TRADER else 0, is_folded=True)
    assert measures.gauges["ready"] == {("views",): 1.0}
    assert measures.gauges["views_seq"] == {("km.trader.v1/1",): 41.0}
    assert measures.gauges["consumer_lag_events"] == {("views", "km.trader.v1", "1"): 3.0}
    assert measures.gauges["views_complete_timestamp_seconds"] == {(): 100.0}


def test_while_the_database_is_away_the_last_moment_stays() -> None:
    now = [100.0]
    measures = Measures(["oak"])
    gauges = ViewGauges(measures, lambda: now[0])
    gauges.look(Health(ready=True), lambda _: 0, is_folded=True)
    now[0] = 190.0
    gauges.look(Health(ready=False), lambda _: 0, is_folded=False)
    assert measures.gauges["views_complete_timestamp_seconds"] == {(): 100.0}
    assert measures.gauges["ready"] == {("views",): 0.0}


def test_rows_that_were_never_complete_have_no_such_moment() -> None:
    measures = Measures(["oak"])
    ViewGauges(measures).look(Health(), lambda _: 0, is_folded=False)
    assert "views_complete_timestamp_seconds" not in measures.gauges
