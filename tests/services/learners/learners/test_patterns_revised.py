"""A library that learns on: its graph, told what an outcome moved, answers as its learner would."""

from dataclasses import replace
from typing import Any

import numpy as np
import onnx
import pytest

from kingmaker.learners import training
from kingmaker.learners.bars import by_symbol
from kingmaker.learners.experience import Experience
from kingmaker.learners.learners import pattern_recognition
from kingmaker.learners.learners.pattern_recognition import (
    ALIKE,
    Library,
    PatternRecognition,
    shapes_of,
)
from kingmaker.revisions import Declaration
from kingmaker.revisions.declaration import read
from kingmaker.revisions.rules import discover, rule_of
from tests.services.learners.markets import shape_world

COMPONENT = "pattern_recognition"
PLAIN = PatternRecognition(winners_only=False)
LEARNER = replace(PLAIN, revisable=True)
RULE = discover()["pattern_ema@1"]
KNOWN = 200  # trades that the library was made of


@pytest.fixture(scope="module")
def batch() -> Experience:
    sources = shape_world(400, 0.3, 1)
    return Experience.of(sources.trades(), by_symbol(sources.bars()))


@pytest.fixture(scope="module")
def library(batch: Experience) -> Library:
    return replace(LEARNER.update(Library.empty(), batch[:KNOWN]), belief=0.7)


def declared(model: bytes) -> Declaration:
    pairs = onnx.load_from_string(model).metadata_props
    declaration = read(next(pair.value for pair in pairs if pair.key == "km.revision"))
    rule_of(declaration, COMPONENT)
    return declaration


def answered(model: bytes, batch: Experience, revision: Any = None) -> dict[str, np.ndarray]:  # noqa: ANN401 - a vector, or none
    inputs = LEARNER.inputs(batch)
    given = {} if revision is None else {"revision": np.asarray(revision, np.float32)}
    return dict(training.open_session(model)({**inputs, **given}))


def test_known_windows_move_the_graph_as_they_move_its_learner(
    batch: Experience, library: Library
) -> None:
    later = batch[KNOWN:]
    model = LEARNER.export(library)
    own = answered(model, later)
    known = np.asarray(own["similarity"], np.float64)[:, 0] > ALIKE
    assert 10 < known.sum() < len(later), "some are known, and some are not"
    declaration = declared(model)
    memory = RULE.begin(declaration)
    returns = pattern_recognition._returns(later)
    for place, outcome in zip(own["index"][known, 0], returns[known], strict=True):
        memory = RULE.step(declaration, memory, (float(place),), float(outcome))
    moved = answered(model, later, RULE.vector(declaration, memory))
    expected = LEARNER.reference(LEARNER.update(library, later[known]), LEARNER.inputs(later))
    assert np.array_equal(moved["index"], own["index"]), "which are neighbours never moves"
    assert np.abs(moved["score"] - expected["score"]).max() < 1e-5
    assert np.abs(moved["score"] - own["score"]).max() > 0.05


def test_revision_0_is_the_export_and_the_plain_graph(batch: Experience, library: Library) -> None:
    model = LEARNER.export(library)
    declaration = declared(model)
    first = RULE.vector(declaration, RULE.begin(declaration))
    answers = [
        answered(PLAIN.export(library), batch),
        answered(model, batch),
        answered(model, batch, first),
    ]
    for name in ("score", "similarity", "index"):
        assert len({one[name].tobytes() for one in answers}) == 1
    assert b"km.revision" not in PLAIN.export(library)


def test_a_planted_winner_is_found_and_its_weight_moves_after_the_next_outcome(
    batch: Experience, library: Library
) -> None:
    shapes = shapes_of(pattern_recognition._closes(batch))
    winner = int(np.argmax(library.returns * library.seen))
    window = int(np.argmax(shapes @ library.shapes[winner]))
    model = LEARNER.export(library)
    found = answered(model, batch[window : window + 1])
    assert found["index"][0, 0] == winner
    assert found["similarity"][0, 0] > ALIKE
    assert found["score"][0, 0] > 0.2
    declaration = declared(model)
    memory = RULE.step(declaration, RULE.begin(declaration), (float(winner),), -1.0)
    after = answered(model, batch[window : window + 1], RULE.vector(declaration, memory))
    assert after["score"][0, 0] < found["score"][0, 0]


@pytest.mark.parametrize("size", [1, 2, 7, 256])
def test_a_revised_graph_answers_in_any_batch_as_it_does_alone(
    batch: Experience, library: Library, size: int
) -> None:
    model = LEARNER.export(library)
    declaration = declared(model)
    memory = RULE.begin(declaration)
    for place in range(0, len(library.returns), 3):
        memory = RULE.step(declaration, memory, (float(place),), 1.0)
    vector = RULE.vector(declaration, memory)
    whole, part = answered(model, batch, vector), answered(model, batch[:size], vector)
    for name, rows in part.items():
        assert rows.tobytes() == whole[name][: len(rows)].tobytes()


def test_few_patterns_declare_their_blank_ones_too(batch: Experience) -> None:
    few = LEARNER.update(Library.empty(), batch[:3])
    declaration = declared(LEARNER.export(few))
    assert declaration.parameters == {"patterns": 16.0, "rate": 0.1, "alike": ALIKE}
    answered(LEARNER.export(few), batch[:2], RULE.vector(declaration, ()))
