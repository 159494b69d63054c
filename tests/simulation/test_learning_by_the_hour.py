"""An ensemble weighs by the hour and a library learns on, while processes die: nothing differs.

And traders with one promise of it taken out: the simulation notices.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from kingmaker.kernel.host import PROCESS_KINDS
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Answer, Answers, Question
from kingmaker.revisions import hedge
from kingmaker.runtime.engine import AnyService
from kingmaker.runtime.redecide import Redecision
from kingmaker.trader import lessons
from tests.revisions.declarations import ensemble, library
from tests.simulation import models, world
from tests.simulation.invariants import history
from tests.simulation.learning import clock_of, world_that_learns
from tests.simulation.places import PLACES, time_of
from tests.simulation.revision_invariants import RevisionWatch
from tests.simulation.test_world import Watched, wake_a_zombie
from tests.simulation.world import Life, World, services

LAST_MS = time_of(PLACES["reign"].bars[-1])
CRASH_RATE = 0.004
SEEDS = range(4)
TRADER = Lane("km.trader.v1", 0)
DECLARED = {"model_ensemble": ensemble(), "pattern_recognition": library()}
PATTERNS = int(DECLARED["pattern_recognition"].parameters["patterns"])

type Weaken = Callable[[AnyService], AnyService]


def answer(questions: Sequence[Question]) -> Answers:
    """Answer as ever; libraries know a window now and then, ensembles blend by weights."""
    answers = dict(models.answer(questions))
    for question in questions:
        said, component = answers[question.key], question.key.partition("/")[2]
        if isinstance(said, Answer) and component in DECLARED:
            speak = of_library if component == "pattern_recognition" else of_ensemble
            answers[question.key] = Answer({**said.outputs, **speak(question)})
    return answers


def of_library(question: Question) -> dict[str, tuple[float, ...]]:
    """Return a score that follows the last move, shifted by what moved since the export."""
    closes = question.inputs["features"]
    last: Any = closes[-1]
    moved = sum(question.revision[PATTERNS : 2 * PATTERNS])
    place = float(int(last * 100.0) % PATTERNS)
    alike = 0.99 if int(last * 1000.0) % 3 else 0.9
    score = 0.01 if last > closes[0] else -0.01
    return {
        "score": (score + 1e-6 * moved,),
        "similarity": (alike,) * 16,
        "index": (place,) * 16,
    }


def of_ensemble(question: Question) -> dict[str, tuple[float, ...]]:
    scores: Any = (*question.inputs["cloud"], *question.inputs["local"])
    weights: Any = (*question.inputs["w_cloud"], *question.inputs["w_local"])
    total = 0.0
    for score, weight in zip(scores, weights, strict=True):
        total += score * weight
    return {"score": (total,)}


@cache
def learned() -> World:
    """Return the world in which a challenger is crowned, with both components learning on."""
    return world_that_learns("reign", *DECLARED)


def live(watched: Watched) -> Life:
    watch = RevisionWatch()
    watched.log.watchers.append(watch)
    life = Life(watched.log, learned(), clock_of(DECLARED), answer=answer)
    life.on_birth = wake_a_zombie
    life.to_the_end(LAST_MS)
    watched.log.crash_rate = 0.0
    life.kept = life.snapshots()  # what decided nothing is recorded with them
    watched.end()
    watch.end(LAST_MS)
    return life


@cache
def undisturbed() -> tuple[Watched, Life]:
    watched = Watched.new()
    return watched, live(watched)


def watch_of(watched: Watched) -> RevisionWatch:
    [found] = [one for one in watched.log.watchers if isinstance(one, RevisionWatch)]
    return found


def test_the_textbook_finds_every_hour_and_every_lesson_right() -> None:
    watch = watch_of(undisturbed()[0])
    assert [learner for _, learner in watch.hours] == ["model_ensemble-r1"]
    slots = [lesson.slot for lesson in watch.lessons.values()]
    assert min(slots.count(f"{name}@one") for name in DECLARED) > 10
    opened = {lesson.opportunity for lesson in watch.lessons.values()}
    assert len(opened) > slots.count("pattern_recognition@one")


@pytest.mark.parametrize("seed", SEEDS)
def test_whoever_dies_and_whenever_every_hour_weighs_the_same(seed: int) -> None:
    calm, life = undisturbed()
    watched = Watched.new(seed, CRASH_RATE)
    disturbed = live(watched)
    assert disturbed.deaths, "this seed tests nothing"
    told = history(watched.log, services(), PROCESS_KINDS)
    assert told == history(calm.log, services(), PROCESS_KINDS)
    states = [{e.lane: e.host.state_hash for e in one.engines} for one in (life, disturbed)]
    assert states[0] == states[1]


def test_an_audit_decides_every_step_anew_by_the_weights_and_patterns_of_then() -> None:
    watched, life = undisturbed()
    [trader] = [engine.service for engine in life.engines if engine.lane == TRADER]
    redecision = Redecision(trader, watched.log, answer)
    assert redecision.run() is None
    assert redecision.events > 100


def test_an_audit_by_models_that_blend_otherwise_finds_the_difference() -> None:
    watched, life = undisturbed()
    [trader] = [engine.service for engine in life.engines if engine.lane == TRADER]
    assert Redecision(trader, watched.log, models.answer).run() is not None


def hearing(keep: Callable[[Any], bool]) -> Weaken:
    """Let a trader say only what is to be kept."""

    def weaken(service: AnyService) -> AnyService:
        def decide(*arguments: Any) -> Sequence[Any]:  # noqa: ANN401 - as the trader decides
            return [event for event in service.decide(*arguments) if keep(event)]

        return replace(service, decide=decide)

    return weaken


def is_no_hour(event: Any) -> bool:  # noqa: ANN401 - any event
    return not getattr(event, "hour_ms", 0)


def is_no_odd_hour(event: Any) -> bool:  # noqa: ANN401 - as above
    return getattr(event, "hour_ms", 0) // 3_600_000 % 2 == 0


def is_no_lesson(event: Any) -> bool:  # noqa: ANN401 - as above
    return type(event).__name__ != "ModelRevised" or bool(event.hour_ms)


@pytest.mark.parametrize(
    ("weaken", "complaint"),
    [
        (hearing(is_no_hour), "R1 nobody ever weighed"),
        (hearing(is_no_odd_hour), "R1 .* after"),
        (hearing(is_no_lesson), "R4 only"),
    ],
)
def test_a_trader_that_leaves_something_out_is_caught(
    weaken: Weaken, complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    weak = tuple(weaken(s) if s.name == "trader" else s for s in services())
    monkeypatch.setattr(world, "services", lambda: weak)
    with pytest.raises(AssertionError, match=complaint):
        live(Watched.new())


@pytest.mark.parametrize(
    ("where", "name", "weak", "complaint"),
    [
        (hedge, "weights", "floorless", "R2 .* below its floor"),
        (hedge, "weights", "stubborn", "R3 "),
        (hedge, "earned", "credulous", "R3 "),
        (hedge, "shared", "generous", "R2 .* an empty group has weight"),
        (lessons, "_in_risks", "contrary", "R4 .* taught"),
    ],
)
def test_a_weakened_rule_is_caught(
    where: Any,  # noqa: ANN401 - a module
    name: str,
    weak: str,
    complaint: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(where, name, WEAK[weak](getattr(where, name)))
    with pytest.raises(AssertionError, match=complaint):
        live(Watched.new())


def floorless(strong: Any) -> Any:  # noqa: ANN401 - a function of a rule
    """Let a score that loses fall as low as it likes."""
    return lambda earnings, present, *, rate, floor: strong(
        [20.0 * one for one in earnings], present, rate=rate, floor=0.0 * floor
    )


def stubborn(strong: Any) -> Any:  # noqa: ANN401 - as above
    """Weigh as if nothing had been earned."""
    return lambda earnings, present, **how: strong([0.0] * len(earnings), present, **how)


def credulous(strong: Any) -> Any:  # noqa: ANN401 - as above
    """Reward a score for whatever it said."""
    return lambda scores, reward: strong([abs(one) for one in scores], reward)


def generous(_strong: Any) -> Any:  # noqa: ANN401 - as above
    """Keep the cloud's part for it, though it is empty."""
    return lambda cloud, local, share: (
        tuple([share / len(cloud)] * len(cloud)),
        tuple([(1.0 - share) * one for one in local]),
    )


def contrary(strong: Any) -> Any:  # noqa: ANN401 - as above
    """Teach the contrary of what came of a trade."""
    return lambda trade, net: -strong(trade, net)


WEAK: dict[str, Callable[[Any], Any]] = {
    weaken.__name__: weaken for weaken in (floorless, stubborn, credulous, generous, contrary)
}
