"""The teacher: what it refuses, that it sees closed hours only, and that its graph is its own."""

from dataclasses import replace
from functools import cache

import jax
import numpy as np
import pytest

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.learners.bars import by_symbol
from kingmaker.learners.distillation import teacher as teaching
from kingmaker.learners.distillation.teacher import Options, Teacher
from kingmaker.learners.experience import Experience, UnfitDataError
from kingmaker.learners.learners.s15_rl_policy import Lived, S15RlPolicy
from kingmaker.learners.rl import one_processor
from kingmaker.learners.training import check_parity, open_session
from tests.services.learners import hours_world
from tests.services.learners.hours_world import STEP_MS
from tests.services.learners.trades import HOUR_MS

COUNT = 4200  # bars: 350 hours
HOURS = 24
STUDENT = S15RlPolicy(steps=200, discount=0.9, holding=12, bars_max=10_000, blur=0.3)
OPTIONS = Options(steps=100, discount=0.9)
TOLD_MS = (24 + HOURS) * HOUR_MS  # before then too few hours were over


@cache
def batch() -> Experience:
    given = hours_world.given(hours_world.bars_of(COUNT, drift=0.4, seed=1))
    return Experience.of(given.closed, by_symbol(given.market))


@cache
def lived() -> Lived:
    return STUDENT.lived(batch())


def of(chosen: np.ndarray) -> Lived:
    """Return these of the bars that were lived."""
    whole = lived()
    return whole._replace(
        states=whole.states[chosen],
        rewards=whole.rewards[chosen],
        following=whole.following[chosen],
        spans=whole.spans[chosen],
        close_ms=whole.close_ms[chosen],
        symbol=whole.symbol[chosen],
    )


def trained() -> Teacher:
    one_processor.start()
    return teaching.train(lived(), HOURS, OPTIONS, jax.random.key(7), lambda *_: None)


@cache
def taught() -> Teacher:
    return trained()


def test_too_few_hours_teach_nobody_and_say_how_many_are_needed() -> None:
    early = batch().until(240 * HOUR_MS)
    with pytest.raises(
        UnfitDataError,
        match=r"\d+ closed hours with decisions after them are too few for a teacher: 200 are"
        r" needed, each after 24 others. Train this slot without distillation",
    ):
        teaching.train(STUDENT.lived(early), HOURS, OPTIONS, jax.random.key(7), lambda *_: None)


def test_a_loss_that_is_no_number_ends_the_training_at_its_step() -> None:
    broken = lived()._replace(rewards=np.full_like(lived().rewards, np.nan))
    with pytest.raises(UnfitDataError, match="the teacher diverged: its loss is nan at step 50 of"):
        teaching.train(broken, HOURS, OPTIONS, jax.random.key(7), lambda *_: None)


def test_the_same_hours_and_seed_give_the_same_bytes() -> None:
    assert trained().export() == taught().export()


def test_it_says_nothing_before_it_has_seen_enough_hours_and_speaks_from_then_on() -> None:
    said = np.isfinite(taught().values(lived())).all(axis=1)
    assert said.tolist() == (lived().close_ms >= TOLD_MS).tolist()
    assert 0 < said.sum() < len(said)


def test_what_it_says_of_a_bar_is_the_same_whatever_comes_after_bit_for_bit() -> None:
    whole = taught().values(lived())
    for until_ms in range(TOLD_MS - HOUR_MS, lived().close_ms[-1], 7 * STEP_MS + 11 * HOUR_MS):
        known = lived().close_ms <= until_ms
        bars = tuple(one.until(until_ms) for one in lived().bars)
        part = of(known)._replace(bars=bars)
        assert taught().values(part).tobytes() == whole[known].tobytes(), until_ms


def test_what_it_says_of_a_bar_follows_from_closed_hours_alone() -> None:
    """A crash within an hour moves nothing until that hour is over."""
    at = 3000  # the first bar of an hour
    [own] = lived().bars
    prices = {name: getattr(own, name).copy() for name in ("open", "high", "low", "close")}
    for column in prices.values():
        column[at : at + 12] *= 0.5
    crashed = lived()._replace(bars=(replace(own, **prices),))
    before, after = taught().values(lived()), taught().values(crashed)
    over = own.close_ms[at + 11]
    same = lived().close_ms < over
    assert after[same].tobytes() == before[same].tobytes()
    first = int(np.flatnonzero(~same)[0])
    assert after[first].tobytes() != before[first].tobytes()


def test_its_graph_answers_as_its_reference_in_every_batch() -> None:
    decide = open_session(taught().export())
    inputs = taught().inputs(batch())
    for size in (1, 2, 7, len(inputs["hours"])):
        rows = {"hours": inputs["hours"][:size]}
        answers = taught().reference(rows)
        golden = {
            "in.hours": rows["hours"],
            "out.values": answers["values"].astype(np.float32),
            "out.action": answers["action"],
        }
        check_parity(decide, golden)


def test_its_graph_is_of_no_component() -> None:
    assert taught().name not in COMPONENTS


def test_what_it_is_worth_is_what_its_actions_earn() -> None:
    values = np.full((len(lived().rewards), 3), np.nan)
    told = lived().close_ms >= TOLD_MS
    values[told] = taught().values(lived())[told]
    chosen = values[told].argmax(axis=1)
    earned = lived().rewards[told][np.arange(len(chosen)), chosen]
    assert teaching.worth(taught(), lived()) == pytest.approx(earned.mean())
    assert teaching.worth(taught(), of(~told)) == 0.0
