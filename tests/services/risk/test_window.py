"""The window of risk: what is read of it is the same, however long ago its process began."""

from kingmaker.risk.references import WINDOW
from kingmaker.risk.window import KEPT, REACH, TRIM_AT, Window, observe
from tests.services.risk.markets import bars

ASH = list(bars(2 * TRIM_AT))


def shown(these: list[object]) -> Window:
    window = Window()
    for bar in these:
        window = observe(window, bar)  # type: ignore[arg-type] # bars
    return window


def test_a_window_is_whole_with_all_that_its_features_look_back_on() -> None:
    before = shown([*ASH[: KEPT - 1]])
    assert not before.tracks["ASH"].is_whole(0, before.places)
    whole = shown([*ASH[:KEPT]])
    assert whole.tracks["ASH"].is_whole(0, whole.places)
    assert len(whole.tracks["ASH"].rows()) == WINDOW


def test_it_is_whole_again_after_as_many_bars_as_a_window_has() -> None:
    since_ms = ASH[KEPT - 1].close_ms
    for more, is_whole in ((WINDOW - 1, False), (WINDOW, True)):
        window = shown([*ASH[: KEPT + more]])
        assert window.tracks["ASH"].is_whole(since_ms, window.places) == is_whole


def test_a_process_that_began_later_reads_the_same_bits() -> None:
    long, short = shown([*ASH]), shown([*ASH[-KEPT:]])
    assert long.tracks["ASH"].rows() == short.tracks["ASH"].rows()
    assert short.tracks["ASH"].is_whole(0, short.places)


def test_what_is_out_of_reach_is_not_there() -> None:
    others = list(bars(REACH, symbol="OAK"))
    window = shown([*ASH[:KEPT], *others])
    assert not window.tracks["ASH"].is_whole(0, window.places)
    assert window.tracks["OAK"].is_whole(0, window.places)


def test_a_bar_that_does_not_go_on_in_time_is_left_out() -> None:
    once, twice = shown([*ASH[:KEPT]]), shown([*ASH[:KEPT], ASH[3]])
    assert once.tracks["ASH"].rows() == twice.tracks["ASH"].rows()
