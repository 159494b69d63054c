"""One training from closed trades to a judged bundle: what runs in the training's own process."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
import onnx
import onnxruntime

from kingmaker.contracts.models import (
    BATCH,
    IR_VERSION,
    ML_OPSET,
    OPSET,
    SIGNATURES,
    Signature,
    schema_of,
    schema_of_signature,
)
from kingmaker.learners import backtest, learners, rotation, sight
from kingmaker.learners.bars import SymbolBar, by_symbol
from kingmaker.learners.contract import Arrays, Learner, Progress
from kingmaker.learners.distillation.parameters import ORIGIN
from kingmaker.learners.experience import Experience, Resolved, UnfitDataError, split
from kingmaker.learners.search import begin

GOLDEN_ROWS = 256
PARITY_MAX = 1e-5  # of |answer - reference| / max(1, |reference|)
DIGITS = 9  # of a figure: enough for a person, too few for the last bits of a sum

type Tell = Callable[[str | Progress], None]


class UnfaithfulGraphError(Exception):
    """The graph does not answer what its learner computed."""


class Sources(Protocol):
    """What can be learned from: all that was known of a desk at one moment."""

    def trades(self) -> Sequence[Resolved]:
        """Return its closed trades."""

    def bars(self) -> Sequence[SymbolBar]:
        """Return its closed bars, in order of time."""


@dataclass(frozen=True, slots=True)
class Files:
    """The three files of a bundle."""

    model: bytes
    golden: Mapping[str, np.ndarray]
    manifest: Mapping[str, object]

    @property
    def digest(self) -> str:
        """SHA-256 of the model."""
        return hashlib.sha256(self.model).hexdigest()


@dataclass(frozen=True, slots=True)
class Product:
    """What a training made: the three files of a bundle, and its figures."""

    model: bytes
    golden: Mapping[str, np.ndarray]
    manifest: Mapping[str, object]
    metrics: Mapping[str, float]
    dataset_digest: str
    data_from_ms: int
    found: Mapping[str, float] = field(default_factory=dict)  # parameters, by a search
    teacher: Files | None = None  # the bundle that taught it, if any

    @property
    def digest(self) -> str:
        """SHA-256 of the model: the name it goes by."""
        return hashlib.sha256(self.model).hexdigest()


def train(  # noqa: PLR0913, PLR0917 - a training, and what it may use
    component: str,
    sources: Sources,
    seed: int,
    parameters: Mapping[str, float],
    tell: Tell,
    kept: tuple[Path, str] | None = None,
) -> Product:
    """Learn from the earlier trades, be judged on the later ones; bars are read if asked for.

    A training that searches looks for parameters first, among the trades that it learns from, and
    then is one like any other; `kept` is the folder where its trials outlive it, and its name.
    What is judged is what is returned: it is not fitted again on all trades. Raises UnfitDataError
    where nothing can be learned, UnfaithfulGraphError where the graph differs from its reference.
    """
    bars = by_symbol(sources.bars()) if learners.needs_bars(component) else ()
    trades = sources.trades()
    batch = backtest.recent(Experience.of(trades, bars), parameters)
    learned, holdout = split(batch, parameters["holdout_share"])
    tell(f"{component}: learning from {len(learned)} trades, {len(holdout)} held out")
    found = begin.find(begin.job_of(component, seed, parameters, kept), learned, tell)
    parameters = {**parameters, **found.parameters}
    learner = learners.load(component, parameters)
    state = learner.fit(sight.of(learned, parameters), None, seed, sober(tell))
    made = Made(component, learner, state, batch, learned, holdout)
    product = taught(judged(made, seed, tell), made)
    more = dict(found.figures)
    if rotation.BACKTEST in parameters:
        more |= backtest.figures(learner, open_session(product.model), learned, holdout, trades)
    product = with_metrics(product, more) if more else product
    said = {**product.manifest, **found.manifest}
    return replace(product, manifest=said, found=found.parameters)


class Teacher(Protocol):
    """Who taught a learner; its graph is kept, and served by nobody."""

    @property
    def name(self) -> str:
        """What its manifest calls it: no component."""

    @property
    def signature(self) -> Signature:
        """What its graph takes and gives."""

    def inputs(self, batch: Experience) -> Arrays:
        """Return the rows as its graph takes them."""
        ...

    def reference(self, inputs: Arrays) -> Arrays:
        """Return what its graph must answer."""
        ...

    def export(self) -> bytes:
        """Return the graph."""
        ...


@runtime_checkable
class HavingTeacher(Protocol):
    """A learner whose state has a teacher in it."""

    def teacher_of(self, state: Any) -> Teacher:  # noqa: ANN401 - what it has learned
        """Return who taught it."""
        ...

    def compare(self, state: Any, holdout: Experience) -> Mapping[str, float]:  # noqa: ANN401 - as above
        """Return what teacher and student earn on trades that neither saw."""
        ...


@dataclass(frozen=True, slots=True)
class Made:
    """What was learned, from which trades, and those that it never saw."""

    component: str
    learner: Learner[Any]
    state: object
    batch: Experience
    learned: Experience
    holdout: Experience


def judged(made: Made, seed: int, tell: Tell) -> Product:
    """Export what was learned, hold it against its reference, and measure it on the hold-out."""
    component, learner, learned = made.component, made.learner, made.learned
    model = learner.export(made.state)
    session = open_session(model)
    golden = _golden(component, learner, made.state, made.batch)
    check_parity(session, golden)
    tell(f"{component}: judging on {len(made.holdout)} trades that it never saw")
    figures = dict(learner.evaluate(session, made.holdout, learned))
    counts = {"learned_trades": float(len(learned)), "holdout_trades": float(len(made.holdout))}
    metrics = _told(counts | figures)
    manifest = _manifest(component, model, made.batch, learner_seed=seed, metrics=metrics)
    first_ms = int(made.batch.decided_ms[0])
    return Product(model, golden, manifest, metrics, made.batch.digest, first_ms)


def taught(product: Product, made: Made) -> Product:
    """Return the product with its teacher's bundle, and what each earned on the hold-out.

    As it is where nobody taught it.
    """
    learner = made.learner
    if not isinstance(learner, HavingTeacher):
        return product
    teacher = _files_of(learner.teacher_of(made.state), made, product)
    lineage = {"origin": ORIGIN, "teacher": teacher.digest}
    whole = with_metrics(product, learner.compare(made.state, made.holdout))
    return replace(whole, teacher=teacher, manifest={**whole.manifest, **lineage})


def with_metrics(product: Product, more: Mapping[str, float]) -> Product:
    """Return the product with further figures, in its manifest too."""
    metrics = _told({**product.metrics, **more})
    return replace(product, metrics=metrics, manifest={**product.manifest, "metrics": metrics})


def _told(figures: Mapping[str, float]) -> Mapping[str, float]:
    """Return figures as they are told; UnfitDataError where one is not finite."""
    metrics = {name: _short(value) for name, value in sorted(figures.items())}
    if not np.isfinite(list(metrics.values())).all():
        raise UnfitDataError(f"a figure on the hold-out is not finite: {metrics}")
    return metrics


def sober(tell: Tell) -> Callable[[Progress], None]:
    """Return what passes on a loss curve, and ends a training that diverges."""

    def told(progress: Progress) -> None:
        if not np.isfinite(progress["loss"]):
            raise UnfitDataError(
                f"it diverged: the loss is {progress['loss']} at step {progress['step']} of"
                f" {progress['of']}"
            )
        tell(progress)

    return told


def open_session(model: bytes) -> Callable[[Arrays], Arrays]:
    """Return the graph as serving runs it: one thread, names to arrays."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]

    def decide(inputs: Arrays) -> Arrays:
        return dict(zip(names, session.run(names, dict(inputs)), strict=True))

    return decide


