"""Nine models on one opportunity, level by level, for the champion and for every branch.

A branch asks its own component about the champion's rows; what follows is asked again only where a
row differs from the champion's. So a challenger costs what it changes.
"""

from collections.abc import Callable, Sequence

from kingmaker.contracts.models import CLOUD_SCORES, REGIMES, STRATEGIES
from kingmaker.kernel.arithmetic import ln
from kingmaker.kernel.service import Answer, Answers, Fault, Question
from kingmaker.market.features import Row
from kingmaker.trader.scene import Scene
from kingmaker.trader.thought import Inputs, Rows, Side, Thought
from kingmaker.trader.window import ARMS

CHAMPION = "champion"
LOG_UNKNOWN = (ln(1.0 / REGIMES),) * REGIMES
# Until cloud models are synchronised their group is empty, and cedes its 70 % to the local one.
CLOUD = (0.0, 0.0)
CLOUD_WEIGHTS = (0.0, 0.0)
LOCAL_WEIGHTS = (1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0)
ENSEMBLE = "model_ensemble"  # what it learned are inputs of its graph
CHANCE_MIN = 1e-6  # a chance nearer to 0 or 1 than this is taken as this
ACTIONS = (0, 1, -1)  # S15: stay out, long, short
ONE_HOT = tuple(tuple(float(i == arm) for i in range(len(STRATEGIES))) for arm in range(len(ARMS)))


def think(scene: Scene, side: Side, answers: Answers, base: Thought | None = None) -> Thought:
    """Go as far as the answers reach. `base` is the champion's thought, for a branch."""
    thought = _take_up(scene, side, answers)
    for ask, learn in LEVELS[thought.level :]:
        thought.pending = thought.pending or ask(scene, thought)
        if not _answered(scene, thought, answers, base):
            return thought
        learn(thought)
        thought.level, thought.pending = thought.level + 1, {}
    thought.is_complete = True
    return thought


def fallback(scene: Scene, thought: Thought) -> None:
    """Let a side that a fault stopped name a signal all the same: it is simulated, not taken."""
    if thought.arm < 0:
        thought.directions = scene.directions
        thought.arm = next(arm for arm, wanted in enumerate(scene.directions) if wanted)
        thought.setup = setup_of(scene.features, thought)


def _take_up(scene: Scene, side: Side, answers: Answers) -> Thought:
    """Return what the scene keeps of this side's thought, or a new one: the end is the same."""
    kept = scene.thoughts.get(side.branch)
    if kept is not None and kept.goes_on(side, answers):
        kept.questions = []
        return kept
    if not side.branch:
        scene.thoughts.clear()  # branches lean on the champion's thought
    thought = scene.thoughts[side.branch] = Thought(side, directions=scene.directions)
    return thought


def _answered(scene: Scene, thought: Thought, answers: Answers, base: Thought | None) -> bool:
    """Take what is answered, ask for the rest; tell whether the level is through."""
    through = True
    for component, inputs in thought.pending.items():
        thought.rows[component] = inputs
        own = base is None or component == thought.side.component
        own = own or base.rows.get(component) != inputs  # type: ignore[union-attr] # own if None
        key = f"{thought.side.branch or CHAMPION}/{component}"
        answer = answers.get(key) if own else base.answers.get(component)  # type: ignore[union-attr] # own if None
        if answer is None:
            through = False
            if own:
                thought.questions.append(_question(scene, thought.side, key, component, inputs))
            continue
        thought.answers[component] = answer
        if own:
            thought.used[key] = answer
        if isinstance(answer, Fault):
            if not thought.faulted:
                thought.faulted, thought.fault = component, answer.reason
            thought.is_own_fault = thought.is_own_fault or own
    return through and not thought.faulted


def _question(scene: Scene, side: Side, key: str, component: str, inputs: Inputs) -> Question:
    memory: tuple[Inputs, ...] = ()
    if component == "regime_detector":
        memory = tuple([{"features": row} for row in scene.memory])
    revision = () if component == ENSEMBLE else side.revisions.get(component, ())
    return Question(key, side.models[component], inputs, side.branch, memory, revision)


def _ask_market(scene: Scene, _thought: Thought) -> Rows:
    return {
        "regime_detector": {"features": scene.features, "log_post": LOG_UNKNOWN},
        "s15_rl_policy": {"features": scene.features},
        "pattern_recognition": {"features": scene.closes},
    }


