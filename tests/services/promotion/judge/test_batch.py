"""Whole tables give the verdicts that their streams give one by one, bit for bit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kingmaker.evidence.batch.arithmetic import Floats
from kingmaker.promotion.judge import BadPairError, Pair, Stream, Terms, Verdict, judge
from kingmaker.promotion.judge.batch import columns
from kingmaker.promotion.judge.batch import streams as module
from kingmaker.promotion.judge.batch.aligned import Aligned
from kingmaker.promotion.judge.batch.curve import POINTS_MAX, Curve
from kingmaker.promotion.judge.batch.run import Run
from kingmaker.promotion.judge.batch.streams import judge_streams
from kingmaker.promotion.judge.cases import Gates
from kingmaker.promotion.policy import Policy
from tests.evidence.batch.streams import tables

LENIENT = Policy(min_trades=5, min_taken=3, max_drawdown_tolerance=0.5, sharpe_improvement=0.0)
canaries = st.none() | st.integers(1, 95)
segments = st.lists(st.integers(2, 92), max_size=3, unique=True).map(sorted)


def one_by_one(
    table: Floats, alpha: float | None, starts: list[int], canary: int | None = None
) -> list[Verdict]:
    return [
        judge(map(tuple, stream), alpha=alpha, segments=starts, canary=canary, policy=LENIENT)
        for stream in table.tolist()
    ]


@settings(max_examples=100, deadline=None)
@given(tables(), segments, st.sampled_from([0.0, 0.5, 3.0]), canaries)
def test_every_bit_of_every_verdict_is_that_of_the_stream_alone(
    pairs: Floats, starts: list[int], edge: float, canary: int | None
) -> None:
    table = pairs.transpose(2, 0, 1).copy()
    table[..., 1] += edge * np.minimum(1.0, np.abs(table[..., 1]))
    if canary is not None:
        table = np.clip(table, -1e6, 1e6)
    found = judge_streams(table, alpha=0.05, segments=starts, canary=canary, policy=LENIENT)
    alone = one_by_one(table, 0.05, starts, canary)
    assert [repr(one) for one in found] == [repr(one) for one in alone]


def test_streams_are_crowned_where_each_alone_is_whatever_its_neighbours_do() -> None:
    chance = np.random.default_rng(11)
    table = chance.standard_normal((24, 500, 2)) * 0.01
    table[:, :, 1] += chance.choice([0.0, 0.002, 0.006], (24, 1))
    table[:12][chance.random((12, 500)) < 0.3] = 0.0  # rows without a trade
    table[3], table[4, 200:] = 0.0, 0.0
    found = judge_streams(table, segments=[201], policy=LENIENT)
    assert 3 < sum(one.promoted for one in found) < 20
    assert [repr(one) for one in found] == [repr(one) for one in one_by_one(table, None, [201])]


def test_a_table_too_large_for_one_go_is_judged_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    table = np.random.default_rng(2).standard_normal((10, 60, 2))
    whole = judge_streams(table)
    monkeypatch.setattr(module, "AT_ONCE", 4 * 60)
    assert judge_streams(table) == whole
    verdicts = module.open_streams(table)
    monkeypatch.setattr(module.Streams, "verdicts", None)  # none is judged before it is asked for
    with pytest.raises(TypeError):
        next(verdicts)


@pytest.mark.parametrize(
    "policy",
    [
        Policy(),
        Policy(min_sharpe=0.3, sharpe_rule="classic", win_rate_tolerance=0.05),
        Policy(p_method="naive_t"),
    ],
    ids=["default", "strict", "naive"],
)
def test_the_gates_on_columns_let_pass_what_the_gates_let_pass(policy: Policy) -> None:
    """Cases as they come: 40 streams after 60, 90 and 120 pairs, one gate at a time."""
    chance = np.random.default_rng(4)
    table = chance.standard_normal((40, 120, 2)) * 0.01
    table[:, :, 1] += chance.choice([-0.001, 0.0, 0.005], (40, 1))
    for pairs in (60, 90, 120):
        judged = module.Streams(Terms(policy=policy), table[:, :pairs])
        for k in range(pairs):
            judged._hear(k)
        for name in judged.one.gates.holding:
            if name not in columns.GATES:
                continue
            single = []
            for at in range(40):
                judged._look(at, pairs)
                findings = judged.one.moment().findings
                single.append(next(one.passed for one in findings if one.gate == name))
            assert columns.GATES[name](judged._cases()).tolist() == single, name


def test_the_classic_t_test_alone_has_no_twin() -> None:
    everything = Policy(p_method="naive_t", min_sharpe=0.0)
    asked = {gate.name for gate in Gates(Terms(policy=everything)).asked}
    assert asked - set(columns.GATES) == {"naive_t"}


def test_under_the_classic_t_test_the_verdicts_are_alike_too() -> None:
    naive = Policy(p_method="naive_t")
    table = np.random.default_rng(9).standard_normal((12, 150, 2))
    found = judge_streams(table, policy=naive)
    alone = [judge(map(tuple, stream), policy=naive) for stream in table.tolist()]
    assert [repr(one) for one in found] == [repr(one) for one in alone]
    assert any(one.promoted for one in found)


def test_streams_without_pairs_or_rows_are_judged_too() -> None:
    assert [one.rows for one in judge_streams(np.zeros((2, 3, 2)))] == [3, 3]
    assert [one.rows for one in judge_streams(np.zeros((2, 0, 2)))] == [0, 0]
    assert judge_streams(np.zeros((0, 5, 2))) == ()


def test_pairs_are_counted_and_remember_their_rows() -> None:
    table = np.zeros((2, 4, 2))
    table[1, 1], table[1, 3] = (0.1, 0.0), (0.0, 0.2)
    aligned = Aligned.of(table)
    assert aligned.counts.tolist() == [2, 0]
    assert aligned.places.tolist() == [1, 0]
    assert aligned.rows[0, :2].tolist() == [2, 4]
    assert list(aligned.steps()) == [(0, 1), (1, 1)]
    assert [list(mask) for mask in aligned.starts((3, 9))[1]] == [[True, False]]
    assert (aligned.late_starts(0, (3, 9)), aligned.late_starts(1, (3, 9))) == (0, 1)


@pytest.mark.parametrize("shape", [(3, 2), (2, 3, 3), (4,)])
def test_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"needed: \(streams, pairs, 2\)"):
        judge_streams(np.zeros(shape))


def test_a_return_that_is_no_number_is_named_with_its_stream() -> None:
    table = np.zeros((3, 5, 2))
    table[2, 3, 1] = np.nan
    with pytest.raises(BadPairError, match=r"row 4: the challenger's return is nan.*\(stream 2\)"):
        judge_streams(table)
    table[2, 3, 1] = 2e6
    with pytest.raises(BadPairError, match=r"row 4: a pair needs returns up.*\(stream 2\)"):
        judge_streams(table, canary=3)


def in_stretches(stream: Floats, ends: list[int], terms: Terms | None = None) -> Run:
    run = Run(terms or Terms())
    for first, end in zip([0, *ends], [*ends, len(stream)], strict=True):
        run.hear(*stream[first:end].T)
    return run


@settings(max_examples=100, deadline=None)
@given(
    tables(),
    segments,
    st.sampled_from([0.0, 0.5, 3.0]),
    st.lists(st.integers(0, 90), max_size=3).map(sorted),
    canaries,
)
def test_a_run_in_stretches_gives_the_verdict_of_the_stream(
    pairs: Floats, starts: list[int], edge: float, ends: list[int], canary: int | None
) -> None:
    stream = pairs[:, :, 0].copy()
    stream[:, 1] += edge * np.minimum(1.0, np.abs(stream[:, 1]))
    if canary is not None:
        stream = np.clip(stream, -1e6, 1e6)
    ends = [min(end, len(stream)) for end in ends]
    for policy in (LENIENT, Policy(p_method="naive_t", min_trades=5, min_taken=3)):
        terms = Terms(0.05, tuple(starts), canary, policy)
        run = in_stretches(stream, ends, terms)
        stream_alone = Stream(terms)
        for pair in stream.tolist():
            stream_alone.hear(Pair(*pair))
        assert repr(run.verdict()) == repr(stream_alone.verdict())


def test_a_long_run_is_crowned_where_the_stream_is() -> None:
    chance = np.random.default_rng(3)
    stream = chance.standard_normal((20_000, 2)) * 0.01
    stream[9_000:, 1] += 0.001
    stream[chance.random(20_000) < 0.2] = 0.0
    run = in_stretches(stream, [7_999, 12_345], Terms(segments=(8_000,)))  # a part begins there
    plain = judge(map(tuple, stream.tolist()), segments=[8_000])
    assert repr(run.verdict()) == repr(plain)
    assert plain.first is not None
    assert plain.first.row > 9_000


def test_flags_of_a_run_are_those_of_the_stream() -> None:
    stream = np.array([[0.0, 0.0], [0.0, 0.1], [0.0, 0.0]])
    run = Run(Terms())
    run.hear(
        stream[:, 0], stream[:, 1], np.array([True, False, False]), np.array([False, True, False])
    )
    told = run.verdict()
    assert (told.skipped, told.now.champion.taken, told.now.challenger.taken) == (1, 1, 1)
    with pytest.raises(BadPairError, match=r"^row 5: the challenger took no trade"):
        run.hear(stream[:2, 0], stream[:2, 1], np.array([False, False]), np.array([False, False]))


def test_a_return_of_a_run_that_is_no_number_is_named_by_its_row() -> None:
    run = in_stretches(np.ones((7, 2)), [])
    with pytest.raises(BadPairError, match=r"^row 9: the champion's return is inf"):
        run.hear(np.array([0.0, np.inf]), np.zeros(2))


def test_a_curve_of_any_length_has_few_points_and_all_its_peaks() -> None:
    heights = np.zeros(1_000_001)
    heights[123_457], heights[777_777], heights[-1] = 9.0, -5.0, 1.5
    curve = Curve()
    for first in range(0, len(heights), 10_000):
        part = heights[first : first + 10_000]
        curve.add(first + 1 + np.arange(len(part)), part)
    points = list(curve.points())
    assert len(points) < 3 * POINTS_MAX
    assert {min(height for _, height in points), max(height for _, height in points)} == {-5.0, 9.0}
    assert [row for row, _ in points] == sorted(row for row, _ in points)
    assert points[-1] == (1_000_001, 1.5)
    assert next(row for row, height in points if height == 9.0) - 123_458 in range(2048)
    assert list(Curve().points()) == []
