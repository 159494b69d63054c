"""A student with a teacher: what it is worth where hours tell, and where nothing does."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from kingmaker.learners import admission, training
from kingmaker.learners.bars import by_symbol
from kingmaker.learners.contract import Arrays, Comparable
from kingmaker.learners.distillation import student
from kingmaker.learners.distillation import teacher as teaching
from kingmaker.learners.distillation.parameters import Distillation
from kingmaker.learners.distillation.teacher import NAME
from kingmaker.learners.experience import Experience, UnfitDataError, split
from kingmaker.learners.learners import s15_rl_policy
from kingmaker.learners.policy import Policy
from kingmaker.learners.training import Product
from tests.services.learners import bundles, hours_world
from tests.services.learners.trades import Given

COMPONENT = "s15_rl_policy"
BARS = 16_000
STEPS = 1000
ALONE: dict[str, float] = {
    "holdout_share": 0.25,
    "steps": STEPS,
    "discount": 0.9,
    "holding": 12,
    "bars_max": 3000,  # the teacher learns from longer ago
    "blur": 0.3,
}
TAUGHT = ALONE | Distillation().parameters()


@cache
def world(drift: float) -> Given:
    return hours_world.given(hours_world.bars_of(BARS, drift=drift, seed=1))


def train(drift: float, parameters: dict[str, float] = TAUGHT) -> tuple[Product, list[Any]]:
    said: list[Any] = []
    return training.train(COMPONENT, world(drift), 7, parameters, said.append), said


@cache
def planted() -> tuple[Product, list[Any]]:
    return train(0.4)


def test_where_hours_tell_the_student_keeps_what_its_teacher_knows_and_beats_itself_alone() -> None:
    """One world and seed of six that `python -m bench distillation` shows: there four do."""
    metrics = planted()[0].metrics
    taught = metrics[student.STUDENT]
    assert metrics[student.TEACHER] > 0.0
    assert metrics[student.ALONE] > 0.0
    assert taught >= 0.9 * metrics[student.TEACHER]
    assert taught >= 1.05 * metrics[student.ALONE]
    assert metrics[student.BARS] > 1000
    assert not admission.why_not(COMPONENT, metrics, Policy())


def test_where_nothing_tells_the_teacher_is_not_taught_from_and_the_record_says_why() -> None:
    with pytest.raises(UnfitDataError) as refused:
        train(0.0)
    assert "risks a bar on hours that it never saw, and staying out earns 0" in str(refused.value)
    assert "Train this slot without distillation" in str(refused.value)


def test_where_nothing_tells_a_student_of_a_lucky_teacher_is_not_admitted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(teaching, "worth", lambda *_: 1.0)
    product, _ = train(0.0)
    assert admission.why_not(COMPONENT, product.metrics, Policy())


def test_the_same_bars_and_seed_give_the_same_student_and_teacher() -> None:
    first, second = planted()[0], train(0.4)[0]
    assert (first.digest, first.manifest) == (second.digest, second.manifest)
    assert first.teacher
    assert second.teacher
    assert first.teacher.model == second.teacher.model


def test_without_a_teacher_the_same_parameters_make_the_student_alone() -> None:
    """What is recorded as `alone` is what a plain training makes of the same bars and seed."""
    product, _ = train(0.4, ALONE)
    assert product.teacher is None
    assert product.manifest["origin"] == "trained"
    assert not [name for name in product.metrics if name.startswith("distillation")]
    assert product.digest != planted()[0].digest
    made = s15_rl_policy.build(TAUGHT)
    assert isinstance(made, student.Distilled)
    assert made.student == s15_rl_policy.build(ALONE)


def test_what_it_did_is_shown_row_by_row_so_that_a_scheduled_retrain_can_judge_it() -> None:
    batch = Experience.of(world(0.4).closed, by_symbol(world(0.4).market))
    learned, holdout = split(batch, ALONE["holdout_share"])
    decide = training.open_session(planted()[0].model)
    made = s15_rl_policy.build(TAUGHT)
    assert isinstance(made, Comparable)
    shown = made.row_by_row(decide, holdout, learned)
    metrics = planted()[0].metrics
    assert shown.gain.mean() == pytest.approx(metrics["holdout_gain"])
    assert int((shown.net != 0.0).sum()) == metrics["holdout_acts"]


def test_it_answers_as_its_reference_in_every_batch_and_its_teacher_too() -> None:
    product = planted()[0]
    bundles.check_parity_in_batches(product)
    assert product.teacher
    decide = training.open_session(product.teacher.model)
    for size in bundles.BATCHES:
        rows = {name: rows[:size] for name, rows in product.teacher.golden.items()}
        training.check_parity(decide, rows)


def test_a_teacher_whose_graph_answers_otherwise_makes_no_product(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def otherwise(teacher: teaching.Teacher, inputs: Arrays) -> Arrays:
        told = faithful(teacher, inputs)
        return {**told, "values": told["values"].astype(np.float64) + 1e-2}

    faithful = teaching.Teacher.reference
    monkeypatch.setattr(teaching.Teacher, "reference", otherwise)
    with pytest.raises(training.UnfaithfulGraphError, match="values is off"):
        train(0.4)


def test_the_bundles_name_each_other_and_only_one_of_them_serves() -> None:
    product = planted()[0]
    assert product.teacher
    assert (product.manifest["origin"], product.manifest["component"]) == ("distilled", COMPONENT)
    assert product.manifest["teacher"] == product.teacher.digest
    assert product.teacher.manifest["component"] == NAME
    assert product.teacher.manifest["dataset_digest"] == product.manifest["dataset_digest"]
    assert product.teacher.digest != product.digest


def test_its_progress_tells_three_learners_one_after_another_with_their_losses() -> None:
    points: list[Any] = [one for one in planted()[1] if not isinstance(one, str)]
    steps = [one["step"] for one in points]
    assert steps == sorted(steps)
    assert {one["of"] for one in points} == {300 + 2 * STEPS}
    assert steps[-1] == 300 + 2 * STEPS
    whose = [one["whose"] for one in points]
    assert list(dict.fromkeys(whose)) == ["teacher", "student", "alone"]
    told = [one for one in points if one["whose"] == "student"]
    assert all(np.isfinite([one["td"], one["kl"]]).all() and one["kl"] > 0.0 for one in told)
    assert told[-1]["kl"] < told[0]["kl"]
    assert all(one["kl"] == 0.0 for one in points if one["whose"] == "alone")
    assert all("td" not in one for one in points if one["whose"] == "teacher")


def test_without_bars_nobody_is_taught() -> None:
    few = Given(world(0.4).closed)
    with pytest.raises(UnfitDataError, match="0 bars are too few: 500 are needed"):
        training.train(COMPONENT, few, 7, TAUGHT, lambda _: None)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_bar_that_is_no_number_is_named(value: float) -> None:
    held = list(world(0.4).market)
    broken: Any = held[5000]
    held[5000] = type(broken)(broken.symbol, broken.open_ms, value, broken.interval_ms)
    with pytest.raises(UnfitDataError, match=f"BTC: the bar of {broken.open_ms} has a price"):
        training.train(COMPONENT, Given(world(0.4).closed, held), 7, TAUGHT, lambda _: None)
