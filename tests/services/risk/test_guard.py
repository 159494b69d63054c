"""The performance guard: exact trades at which it steps down, and back."""

from collections.abc import Sequence

import pytest

from kingmaker.kernel.frozen import replace
from kingmaker.risk.guard import (
    NORMAL,
    PAUSED,
    REDUCED,
    Guard,
    Measure,
    Rules,
    broken,
    measure,
    step,
)

RULES = Rules()
WIN, LOSS = 0.001, -0.001


def steps(
    nets: Sequence[float], level: str = NORMAL, rules: Rules = RULES
) -> list[tuple[int, str, str]]:
    """Return trade, level and cause of every step, as the fold of risk takes them."""
    guard, taken = Guard(level), []
    for number, net in enumerate(nets, start=1):
        kept = (*guard.nets, net)[-rules.looked_at :]
        guard = replace(guard, nets=kept, since=guard.since + 1)
        found = step(guard, rules)
        if found is not None:
            level, why, seen = found
            taken.append((number, level, why))
            kept = guard.nets[-seen.trades :] if why == "recovered" else guard.nets
            guard = replace(guard, level=level, since=0, nets=kept)
    return taken


def test_what_is_measured_of_trades() -> None:
    found = measure((0.25, -0.125, -0.25, 0.125, -0.125, 0.0))
    assert found == Measure(6, 2 / 6, 0.375, 2)  # a trade that made nothing is no win
    assert measure(()) == Measure(0, 1.0, 0.0, 0)


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (Measure(50, 0.45, 0.049, 5), ""),
        (Measure(50, 0.449, 0.0, 0), "win_rate"),
        (Measure(50, 0.5, 0.05, 0), "drawdown"),
        (Measure(50, 0.5, 0.0, 6), "losses"),
    ],
)
def test_a_limit_is_broken_from_its_figure_on(found: Measure, why: str) -> None:
    assert broken(found, RULES.reduced) == why


def test_nothing_is_said_of_fewer_than_twenty_trades() -> None:
    assert steps([LOSS] * 19) == []
    assert steps([LOSS] * 20) == [(20, PAUSED, "win_rate")]


def test_a_win_rate_falls_through_both_limits_at_exact_trades() -> None:
    nets = [WIN, LOSS] * 4 + [WIN] * 12 + [LOSS, WIN] * 15
    assert steps(nets) == []
    # From here on one in three wins, so that no other limit is broken.
    worse = nets + [LOSS, LOSS, WIN] * 20
    assert [one[1:] for one in steps(worse)] == [(REDUCED, "win_rate"), (PAUSED, "win_rate")]
    at, then = steps(worse)
    for number, limit in ((at[0], 0.45), (then[0], 0.35)):
        assert measure(worse[:number][-50:]).win_rate < limit
        assert measure(worse[: number - 1][-50:]).win_rate >= limit


def test_losses_in_a_row_reduce_at_the_sixth_and_pause_at_the_tenth() -> None:
    nets = [WIN] * 40 + [LOSS] * 10
    assert steps(nets) == [(46, REDUCED, "losses"), (50, PAUSED, "losses")]


def test_a_drawdown_reduces_at_five_per_cent_and_pauses_at_ten() -> None:
    nets = [WIN, WIN] * 15 + [-0.026, WIN, -0.026, WIN, -0.04, WIN, -0.02]
    assert steps(nets) == [(33, REDUCED, "drawdown"), (37, PAUSED, "drawdown")]


def test_one_step_back_after_twenty_good_trades_and_the_bad_ones_are_forgiven() -> None:
    bad = [WIN] * 40 + [LOSS] * 10
    back = steps(bad + [WIN, LOSS] * 20)
    assert back == [
        (46, REDUCED, "losses"),
        (50, PAUSED, "losses"),
        (70, REDUCED, "recovered"),
        (90, NORMAL, "recovered"),
    ]


def test_twenty_trades_that_are_not_good_do_not_help() -> None:
    bad = [WIN] * 40 + [LOSS] * 10
    poor = [LOSS, LOSS, WIN] * 7  # a third won
    taken = steps(bad + poor + [WIN] * 20)
    assert taken[1] == (50, PAUSED, "losses")
    number, level, why = taken[2]
    assert (level, why) == (REDUCED, "recovered")
    assert measure((bad + poor + [WIN] * 20)[number - 20 : number]).win_rate >= 0.45
    assert measure((bad + poor + [WIN] * 20)[number - 21 : number - 1]).win_rate < 0.45


def test_two_steps_down_at_once_where_it_is_that_bad() -> None:
    nets = [WIN] * 25 + [-0.11]
    assert steps(nets) == [(26, PAUSED, "drawdown")]
