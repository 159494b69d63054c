"""Models learn on, trade by trade, while processes die: no lesson is lost, none is taught twice."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.kernel.arithmetic import exp, ln
from kingmaker.kernel.host import PROCESS_KINDS
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Answer, Answers, Question
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.history import accepted
from kingmaker.runtime.log import Log
from kingmaker.runtime.redecide import Redecision
from tests.revisions.declarations import logistic
from tests.simulation import models
from tests.simulation.invariants import history
from tests.simulation.learning import clock_of, world_that_learns
from tests.simulation.places import OFFER_BAR, PLACES, time_of
from tests.simulation.test_world import Watched, champions_decisions, wake_a_zombie
from tests.simulation.world import Life, World, services

LAST_BAR = PLACES["reign"].bars[-1]
CRASH_RATE = 0.004
SEEDS = range(4)
TRADER = Lane("km.trader.v1", 0)
CLOCK = clock_of({"online_learning": logistic(alpha=0.05)})


def answer(questions: Sequence[Question]) -> Answers:
    """Answer as ever; a revision moves the chance of a win."""
    answers = dict(models.answer(questions))
    for question in questions:
        said = answers[question.key]
        if question.revision and isinstance(said, Answer):
            [chance] = said.outputs["score"]
            answers[question.key] = Answer({"score": (moved(chance, question),)})
    return answers


def moved(chance: float, question: Question) -> float:
    row = question.inputs["features"]
    logit = ln(chance / (1.0 - chance)) + question.revision[-1]
    for weight, x in zip(question.revision, row, strict=False):
        logit += weight * x  # type: ignore[operator] # the signature says: one row
    return 1.0 / (1.0 + exp(-min(max(logit, -30.0), 30.0)))


@cache
def world(place: str = "reign") -> World:
    """Return a world of the simulation whose traders let the win probability learn on."""
    return world_that_learns(place, "online_learning")


def without_challengers() -> World:
    offered_ms = time_of(OFFER_BAR)
    return World(
        {
            time_ms: [h for h in here if h[0] != "registry" or time_ms != offered_ms]
            for time_ms, here in world("throne").happenings.items()
        },
        world("throne").policy,
    )


def live(watched: Watched, lived: World | None = None, until_ms: int = time_of(LAST_BAR)) -> Life:
    life = Life(watched.log, lived or world(), CLOCK, answer=answer)
    life.on_birth = wake_a_zombie
    life.to_the_end(until_ms)
    watched.log.crash_rate = 0.0
    life.kept = life.snapshots()  # what decided nothing is recorded with them
    watched.end()
    return life


@cache
def undisturbed() -> tuple[Watched, Life]:
    watched = Watched.new()
    return watched, live(watched)


def lessons(log: Log) -> list[Any]:
    kind = "kingmaker.trader.v1.ModelRevised"
    decode = message_class("kingmaker.trader.v1", "ModelRevised").FromString
    return [decode(record.value) for record in accepted(log, TRADER) if record.kind == kind]


def by_learner(log: Log) -> Mapping[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for lesson in lessons(log):
        found.setdefault(lesson.learner, []).append(lesson)
    return found


def test_champion_and_challenger_learn_each_of_its_own_trades_once() -> None:
    watched, _ = undisturbed()
    learners = by_learner(watched.log)
    assert len(learners) > 1
    for own in learners.values():
        assert [one.revision for one in own] == list(range(1, len(own) + 1))
        assert len({one.opportunity for one in own}) == len(own)
    assert min(len(learners[name]) for name in ("online_learning-r1", "t-0001@one")) > 20
    crowned = [own for own in learners.values() if len({one.branch for one in own}) > 1]
    assert crowned, "somebody learned as a challenger, and goes on as champion"


@pytest.mark.parametrize("seed", SEEDS)
def test_whoever_dies_and_whenever_the_same_lessons_lead_to_the_same_bits(seed: int) -> None:
    calm, life = undisturbed()
    watched = Watched.new(seed, CRASH_RATE)
    disturbed = live(watched)
    assert disturbed.deaths, "this seed tests nothing"
    told = history(watched.log, services(), PROCESS_KINDS)
    assert told == history(calm.log, services(), PROCESS_KINDS)
    states = [{e.lane: e.host.state_hash for e in one.engines} for one in (life, disturbed)]
    assert states[0] == states[1]


def test_a_replay_and_a_snapshot_find_the_learners_as_they_were() -> None:
    watched, life = undisturbed()
    [trader] = [engine for engine in life.engines if engine.lane == TRADER]
    folds_nothing = replace(trader.service, evolve=no_fold)
    for service, kept in ((trader.service, {}), (folds_nothing, life.kept[TRADER])):
        again = Engine(service, watched.fork(0, 0.0).log, answer)
        again.start("replay", kept)
        assert again.host.state.learners
        assert again.host.state_hash == trader.host.state_hash


def no_fold(_state: object, event: object) -> object:
    raise AssertionError(f"{type(event).__name__} is in the snapshot already")


def test_an_audit_decides_every_step_anew_by_the_revisions_of_then() -> None:
    watched, life = undisturbed()
    [trader] = [engine.service for engine in life.engines if engine.lane == TRADER]
    redecision = Redecision(trader, watched.log, answer)
    assert redecision.run() is None
    assert redecision.events > 100


def test_an_audit_that_forgets_the_revisions_finds_the_difference() -> None:
    watched, life = undisturbed()
    [trader] = [engine.service for engine in life.engines if engine.lane == TRADER]
    assert Redecision(trader, watched.log, models.answer).run() is not None


def test_without_challengers_a_champion_that_learns_decides_the_same() -> None:
    """C8, before anybody is crowned: from there on it is another champion."""
    crowded, alone = Watched.new(), Watched.new()
    for watched, lived in ((crowded, world("throne")), (alone, without_challengers())):
        live(watched, lived, time_of(OFFER_BAR + 60))
    assert len(by_learner(crowded.log)) > len(by_learner(alone.log)) == 1
    both = [by_learner(watched.log)["online_learning-r1"] for watched in (crowded, alone)]
    assert len(both[0]) > 20
    assert both[0] == both[1]
    assert champions_decisions(crowded.log) == champions_decisions(alone.log)
