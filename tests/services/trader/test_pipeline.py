"""Nine models on one opportunity: what they are asked, in which round, and by which branch."""

from collections.abc import Callable

import pytest

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.contracts.models import CONTEXT, SETUP, SIGNATURES, SIZING, STRATEGIES
from kingmaker.kernel.service import Answer, Fault, Question
from kingmaker.trader import pipeline
from kingmaker.trader.heard import BarClosed
from kingmaker.trader.policy import Policy
from kingmaker.trader.scene import Scene
from kingmaker.trader.thought import Side, Thought
from kingmaker.trader.window import Window, observe
from tests.services.trader.desk import bootstrap, component_in, digest_of, row_of, sized, walk

MODELS = {component: digest_of(component) for component in COMPONENTS}
CHAMPION = Side("", MODELS)

type Ask = Callable[[Question], Answer | Fault]


def a_scene() -> Scene:
    """Return the first opportunity of a walk with a whole memory behind it."""
    window, bars = Window(), walk(400)
    for bar in bars:
        window = observe(window, bar)
        if bar.open_ms >= 110 * bar.interval_ms and (found := window.opening(Policy(), bar)):
            return found
    raise AssertionError("no rule fires on this walk")


SCENE = a_scene()


def challenger(component: str) -> Side:
    """Return a branch with a model of its own in one place."""
    return Side("t-1", {**MODELS, component: "digest-x"}, component)


def rounds(answer: Ask, side: Side | None = None) -> tuple[list[list[Question]], list[Thought]]:
    """Ask until nothing is asked; return the questions by round, and the last thoughts."""
    answers: dict[str, Answer | Fault] = {}
    asked: list[list[Question]] = []
    while True:
        thoughts = [pipeline.think(SCENE, CHAMPION, answers)]
        if side is not None:
            thoughts.append(pipeline.think(SCENE, side, answers, thoughts[0]))
        questions = [question for thought in thoughts for question in thought.questions]
        if not questions:
            return asked, thoughts
        asked.append(questions)
        answers |= {question.key: answer(question) for question in questions}


def by_challenger(component: str, reply: Answer | Fault) -> Ask:
    """Answer as the bootstrap does, the challenger otherwise."""

    def answer(question: Question) -> Answer | Fault:
        mine = question.branch and component_in(question) == component
        return reply if mine else bootstrap(question)

    return answer


def test_the_champion_is_asked_level_by_level() -> None:
    asked, [thought] = rounds(bootstrap)
    assert [[question.key for question in level] for level in asked] == [
        ["champion/regime_detector", "champion/s15_rl_policy", "champion/pattern_recognition"],
        ["champion/neural_ucb"],
        ["champion/online_learning", "champion/slippage_latency", "champion/pm_optimizer"],
        ["champion/model_ensemble"],
        ["champion/cvar_ppo"],
    ]
    assert thought.is_complete
    assert {question.model for level in asked for question in level} == set(MODELS.values())


def test_every_question_fits_the_signature_of_its_component() -> None:
    asked, _ = rounds(bootstrap)
    for question in [question for level in asked for question in level]:
        signature = SIGNATURES[component_in(question)]
        assert set(question.inputs) == {port.name for port in signature.inputs}
        for port in signature.inputs:
            shape = tuple(size for size in port.shape if size != "B")
            value = question.inputs[port.name]
            first = value[0]
            found = (len(value), len(first)) if isinstance(first, tuple) else (len(value),)
            assert found == shape, port


def test_the_regime_filter_is_fed_the_rows_before_the_present_one() -> None:
    asked, _ = rounds(bootstrap)
    regime, *others = [question for level in asked for question in level]
    assert [len(question.memory) for question in others] == [0] * 8
    assert [row["features"] for row in regime.memory] == list(SCENE.memory)
    assert len(regime.memory) == 8
    assert SCENE.features not in SCENE.memory


def test_a_challenger_that_answers_alike_costs_its_own_question_only() -> None:
    for component in COMPONENTS:
        asked, [champion, branch] = rounds(bootstrap, challenger(component))
        mine = [question for level in asked for question in level if question.branch]
        assert [(question.key, question.model) for question in mine] == [
            (f"t-1/{component}", "digest-x")
        ]
        assert branch.is_complete
        assert branch.answers == champion.answers
        theirs = [question.inputs for level in asked for question in level if not question.branch]
        assert mine[0].inputs in theirs, "asked about the very same row"


@pytest.mark.parametrize(
    ("component", "reply", "downstream"),
    [
        ("online_learning", Answer({"score": (0.7,)}), {"model_ensemble", "cvar_ppo"}),
        ("slippage_latency", Answer({"score": (7.0, 9.0)}), {"cvar_ppo"}),
        ("pm_optimizer", Answer({"exit_params": (2.0, 1.0, 6.0)}), set()),
        ("cvar_ppo", sized(3), set()),
        ("model_ensemble", Answer({"score": (0.5,)}), {"cvar_ppo"}),
        ("pattern_recognition", Answer({"score": (0.01,)}), {"model_ensemble", "cvar_ppo"}),
        (
            "regime_detector",
            Answer({"probs": (0.0, 0.0, 1.0)}),
            set(COMPONENTS)
            - {"regime_detector", "s15_rl_policy", "pattern_recognition"}
            - {"model_ensemble"},
        ),
    ],
)
def test_what_follows_is_asked_again_only_where_a_row_differs(
    component: str, reply: Answer, downstream: set[str]
) -> None:
    asked, [_, branch] = rounds(by_challenger(component, reply), challenger(component))
    mine = {component_in(question) for level in asked for question in level if question.branch}
    assert mine == {component} | downstream
    assert branch.is_complete
    assert len(asked) <= 6, "a branch takes no round of its own"
    models = {component_in(q): q.model for level in asked for q in level if q.branch}
    assert models == {name: branch.side.models[name] for name in mine}


