"""Decision buckets become pairs: in order, each once, and counted only if whole."""

from dataclasses import replace
from itertools import pairwise

from kingmaker.kernel.service import Answer, Question
from kingmaker.trader import buckets
from kingmaker.trader.heard import BarClosed, ChampionCrowned, TrialClosed
from kingmaker.trader.policy import Policy
from kingmaker.trader.said import OpportunityDecided, OpportunityResolved, PairResolved, Side
from tests.services.trader.desk import DESK, HOUR, Rig, picky, reigning, taking, tried, walk

BUCKET = 12 * HOUR


def two_symbols(bars: int) -> list[BarClosed]:
    """Return bars of two symbols, as they come."""
    both = zip(walk(bars), walk(bars, seed=7, symbol="ELM"), strict=True)
    return [bar for pair in both for bar in pair]


BARS = two_symbols(600)


def paired() -> tuple[Rig, str]:
    """Return a desk with one challenger that lived through all bars."""
    rig = reigning(picky)
    trial = tried(rig)
    rig.hear_all(BARS)
    return rig, trial


def test_pairs_come_in_order_and_number_the_trial() -> None:
    rig, trial = paired()
    pairs = rig.of(PairResolved)
    assert len(pairs) > 25
    assert all(before.bucket < after.bucket for before, after in pairwise(pairs))
    assert [pair.number for pair in pairs] == list(range(1, len(pairs) + 1))
    assert {(pair.trial, pair.slot) for pair in pairs} == {(trial, f"online_learning@{DESK}")}


def test_a_pair_is_the_sum_of_its_bucket_in_the_order_of_the_lane() -> None:
    rig, _ = paired()
    for pair in rig.of(PairResolved):
        inside = [e for e in rig.of(OpportunityResolved) if e.bucket == pair.bucket]
        for side, place in ((pair.champion, 0), (pair.challenger, 1)):
            outcomes = [e.outcomes[place] for e in inside if e.outcomes[place].taken]
            total = 0.0
            for outcome in outcomes:
                total += outcome.net
            won = sum(outcome.net > 0.0 for outcome in outcomes)
            assert side == Side(total, len(outcomes), won)


def test_a_pair_comes_as_soon_as_its_bucket_is_over_and_all_of_it_and_before_it_is_resolved() -> (
    None
):
    rig, _ = paired()
    ends: dict[int, int] = {}
    for event in rig.of(OpportunityResolved):
        ends[event.bucket] = max(ends.get(event.bucket, 0), event.time_ms)
    for pair in rig.of(PairResolved):
        last = max(time_ms for bucket, time_ms in ends.items() if bucket <= pair.bucket)
        assert pair.time_ms == max(last, (pair.bucket + 1) * BUCKET)


def test_a_bucket_without_a_trade_on_either_side_is_no_pair() -> None:
    rig = reigning(_left_alone)
    tried(rig)
    rig.hear_all(BARS)
    resolved = rig.of(OpportunityResolved)
    traded = {e.bucket for e in resolved if any(outcome.taken for outcome in e.outcomes)}
    assert {pair.bucket for pair in rig.of(PairResolved)} | set(rig.state.sums) == traded
    assert len(traded) < len({event.bucket for event in resolved})
    assert {pair.champion for pair in rig.of(PairResolved)} == {Side()}


def _left_alone(question: Question) -> Answer:
    """Answer for a champion that takes nothing and a challenger that takes shorts."""
    if question.key == "champion/online_learning":
        return Answer({"score": (0.4,)})
    return picky(question)


def test_time_passes_on_any_symbol_of_the_desk() -> None:
    rig = reigning(picky)
    tried(rig)
    alone = [bar for bar in BARS if bar.symbol == "ASH"]
    rig.hear_all(alone[:300])
    while rig.state.open or not rig.state.sums:
        rig.hear(alone[300])
        alone.pop(300)
    before, waiting = len(rig.of(PairResolved)), max(rig.state.sums)
    late = replace(alone[300], symbol="ELM", open_ms=(waiting + 1) * BUCKET)
    rig.hear(late)
    assert [pair.bucket for pair in rig.of(PairResolved)[before:]][-1] == waiting


