"""A desk's library of patterns, as its champion foretells by it now, and what is most like what.

The library is in the bytes of the model, what its outcomes have moved since is in the log: the same
rule that the trader follows folds it again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from kingmaker.contracts.models import PATTERN_NEIGHBOURS, PATTERN_WINDOW
from kingmaker.kernel.service import Answer
from kingmaker.revisions import Numbers
from kingmaker.revisions.rules.pattern_ema_1 import VOICES_MAX, slot_of
from kingmaker.runtime.models.graph import Graph

COMPONENT = "pattern_recognition"
VOICES, RETURNS = "voices", "returns"  # constants of its graph, as its learner calls them
SIZE, KEPT = "km.patterns", "km.keep"  # what its metadata say

type Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Library:
    """Patterns by place: how many windows each speaks for, and what followed on them, in risks."""

    voices: Sequence[int]
    returns: Sequence[float]
    keeps: str  # all, winners
    graph: Graph
    memory: Numbers  # of the update rule: what outcomes have moved since the export

    @classmethod
    def read(cls, model: bytes, lessons: Iterable[tuple[Numbers, float]]) -> Self | None:
        """Read it from a model's bytes, and fold what it learned since; None if it holds none.

        `lessons` are rows and labels, in order.
        """
        import onnx  # noqa: PLC0415 - heavy, and only this command reads a graph
        from onnx import numpy_helper  # noqa: PLC0415 - as above

        proto = onnx.load_from_string(model)
        said = {pair.key: pair.value for pair in proto.metadata_props}
        found = {one.name: one for one in proto.graph.initializer if one.name in (VOICES, RETURNS)}
        if SIZE not in said or len(found) != len((VOICES, RETURNS)):
            return None
        voices, returns = (
            numpy_helper.to_array(found[name])[: int(said[SIZE])].tolist()
            for name in (VOICES, RETURNS)
        )
        graph = Graph(COMPONENT, model)
        memory: Numbers = ()
        if graph.revisable:
            rule, declaration = graph.revisable.rule, graph.revisable.declaration
            memory = rule.begin(declaration)
            for row, label in lessons:
                memory = rule.step(declaration, memory, row, label)
        keeps = said.get(KEPT, "")
        return cls([int(one) for one in voices], returns, keeps, graph, memory)

    def __len__(self) -> int:
        """Return how many patterns there are."""
        return len(self.returns)

    @property
    def moved(self) -> int:
        """How many patterns outcomes have moved since the export."""
        return len(self.memory) // len(slot_of((), 0.0))

    def pattern(self, place: int) -> Row:
        """Return a pattern: its weight now, what followed on it until its export, and of how many.

        `windows` counts up to ten: older ones are forgotten.
        """
        _, left, added, outcomes = slot_of(self.memory, float(place))
        exported = self.returns[place]
        return {
            "pattern": place,
            "weight": left * exported + added,
            "forward_return": exported,
            "windows": min(VOICES_MAX, self.voices[place] + int(outcomes)),
            "outcomes": int(outcomes),
        }

    def like(self, closes: Sequence[float], count: int) -> Row:
        """Return the score of a window, and the patterns most like it, the nearest first."""
        if len(closes) != PATTERN_WINDOW or not 1 <= count <= PATTERN_NEIGHBOURS:
            raise ValueError(f"give {PATTERN_WINDOW} closes, and a count to {PATTERN_NEIGHBOURS}")
        graph, revision = self.graph, b""
        if graph.revisable and self.memory:
            rule, declaration = graph.revisable.rule, graph.revisable.declaration
            revision = graph.revisable.pack(rule.vector(declaration, self.memory))
        graph.run([graph.layout.pack({"features": tuple(closes)})], None, revision)
        answer = graph.layout.unpack(graph.answer)
        assert isinstance(answer, Answer), "a model that reigns answers by numbers"
        near = zip(answer.outputs["index"], answer.outputs["similarity"], strict=True)
        matches = [
            {"similarity": similarity, **self.pattern(int(place))}
            for place, similarity in list(near)[:count]
            if place < len(self)  # blank ones fill up a small library
        ]
        return {"score": answer.outputs["score"][0], "matches": matches}


def windows(bars: Iterable[Any]) -> Mapping[str, tuple[int, tuple[float, ...]]]:
    """Return the latest window of each symbol: the time of its last close, and the closes."""
    closes: dict[str, list[float]] = {}
    times: dict[str, int] = {}
    for bar in bars:
        kept = closes.setdefault(bar.symbol, [])
        kept.append(bar.close)
        del kept[:-PATTERN_WINDOW]
        times[bar.symbol] = bar.open_ms + bar.interval_ms
    return {
        symbol: (times[symbol], tuple(kept))
        for symbol, kept in closes.items()
        if len(kept) == PATTERN_WINDOW
    }
