"""A thought may be taken up again; that saves work and changes nothing."""

from dataclasses import replace

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.kernel.service import Answer, Fault
from kingmaker.trader import pipeline
from kingmaker.trader.policy import Policy
from kingmaker.trader.scene import Scene
from kingmaker.trader.thought import Side, Thought
from kingmaker.trader.window import Window, observe
from tests.services.trader.desk import bootstrap, digest_of, walk

MODELS = {component: digest_of(component) for component in COMPONENTS}
CHAMPION = Side("", MODELS)


def a_scene() -> Scene:
    """Return an opportunity nobody has thought about."""
    window = Window()
    for bar in walk(400):
        window = observe(window, bar)
        if bar.open_ms >= 110 * bar.interval_ms and (found := window.opening(Policy(), bar)):
            return replace(found, thoughts={})
    raise AssertionError("no rule fires on this walk")


def through(scene: Scene) -> tuple[Thought, dict[str, Answer | Fault]]:
    """Think to the end."""
    answers: dict[str, Answer | Fault] = {}
    while questions := (thought := pipeline.think(scene, CHAMPION, answers)).questions:
        answers |= {question.key: bootstrap(question) for question in questions}
    return thought, answers


def test_it_is_taken_up_where_it_stopped() -> None:
    scene = a_scene()
    thought, answers = through(scene)
    assert thought.is_complete
    assert pipeline.think(scene, CHAMPION, answers) is thought
    fresh = pipeline.think(replace(scene, thoughts={}), CHAMPION, answers)
    assert fresh is not thought
    assert fresh == thought


def test_other_answers_begin_it_anew() -> None:
    scene = a_scene()
    thought, answers = through(scene)
    assert [q.key for q in pipeline.think(scene, CHAMPION, {}).questions] == [
        *("champion/regime_detector", "champion/s15_rl_policy", "champion/pattern_recognition")
    ]
    other = {**answers, "champion/online_learning": Answer({"score": (0.7,)})}
    again = pipeline.think(scene, CHAMPION, other)
    assert again is not thought
    assert again.p_win == 0.7
    assert not again.questions, "the other answers are taken as they are"


def test_other_models_begin_it_anew_and_its_branches_with_it() -> None:
    scene = a_scene()
    thought, answers = through(scene)
    branch = Side("t-1", {**MODELS, "cvar_ppo": "digest-x"}, "cvar_ppo")
    beside = pipeline.think(scene, branch, answers, thought)
    assert [question.model for question in beside.questions] == ["digest-x"]
    crowned = Side("", {**MODELS, "cvar_ppo": "digest-y"})
    anew = pipeline.think(scene, crowned, answers)
    assert anew is not thought
    assert pipeline.think(scene, branch, answers, anew) is not beside


def test_a_fault_taken_up_again_is_the_same_fault() -> None:
    scene = a_scene()
    first = pipeline.think(scene, CHAMPION, {})
    answers: dict[str, Answer | Fault] = {q.key: bootstrap(q) for q in first.questions}
    answers["champion/s15_rl_policy"] = Fault("nan")
    for _ in range(2):
        thought = pipeline.think(scene, CHAMPION, answers)
        assert (thought.faulted, thought.fault, thought.questions) == ("s15_rl_policy", "nan", [])