def check_parity(decide: Callable[[Arrays], Arrays], golden: Arrays) -> None:
    """Compare the graph's answers with the reference's; integers must be equal."""
    inputs = {name[3:]: rows for name, rows in golden.items() if name.startswith("in.")}
    answers = decide(inputs)
    for name, answer in answers.items():
        expected = golden[f"out.{name}"].astype(np.float64)
        error = np.abs(answer.astype(np.float64) - expected) / np.maximum(1.0, np.abs(expected))
        allowed = 0.0 if np.issubdtype(answer.dtype, np.integer) else PARITY_MAX
        if not (np.isfinite(answer).all() and error.max() <= allowed):
            raise UnfaithfulGraphError(f"{name} is off by {error.max():.3g}, allowed {allowed:g}")


def _golden(
    component: str, learner: Learner[Any], state: object, batch: Experience
) -> Mapping[str, np.ndarray]:
    """Return rows in and out, spread evenly over the trades; weights are the same for all rows."""
    alike = {port.name for port in SIGNATURES[component].inputs if BATCH not in port.shape}
    inputs = {
        name: rows if name in alike else _spread(rows)
        for name, rows in learner.inputs(batch).items()
    }
    answers = learner.reference(state, inputs)
    outputs = {
        f"out.{name}": rows if rows.dtype.kind == "i" else rows.astype(np.float32)
        for name, rows in answers.items()
    }
    return {f"in.{name}": rows for name, rows in inputs.items()} | outputs


def _files_of(teacher: Teacher, made: Made, product: Product) -> Files:
    """Export a teacher, and hold its graph against its reference."""
    model = teacher.export()
    inputs = {name: _spread(rows) for name, rows in teacher.inputs(made.batch).items()}
    answers = {
        f"out.{name}": rows if rows.dtype.kind == "i" else rows.astype(np.float32)
        for name, rows in teacher.reference(inputs).items()
    }
    golden = {f"in.{name}": rows for name, rows in inputs.items()} | answers
    check_parity(open_session(model), golden)
    manifest = {
        **{key: value for key, value in product.manifest.items() if key != "metrics"},
        "component": teacher.name,
        "sha256": hashlib.sha256(model).hexdigest(),
        "schema": schema_of_signature(teacher.signature),
        "memory": 0,
    }
    return Files(model, golden, manifest)


def _spread(rows: np.ndarray) -> np.ndarray:
    return rows[np.linspace(0, len(rows) - 1, GOLDEN_ROWS).astype(np.int64)]


def _manifest(
    component: str,
    model: bytes,
    batch: Experience,
    *,
    learner_seed: int,
    metrics: Mapping[str, float],
) -> Mapping[str, object]:
    """Return what the bundle says of itself: nothing of the machine, nothing of the hour."""
    return {
        "format": 1,
        "component": component,
        "sha256": hashlib.sha256(model).hexdigest(),
        "schema": schema_of(component),
        "memory": _memory_of(model),
        "origin": "trained",
        "seed": learner_seed,
        "data_from_ms": int(batch.decided_ms[0]),
        "data_until_ms": int(batch.resolved_ms.max()),
        "trades": len(batch),
        "dataset_digest": batch.digest,
        "metrics": dict(metrics),
        "versions": {
            "ir": IR_VERSION,
            "opset": OPSET,
            "ai.onnx.ml": ML_OPSET,
            "onnx": onnx.__version__,
            "numpy": np.__version__,
        },
    }


def _memory_of(model: bytes) -> int:
    """Return how many rows before the present one the graph says it wants to be fed."""
    said = {pair.key: pair.value for pair in onnx.load_from_string(model).metadata_props}
    return int(said.get("km.memory", "0"))


def _short(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