def test_a_bucket_in_which_the_challenger_was_warmed_is_not_counted() -> None:
    rig = reigning(picky)
    rig.hear_all(BARS[:400])
    trial = tried(rig)
    first = rig.state.branches[trial].first_bucket
    assert first == rig.window.now_ms // BUCKET + 1
    rig.hear_all(BARS[400:])
    pairs = rig.of(PairResolved)
    assert [pair.counted for pair in pairs] == [pair.bucket >= first for pair in pairs]
    assert {pair.counted for pair in pairs[1:]} == {True}


def test_pairs_of_a_former_lineup_are_recorded_and_not_counted() -> None:
    rig = reigning(picky)
    online = tried(rig, "online_learning", 1)
    tried(rig, "cvar_ppo", 2)
    rig.hear_all(BARS[:700])
    lineup = rig.state.lineup_digest
    crown = ChampionCrowned(f"cvar_ppo@{DESK}", "v1.1.0", "digest-x2", 2, "promoted", 0)
    rig.hear(crown)
    first = rig.state.lineup_bucket
    assert first == rig.window.now_ms // BUCKET + 1
    told = len(rig.of(PairResolved))
    rig.hear_all(BARS[700:])
    after = [pair for pair in rig.of(PairResolved)[told:] if pair.trial == online]
    assert [pair.counted for pair in after] == [pair.bucket >= first for pair in after]
    assert {pair.lineup for pair in after if pair.counted} == {rig.state.lineup_digest}
    assert lineup != rig.state.lineup_digest
    numbers = [pair.number for pair in rig.of(PairResolved) if pair.trial == online]
    assert numbers == list(range(1, len(numbers) + 1)), "counted or not, they are numbered"


def test_a_trial_that_closed_has_no_more_pairs() -> None:
    rig = reigning(picky)
    trial = tried(rig)
    rig.hear_all(BARS[:700])
    rig.hear(TrialClosed(trial, f"online_learning@{DESK}", "fault", 0))
    told = len(rig.of(PairResolved))
    rig.hear_all(BARS[700:])
    assert len(rig.of(PairResolved)) == told
    assert not rig.state.sums


def test_a_bucket_is_as_long_as_the_longest_holding_time() -> None:
    assert buckets.length_ms(Policy(), HOUR) == 12 * HOUR
    assert buckets.length_ms(Policy(max_holding=3), HOUR) == 3 * HOUR
    assert buckets.length_ms(Policy(), 24 * HOUR) == 72 * HOUR
    assert buckets.length_ms(Policy(max_signal_age_hours=1), 24 * HOUR) == 24 * HOUR


def test_the_next_whole_bucket_begins_after_now() -> None:
    assert buckets.next_whole(10, 9) == 1
    assert buckets.next_whole(10, 10) == 2
    assert buckets.next_whole(0, 99) == 0


def test_a_pair_says_how_long_the_challengers_own_model_took_since_its_trial_began() -> None:
    rig = reigning(taking(40, challenger_us=1_030))
    trial = tried(rig)
    rig.hear_all(BARS)
    decided, counts = 0, []
    for event in rig.said:
        decided += isinstance(event, OpportunityDecided)
        if isinstance(event, PairResolved):
            assert event.latencies == {1_088: decided}
            counts.append(decided)
    assert len(counts) > 25
    assert rig.state.branches[trial].latencies == {1_088: decided}


def test_a_dethroned_champion_is_timed_no_more() -> None:
    rig = reigning(taking(40, challenger_us=1_030))
    tried(rig)
    slot = f"online_learning@{DESK}"
    rig.hear(ChampionCrowned(slot, "v1.1.0-trained", "digest-x1", 2, "promoted", 0))
    rig.hear_all(BARS)
    assert rig.of(PairResolved)
    assert not any(pair.latencies for pair in rig.of(PairResolved))