def test_a_learned_policy_that_acts_adds_its_arm() -> None:
    acts = Answer({"action": (2.0,), "probs": (0.1, 0.2, 0.7), "value": (0.4,)})
    asked, [thought] = rounds(
        lambda q: acts if component_in(q) == "s15_rl_policy" else bootstrap(q)
    )
    assert thought.directions == (*SCENE.directions[:-1], -1)
    assert thought.learned == (-1, 0.7, 0.4)
    contexts = next(q for level in asked for q in level if component_in(q) == "neural_ucb")
    last = contexts.inputs["contexts"][-1]
    assert isinstance(last, tuple)
    assert last[-2:] == (-1.0, 1.0)


def test_contexts_say_which_arm_which_way_and_whether_it_fired() -> None:
    rows = pipeline.contexts_of(SCENE.features, (1, 0, -1, 0, 0), (0.2, 0.3, 0.5))
    assert [len(row) for row in rows] == [CONTEXT] * len(STRATEGIES)
    assert [row[24:] for row in rows[:3]] == [
        (1.0, 0.0, 0.0, 0.0, 0.0, 0.2, 0.3, 0.5, 1.0, 1.0),
        (0.0, 1.0, 0.0, 0.0, 0.0, 0.2, 0.3, 0.5, 0.0, 0.0),
        (0.0, 0.0, 1.0, 0.0, 0.0, 0.2, 0.3, 0.5, -1.0, 1.0),
    ]


def test_a_bandit_that_points_at_an_arm_that_did_not_fire_gets_the_best_that_did() -> None:
    silent = next(arm for arm, wanted in enumerate(SCENE.directions) if not wanted)
    ucb = tuple([9.0 if arm == silent else 0.1 * arm for arm in range(5)])
    reply = Answer({"mu": ucb, "ucb": ucb, "action": (float(silent),)})
    _, [thought] = rounds(lambda q: reply if component_in(q) == "neural_ucb" else bootstrap(q))
    fired = [arm for arm, wanted in enumerate(SCENE.directions) if wanted]
    assert thought.arm == fired[-1]
    assert thought.mu == ucb[thought.arm]


def test_the_setup_row_turns_features_into_the_direction_of_the_signal() -> None:
    _, [thought] = rounds(bootstrap)
    side = float(thought.direction)
    assert len(thought.setup) == SETUP
    assert thought.setup[:24] == SCENE.features
    assert thought.setup[24:48] == tuple(side * x for x in SCENE.features)
    assert thought.setup[48 + thought.arm] == 1.0
    assert thought.setup[-3:] == (0.25, 0.5, 0.25)


def test_the_sizing_row_ends_with_what_the_others_said() -> None:
    asked, [thought] = rounds(bootstrap)
    row = row_of(asked[-1][0])
    assert len(row) == SIZING
    assert row[SETUP : SETUP + 5] == (0.5, 0.0, 5.0, 0.0, 0.0)
    assert row[-1] in (1.0, 1.5)
    assert (thought.size, thought.p_win) == (2, 0.5)


def test_a_failing_champion_ends_its_own_thought_and_not_the_challengers() -> None:
    def answer(question: Question) -> Answer | Fault:
        champions = component_in(question) == "online_learning" and not question.branch
        return Fault("timeout") if champions else bootstrap(question)

    _, [champion, branch] = rounds(answer, challenger("online_learning"))
    assert (champion.faulted, champion.fault, champion.is_complete) == (
        *("online_learning", "timeout"),
        False,
    )
    assert branch.is_complete
    _, [_, other] = rounds(answer, challenger("cvar_ppo"))
    assert (other.faulted, other.is_own_fault) == ("online_learning", False)


def test_a_failing_challenger_ends_its_thought_only() -> None:
    reply = Fault("raised")
    for component in COMPONENTS:
        _, [champion, branch] = rounds(by_challenger(component, reply), challenger(component))
        assert champion.is_complete
        assert (branch.faulted, branch.fault, branch.is_own_fault) == (component, "raised", True)


def test_a_side_that_failed_early_still_names_a_signal() -> None:
    _, [thought] = rounds(
        lambda q: Fault("nan") if component_in(q) == "s15_rl_policy" else bootstrap(q)
    )
    pipeline.fallback(SCENE, thought)
    assert SCENE.directions[thought.arm] == thought.direction != 0
    assert len(thought.setup) == SETUP


def test_an_answer_is_never_asked_for_twice() -> None:
    asked, _ = rounds(
        by_challenger("regime_detector", Answer({"probs": (1.0, 0.0, 0.0)})),
        challenger("regime_detector"),
    )
    keys = [question.key for level in asked for question in level]
    assert len(keys) == len(set(keys))


def test_the_scene_is_of_the_bar_itself() -> None:
    assert isinstance(SCENE.bar, BarClosed)
    assert SCENE.closes[-1] == SCENE.bar.close
    assert len(SCENE.closes) == 32