def _learn_market(thought: Thought) -> None:
    thought.regime = _output(thought, "regime_detector", "probs")
    action = int(_output(thought, "s15_rl_policy", "action")[0])
    wanted = ACTIONS[action]
    probability = _output(thought, "s15_rl_policy", "probs")[action]
    thought.learned = (wanted, probability, _output(thought, "s15_rl_policy", "value")[0])
    thought.pattern = _output(thought, "pattern_recognition", "score")[0]
    if wanted:
        thought.directions = (*thought.directions[:-1], wanted)


def _ask_bandit(scene: Scene, thought: Thought) -> Rows:
    contexts = contexts_of(scene.features, thought.directions, thought.regime)
    return {"neural_ucb": {"contexts": contexts}}


def contexts_of(
    features: Row, directions: Sequence[int], regime: tuple[float, ...]
) -> tuple[Row, ...]:
    """Return the bandit's rows: features, arm, regime, direction, fired."""
    return tuple(
        [
            (*features, *ONE_HOT[arm], *regime, float(wanted), float(wanted != 0))
            for arm, wanted in enumerate(directions)
        ]
    )


def _learn_bandit(thought: Thought) -> None:
    """Take the bandit's arm if it fired, else the best of those that did."""
    ucb = _output(thought, "neural_ucb", "ucb")
    fired = [arm for arm, wanted in enumerate(thought.directions) if wanted]
    arm = int(_output(thought, "neural_ucb", "action")[0])
    thought.arm = arm if arm in fired else max(fired, key=lambda i: (ucb[i], -i))
    thought.mu = _output(thought, "neural_ucb", "mu")[thought.arm]
    others = [ucb[i] for i in fired if i != thought.arm]
    thought.margin = max(0.0, ucb[thought.arm] - max(others)) if others else 0.0


def _ask_setup(scene: Scene, thought: Thought) -> Rows:
    thought.setup = setup_of(scene.features, thought)
    inputs = {"features": thought.setup}
    return dict.fromkeys(("online_learning", "slippage_latency", "pm_optimizer"), inputs)


def setup_of(features: Row, thought: Thought) -> Row:
    """Return the setup row: features, features in the signal's direction, arm, regime."""
    side = thought.direction
    return (*features, *[side * x for x in features], *ONE_HOT[thought.arm], *thought.regime)


def _learn_setup(thought: Thought) -> None:
    thought.p_win = _output(thought, "online_learning", "score")[0]
    thought.cost_bp = _output(thought, "slippage_latency", "score")[0]
    thought.exits = _output(thought, "pm_optimizer", "exit_params")


def _ask_ensemble(_scene: Scene, thought: Thought) -> Rows:
    """Blend what speaks for the signal, each score in its direction."""
    wanted, _, value = thought.learned
    side = thought.direction
    local = (side * thought.pattern, _logit(thought.p_win), side * wanted * value)
    thought.scores = (*CLOUD, *local)
    weights = thought.side.revisions.get(ENSEMBLE) or (*CLOUD_WEIGHTS, *LOCAL_WEIGHTS)
    return {
        ENSEMBLE: {
            "cloud": CLOUD,
            "local": local,
            "w_cloud": weights[:CLOUD_SCORES],
            "w_local": weights[CLOUD_SCORES:],
        }
    }


def _logit(chance: float) -> float:
    bounded = min(max(chance, CHANCE_MIN), 1.0 - CHANCE_MIN)
    return ln(bounded / (1.0 - bounded))


def _learn_ensemble(thought: Thought) -> None:
    thought.score = _output(thought, ENSEMBLE, "score")[0]


def _ask_sizing(_scene: Scene, thought: Thought) -> Rows:
    arm = ARMS[thought.arm]
    reward = arm.target_atr / arm.stop_atr
    judged = (thought.p_win, thought.score, thought.cost_bp, thought.mu, thought.pattern, reward)
    thought.judged = judged
    return {"cvar_ppo": {"features": (*thought.setup, *judged)}}


def _learn_sizing(thought: Thought) -> None:
    thought.size = int(_output(thought, "cvar_ppo", "action")[0])
    thought.p_size = 1.0 - _output(thought, "cvar_ppo", "probs")[0]


def _output(thought: Thought, component: str, name: str) -> tuple[float, ...]:
    answer = thought.answers[component]
    assert isinstance(answer, Answer), "a fault ends the thought"
    return answer.outputs[name]


# What is asked together, and what is made of the answers.
LEVELS: tuple[tuple[Callable[[Scene, Thought], Rows], Callable[[Thought], None]], ...] = (
    (_ask_market, _learn_market),
    (_ask_bandit, _learn_bandit),
    (_ask_setup, _learn_setup),
    (_ask_ensemble, _learn_ensemble),
    (_ask_sizing, _learn_sizing),
)
