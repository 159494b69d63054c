"""Running models: the champion alone and first, challengers elsewhere, faults where they belong."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence

import numpy as np
import onnxruntime
import pytest

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.contracts.models import SETUP
from kingmaker.kernel.service import Answer, Fault, Question, Tensor
from kingmaker.runtime.models.errors import ModelHungError, ModelRefusedError
from kingmaker.runtime.models.patience import MEASURED, Patience
from kingmaker.runtime.models.runner import ModelRunner
from kingmaker.runtime.models.store import ArtifactStore
from tests.hostile import forge
from tests.hostile.forge import bundle, constant, graph, node
from tests.hostile.test_models import hidden_huge, slow

HASTY = Patience(1.0, strict=False)
STRICT = Patience(1.0, strict=True)


@pytest.fixture
def hasty(store: ArtifactStore) -> Iterator[ModelRunner]:
    """Yield a runner that records a fault after a second."""
    with ModelRunner(store, HASTY) as runner:
        yield runner


def keep(store: ArtifactStore, runner: ModelRunner, model: object) -> str:
    """Put a model of the plainest component into the store, load it, return its digest."""
    digest = store.put(bundle(model))  # type: ignore[arg-type] # onnx's own type
    runner.load(digest)
    return digest


def ask(digest: str, number: float = 0.5, branch: str = "", key: str = "k") -> Question:
    """Return a question of the plainest component."""
    return Question(key, digest, forge.row(number=number), branch)


def nought_by_row() -> object:
    """Return a model that answers infinity for a row of noughts."""
    nodes = [node("MatMul", "features w", "x"), node("Div", "one x", "score")]
    return graph(nodes, [constant("w", np.ones((SETUP, 1))), constant("one", [[1.0]])])


def test_a_model_that_is_not_loaded_is_a_fault(runner: ModelRunner) -> None:
    questions = [ask("a" * 64, key="here"), ask("a" * 64, branch="t-1", key="there")]
    answers = runner.answer(questions)
    assert set(answers.values()) == {Fault("the model is not loaded")}


@pytest.mark.parametrize("branch", ["", "t-1"])
def test_a_row_that_is_not_finite_is_refused_before_the_graph(
    store: ArtifactStore, runner: ModelRunner, branch: str
) -> None:
    digest = keep(store, runner, forge.linear(1.0))
    answers = runner.answer([ask(digest, float("nan"), branch), ask(digest, 1.0, branch, "good")])
    assert answers == {
        "k": Fault("features[0] is nan: the graph was not asked"),
        "good": Answer({"score": (56.0,)}),
    }


@pytest.mark.parametrize("branch", ["", "t-1"])
def test_an_answer_that_is_not_finite_is_a_fault_not_a_value(
    store: ArtifactStore, runner: ModelRunner, branch: str
) -> None:
    digest = keep(store, runner, nought_by_row())
    answers = runner.answer([ask(digest, 0.0, branch), ask(digest, 1.0, branch, "good")])
    assert answers["k"] == Fault("score is not finite")
    assert isinstance(answers["good"], Answer)


@pytest.mark.parametrize("branch", ["", "t-1"])
def test_an_answer_of_another_shape_is_a_fault(
    store: ArtifactStore, runner: ModelRunner, branch: str
) -> None:
    """The declaration says [B, 1]; what comes depends on the row."""
    nodes = [
        node("Reshape", "features flat", "numbers"),
        node("Greater", "numbers nought", "mask"),
        node("Compress", "numbers mask", "picked"),
        node("Reshape", "picked column", "score"),
    ]
    constants = [
        constant("flat", [-1], np.int64),
        constant("column", [-1, 1], np.int64),
        constant("nought", 0.0),
    ]
    digest = keep(store, runner, graph(nodes, constants))
    answer = runner.answer([ask(digest, 1.0, branch)])["k"]
    assert isinstance(answer, Fault)
    assert "shape" in answer.reason.lower()


def test_a_champion_that_is_late_is_stopped(store: ArtifactStore, hasty: ModelRunner) -> None:
    late, quick = keep(store, hasty, slow()), keep(store, hasty, forge.linear(1.0))
    answers = hasty.answer([ask(late), ask(quick, key="next")])
    assert answers["k"] == Fault("no answer within 1 s")
    assert answers["next"] == Answer({"score": (28.0,)})


def test_a_challenger_that_hangs_is_named_and_costs_nobody_else_an_answer(
    store: ArtifactStore, hasty: ModelRunner
) -> None:
    late, quick = keep(store, hasty, slow()), keep(store, hasty, forge.linear(1.0))
    questions = [
        ask(quick, 1.0, "t-1", "before"),
        ask(late, 1.0, "t-2", "late"),
        ask(quick, 2.0, "t-3", "after"),
        ask(quick, 3.0, "", "champion"),
    ]
    assert hasty.answer(questions) == {
        "before": Answer({"score": (56.0,)}),
        "late": Fault("no answer within 1 s"),
        "after": Answer({"score": (112.0,)}),
        "champion": Answer({"score": (168.0,)}),
    }


@pytest.mark.parametrize("branch", ["", "t-1"])
def test_where_lateness_must_not_change_history_the_run_stops_with_the_models_name(
    store: ArtifactStore, branch: str
) -> None:
    with ModelRunner(store, STRICT) as strict:
        quick, late = keep(store, strict, forge.linear(1.0)), keep(store, strict, slow())
        with pytest.raises(ModelHungError, match=late):
            strict.answer([ask(quick, 1.0, branch, "quick"), ask(late, 1.0, branch)])


def test_a_challenger_that_eats_memory_is_a_fault_and_the_next_one_answers(
    store: ArtifactStore, runner: ModelRunner
) -> None:
    greedy, modest = keep(store, runner, hidden_huge()), keep(store, runner, forge.linear(1.0))
    answers = runner.answer([ask(greedy, branch="t-1"), ask(modest, branch="t-2", key="next")])
    assert isinstance(answers["k"], Fault)
    assert answers["next"] == Answer({"score": (28.0,)})


def test_a_child_killed_between_two_rounds_is_nobodys_fault(
    store: ArtifactStore, runner: ModelRunner
) -> None:
    digest = keep(store, runner, forge.linear(1.0))
    before = runner.answer([ask(digest, branch="t-1")])
    assert runner.child_pid
    os.kill(runner.child_pid, signal.SIGKILL)
    assert runner.answer([ask(digest, branch="t-1")]) == before == {"k": Answer({"score": (28.0,)})}


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (b"no model", "not_loadable"),
        (graph([node("MatMul", "features w", "score")]), "not_loadable"),
        (forge.linear(1.0).SerializeToString().replace(b"score", b"sc0re"), "signature_mismatch"),
    ],
    ids=["text", "broken", "signature"],
)
def test_what_does_not_load_is_loaded_nowhere(
    store: ArtifactStore, runner: ModelRunner, model: object, reason: str
) -> None:
    with pytest.raises(ModelRefusedError) as caught:
        keep(store, runner, model)
    assert caught.value.reason == reason
    assert runner.loaded == ()


def test_a_model_for_another_slot_is_not_loaded(
    runner: ModelRunner, shipped: dict[str, str]
) -> None:
    with pytest.raises(ModelRefusedError, match="signature_mismatch"):
        runner.load(shipped["cvar_ppo"], "online_learning")


def test_what_is_unloaded_is_asked_no_more(store: ArtifactStore, runner: ModelRunner) -> None:
    digest = keep(store, runner, forge.linear(1.0))
    runner.unload(digest)
    assert runner.loaded == ()
    assert isinstance(runner.answer([ask(digest)])["k"], Fault)
    runner.load(digest)
    assert isinstance(runner.answer([ask(digest, branch="t-1")])["k"], Answer)


def rows_of(component: str, count: int) -> Sequence[dict[str, Tensor]]:
    """Return rows of different numbers."""
    return [forge.row(component, 0.1 + 0.3 * n) for n in range(count)]


@pytest.mark.parametrize("component", COMPONENTS)
def test_the_answers_are_those_of_bare_onnxruntime_here_and_there(
    store: ArtifactStore, runner: ModelRunner, shipped: dict[str, str], component: str
) -> None:
    digest = shipped[component]
    runner.load(digest)
    session = onnxruntime.InferenceSession(
        store.read(digest).model, providers=["CPUExecutionProvider"]
    )
    names = [port.name for port in session.get_outputs()]
    batched = {port.name: port.shape[0] == "B" for port in session.get_inputs()}
    for row in rows_of(component, 8):
        arrays = {name: np.asarray(values, "f4") for name, values in row.items()}
        feeds = {name: array[None] if batched[name] else array for name, array in arrays.items()}
        outputs = zip(names, session.run(names, feeds), strict=True)
        bare = Answer({name: tuple(map(float, array.ravel())) for name, array in outputs})
        questions = [Question(where, digest, row, where) for where in ("", "t-1")]
        assert runner.answer(questions) == {"": bare, "t-1": bare}


def test_no_challenger_changes_a_bit_of_the_champions_answers(
    store: ArtifactStore, hasty: ModelRunner, shipped: dict[str, str]
) -> None:
    for digest in shipped.values():
        hasty.load(digest)
    champion = [
        Question(f"{component}-{n}", digest, row)
        for component, digest in shipped.items()
        for n, row in enumerate(rows_of(component, 4))
    ]
    alone = hasty.answer(champion)
    digests = [keep(store, hasty, model) for model in (slow(), nought_by_row(), forge.linear(1.0))]
    challengers = [ask(digest, 0.0, f"t-{digest}", digest) for digest in digests]
    mixed = [*challengers, *champion]
    answers = hasty.answer(mixed)
    assert {question.key: answers[question.key] for question in champion} == alone
    assert hasty.answer(champion) == alone


def test_a_model_with_memory_is_fed_the_last_rows_it_declares(
    runner: ModelRunner, shipped: dict[str, str], store: ArtifactStore
) -> None:
    digest = shipped["regime_detector"]
    runner.load(digest)
    session = onnxruntime.InferenceSession(
        store.read(digest).model, providers=["CPUExecutionProvider"]
    )
    ratios = [0.4, 3.0, 2.9, 0.5, 2.0, 0.7, 1.1, 0.9, 1.6, 0.8, 1.3, 2.2]
    rows = [(ratio, *(0.0,) * 23) for ratio in ratios]
    log_post = np.zeros((1, 3), np.float32)
    for row in rows[-9:]:  # eight of memory, and the present one
        feeds = {"features": np.asarray([row], "f4"), "log_post": log_post}
        log_post, probs = session.run(["log_post_next", "probs"], feeds)
    memory = tuple({"features": row} for row in rows[:-1])
    inputs = {"features": rows[-1], "log_post": (0.0, 0.0, 0.0)}
    for branch in ("", "t-1"):
        question = Question("k", digest, inputs, branch, memory)
        for _ in range(2):  # nothing is kept from one question to the next
            answer = runner.answer([question])["k"]
            assert isinstance(answer, Answer)
            assert answer.outputs["probs"] == tuple(map(float, probs[0]))


def test_nothing_heavy_is_imported_before_the_first_model() -> None:
    code = (
        "import sys; from pathlib import Path;"
        "from kingmaker.runtime.models.runner import ModelRunner;"
        "from kingmaker.runtime.models.store import ArtifactStore;"
        "runner = ModelRunner(ArtifactStore(Path('nowhere')));"
        "runner.answer([]); runner.close();"
        "print([name for name in ('numpy', 'onnx', 'onnxruntime') if name in sys.modules])"
    )
    said = subprocess.run(  # noqa: S603 - our own interpreter, no input from outside
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "[]"


def test_a_live_host_measures_each_answer_and_a_scheduled_one_none(store: ArtifactStore) -> None:
    with ModelRunner(store, MEASURED) as measuring, ModelRunner(store) as scheduled:
        digest = keep(store, measuring, forge.linear(1.0))
        scheduled.load(digest)
        for branch in ("", "t-1"):
            assert latency_of(measuring.answer([ask(digest, branch=branch)])["k"]) > 0
            assert latency_of(scheduled.answer([ask(digest, branch=branch)])["k"]) == 0


def latency_of(answer: Answer | Fault) -> int:
    """Return how long an answer took."""
    assert isinstance(answer, Answer)
    return answer.latency_us
