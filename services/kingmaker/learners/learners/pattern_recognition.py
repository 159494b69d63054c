"""Pattern recognition: what followed on the past windows that looked most like this one.

A library of windows of closes before signals, z-normalised, so that a dot product is a correlation
(Mueen et al., MASS; Yeh et al. 2016), each with the return that followed. The score is the mean
over the nearest 16, in units of risk, above zero for prices that rose. It is believed only as far
as it foretold later trades than the library's own. The graph counts in double precision, so that
the order of neighbours does not hang on rounding.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kingmaker.contracts.models import PATTERN_NEIGHBOURS, PATTERN_WINDOW
from kingmaker.learners.contract import Arrays, Decide, Floats, Learner, RowByRow, Tell, unheard
from kingmaker.learners.experience import Experience, UnfitDataError, clustered_error
from kingmaker.learners.export import GraphBuilder
from kingmaker.revisions import Declaration
from kingmaker.revisions.declaration import write
from kingmaker.revisions.rules import pattern_ema_1

COMPONENT = "pattern_recognition"
NEEDS_BARS = True
ROWS_MIN = 50  # trades with a window, of each part
PATTERNS_MAX = 10_000  # of a desk
ALIKE = 0.98  # windows that correlate more are one pattern
RATE = 0.1  # of the moving average of the returns that followed, once ten have
RETURN_MAX = 5.0  # in units of risk, as the bandit's rewards
TRIED_SHARE = 1.0 / 3.0  # of the learned trades, the latest, tell how far to believe
TINY = 1e-30  # in place of a length or a sum that is 0
BLOCK = 256  # rows compared at once
DECIMALS = 6
KEPT = ("all", "winners")
VOICES, RETURNS = "voices", "returns"  # of every pattern: constants that people look up
ROW = 1  # the axis of a row's numbers

type Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Library:
    """M patterns, oldest first. What is least worth keeping foretells least: its |return| is low.

    `belief` is the factor of the neighbours' mean return: 0 if that foretold nothing.
    """

    shapes: NDArray[np.float32]  # [M, PATTERN_WINDOW], mean 0, length 1
    returns: Floats  # [M] moving average of what followed, in units of risk; up is above 0
    seen: Integers  # [M] windows that were this pattern
    belief: float = 0.0

    @classmethod
    def empty(cls) -> "Library":
        """Return no patterns."""
        shapes = np.empty((0, PATTERN_WINDOW), np.float32)
        return cls(shapes, np.empty(0), np.empty(0, np.int64))


@dataclass(frozen=True, slots=True)
class PatternRecognition:
    """Fits, updates, exports and judges the library."""

    winners_only: bool  # as of old; it biases every forecast upward
    revisable: bool = False

    def fit(
        self, batch: Experience, prior: Library | None, seed: int, tell: Tell = unheard
    ) -> Library:
        """Return the library of all windows, and how far those before a time foretold the rest."""
        del prior, seed  # nothing is random, and a retraining owes nothing to before
        batch = _with_windows(batch)
        _check_rows(batch)
        first = batch.decided_ms[int(len(batch) * (1.0 - TRIED_SHARE))]
        before, tried = batch[batch.resolved_ms <= first], batch[batch.decided_ms >= first]
        belief = _belief(self.update(Library.empty(), before), tried)
        tell(
            {"step": 1, "of": 1, "loss": 1.0 - belief}
        )  # there is no descent: what is not believed
        return replace(self.update(Library.empty(), batch), belief=round(belief, DECIMALS))

    def update(self, state: Library, batch: Experience) -> Library:
        """Take in trade by trade: the pattern that a window is learns, or a new one is kept."""
        batch = _with_windows(batch)
        if self.winners_only:
            batch = batch[batch.net > 0.0]
        shapes, returns = shapes_of(_closes(batch)), _returns(batch)
        for start in range(0, len(batch), BLOCK):
            part = slice(start, start + BLOCK)
            state = _without_least(_absorb(state, shapes[part], returns[part]))
        return state

    def inputs(self, batch: Experience) -> Arrays:
        """Return the closes up to each decision; where they are not known, a flat line."""
        closes = _closes(batch)
        return {"features": np.where(np.isfinite(closes), closes, 1.0).astype(np.float32)}

    def reference(self, state: Library, inputs: Arrays) -> Arrays:
        """Return the score and its neighbours, nearest first."""
        library = _padded(state)
        similarity = shapes_of(inputs["features"].astype(np.float64)) @ library.shapes.T
        index = nearest(similarity)
        near = np.take_along_axis(similarity, index, axis=1)
        return {"score": _score(library, near, index), "similarity": near, "index": index}

    def export(self, state: Library) -> bytes:
        """Return the library as a graph: shape, correlation with every pattern, the nearest."""
        graph, library = GraphBuilder(COMPONENT), _padded(state)
        patterns = graph.widened(graph.floats(library.shapes.T))
        similarity = graph.add("MatMul", _export_shape(graph), patterns)
        near, index = graph.highest(similarity, PATTERN_NEIGHBOURS)
        said = {"patterns": str(len(state.returns)), "keep": KEPT[self.winners_only]}
        if self.revisable:
            declaration = self.declaration(state)
            said["revision"] = write(declaration)
            voices, told = _export_moved(graph, library, declaration)
        else:
            voices = graph.doubles(_voices(library), VOICES)
            told = graph.doubles(library.returns, RETURNS)
        voices, told = graph.add("Gather", voices, index), graph.add("Gather", told, index)
        votes = graph.add("Mul", graph.add("Max", near, graph.doubles(0.0)), voices)
        axis = graph.integers([ROW])
        sums = graph.add("ReduceSum", graph.add("Mul", votes, told), axis)
        total = graph.add("Max", graph.add("ReduceSum", votes, axis), graph.doubles(TINY))
        mean = graph.add("Div", sums, total)
        graph.narrowed(graph.add("Mul", mean, graph.doubles(library.belief)), "score")
        graph.narrowed(near, "similarity")
        graph.add("Identity", index, output="index")
        return graph.finish(said)

    def declaration(self, state: Library) -> Declaration:
        """Return how an outcome moves the average of a pattern: what `update` does to it."""
        library = _padded(state)
        parameters = {"patterns": float(len(library.returns)), "rate": RATE, "alike": ALIKE}
        voices = pattern_ema_1.packed([int(one) for one in _voices(library)])
        return Declaration(pattern_ema_1.RULE.title, parameters, voices)

    def row_by_row(self, decide: Decide, holdout: Experience, learned: Experience) -> RowByRow:
        """Return the gains in squared error, and the nets of the trades that the score agrees with.

        Against the mean of the learned trades or nothing at all, whichever foretells better.
        """
        holdout = _with_windows(holdout)
        _check_rows(holdout)
        score = decide(self.inputs(holdout))["score"][:, 0].astype(np.float64)
        returns, base = _returns(holdout), float(_returns(learned).mean())
        plain = min(((returns - guess) ** 2 for guess in (0.0, base)), key=np.mean)
        gain = plain - (returns - score) ** 2
        net = holdout.net * (score * holdout.direction > 0.0)
        return RowByRow(gain, net, holdout.bucket, holdout.decided_ms)

    def evaluate(
        self, decide: Decide, holdout: Experience, learned: Experience
    ) -> Mapping[str, float]:
        """Return the gain in squared error, and the trades that the score agrees with."""
        shown = self.row_by_row(decide, holdout, learned)
        holdout = _with_windows(holdout)
        answers = decide(self.inputs(holdout))
        side = answers["score"][:, 0].astype(np.float64) * holdout.direction
        agrees = side > 0.0
        return shown.figures() | {
            "holdout_acts": float((side < 0.0).sum()),
            "holdout_net_all": float(holdout.net.mean()),
            "holdout_net_kept": float(holdout.net[agrees].mean()) if agrees.any() else 0.0,
            "holdout_net_with": float(shown.net.mean()),
            "holdout_similarity": float(answers["similarity"][:, 0].astype(np.float64).mean()),
            "base_return": float(_returns(learned).mean()),
        }


def build(parameters: Mapping[str, float]) -> Learner[Library]:
    """Return the learner; `keep` is 0 for the windows of all trades, 1 for those of winners."""
    return PatternRecognition(
        winners_only=parameters["keep"] > 0.0, revisable=parameters.get("revisions", 0.0) > 0.0
    )


def shapes_of(closes: Floats) -> Floats:
    """Return windows [B, W] with mean 0 and length 1; flat ones are all 0."""
    moved = closes - closes[:, :1]
    centred = moved - moved.mean(axis=1, keepdims=True)
    length = np.sqrt((centred * centred).sum(axis=1, keepdims=True))
    shapes: Floats = centred / np.maximum(length, TINY)
    return shapes


def _export_shape(graph: GraphBuilder) -> str:
    """Add `shapes_of`."""
    axis = graph.integers([ROW])
    closes = graph.widened("features")
    moved = graph.add("Sub", closes, graph.add("Gather", closes, graph.integers([0]), axis=ROW))
    mean = graph.add("Div", graph.add("ReduceSum", moved, axis), graph.doubles(PATTERN_WINDOW))
    centred = graph.add("Sub", moved, mean)
    squares = graph.add("ReduceSum", graph.add("Mul", centred, centred), axis)
    length = graph.add("Max", graph.add("Sqrt", squares), graph.doubles(TINY))
    return graph.add("Div", centred, length)


def _export_moved(
    graph: GraphBuilder, library: Library, declaration: Declaration
) -> tuple[str, str]:
    """Add voices and returns as a revision moves them; the last place is of no pattern."""
    rule, slots = pattern_ema_1.RULE, pattern_ema_1.SLOTS
    vector = graph.revision(rule.vector(declaration, rule.begin(declaration)))
    parts = [graph.part(vector, slots * at, (slots,)) for at in range(pattern_ema_1.FIELDS)]
    places, size = graph.whole(parts[0]), graph.integers([len(library.returns) + 1])
    left, added, outcomes = (
        graph.add(
            "ScatterElements",
            graph.add("Expand", graph.doubles([as_exported]), size),
            places,
            graph.widened(part),
        )
        for as_exported, part in zip((1.0, 0.0, 0.0), parts[1:], strict=True)
    )
    voices = graph.add("Add", graph.doubles(np.append(_voices(library), 0.0), VOICES), outcomes)
    returns = graph.add("Mul", graph.doubles(np.append(library.returns, 0.0), RETURNS), left)
    most = graph.doubles(float(pattern_ema_1.VOICES_MAX))
    return graph.add("Min", voices, most), graph.add("Add", returns, added)


def nearest(similarity: Floats) -> Integers:
    """Return the places of the largest of each row [B, k], largest first, of equals the first."""
    border = np.partition(similarity, -PATTERN_NEIGHBOURS, axis=1)[:, -PATTERN_NEIGHBOURS]
    found = np.empty((len(similarity), PATTERN_NEIGHBOURS), np.int64)
    for number, (row, edge) in enumerate(zip(similarity, border, strict=True)):
        places = np.flatnonzero(row >= edge)
        found[number] = places[np.argsort(-row[places], kind="stable")][:PATTERN_NEIGHBOURS]
    return found


def _absorb(library: Library, shapes: Floats, returns: Floats) -> Library:
    """Let each window be the pattern that it is most like, or a new one."""
    places, new = _places(library, shapes)
    means = np.concatenate([library.returns, np.zeros(len(new))])
    seen = np.concatenate([library.seen, np.zeros(len(new), np.int64)])
    for place, value in zip(places, returns, strict=True):
        seen[place] += 1
        means[place] += max(1.0 / seen[place], RATE) * (value - means[place])
    kept = np.concatenate([library.shapes, shapes[new].astype(np.float32)])
    return replace(library, shapes=kept, returns=np.round(means, DECIMALS), seen=seen)


def _places(library: Library, shapes: Floats) -> tuple[list[int], list[int]]:
    """Return the pattern's number for each window, and the windows that are new patterns."""
    known = len(library.returns)
    alike = np.concatenate([shapes @ library.shapes.T, np.full((len(shapes), 1), -1.0)], axis=1)
    best, place = alike.max(axis=1).tolist(), alike.argmax(axis=1).tolist()
    among, new = shapes @ shapes.T, list[int]()
    for row in range(len(shapes)):
        if new and (own := among[row, new]).max() > best[row]:
            best[row], place[row] = own.max(), known + int(own.argmax())
        if best[row] <= ALIKE:
            place[row] = known + len(new)
            new.append(row)
    return place, new


def _without_least(library: Library) -> Library:
    """Return as many patterns as may be kept; those leave that foretell least."""
    excess = len(library.returns) - PATTERNS_MAX
    if excess <= 0:
        return library
    kept = np.sort(np.abs(library.returns).argsort(kind="stable")[excess:])
    return replace(
        library, shapes=library.shapes[kept], returns=library.returns[kept], seen=library.seen[kept]
    )


def _belief(library: Library, tried: Experience) -> float:
    """Return the factor by which the neighbours' mean foretells later trades, at its least.

    That is the slope through the origin less one standard error, never below 0: what is not certain
    is not said.
    """
    if min(len(library.returns), len(tried)) < PATTERN_NEIGHBOURS:
        return 0.0
    certain, shapes = replace(_padded(library), belief=1.0), shapes_of(_closes(tried))
    told = np.concatenate(
        [_told(certain, shapes[row : row + BLOCK]) for row in range(0, len(shapes), BLOCK)]
    )
    returns, square = _returns(tried), float((told * told).mean())
    if square <= TINY:
        return 0.0
    slope = float((told * returns).mean()) / square
    error = clustered_error(told * (returns - slope * told), tried.bucket) / square
    return min(max(slope - error, 0.0), 1.0)


def _told(library: Library, shapes: Floats) -> Floats:
    similarity = shapes @ library.shapes.T
    index = nearest(similarity)
    return _score(library, np.take_along_axis(similarity, index, axis=1), index)[:, 0]


def _score(library: Library, near: Floats, index: Integers) -> Floats:
    """Return the believed mean of the neighbours' returns [B, 1]."""
    votes = np.maximum(near, 0.0) * _voices(library)[index]
    sums = (votes * library.returns[index]).sum(axis=1, keepdims=True)
    mean: Floats = sums / np.maximum(votes.sum(axis=1, keepdims=True), TINY)
    return mean * library.belief


def _voices(library: Library) -> Floats:
    """Return how many windows each pattern speaks for: as many as its average remembers."""
    return np.minimum(library.seen, round(1.0 / RATE)).astype(np.float64)


def _padded(library: Library) -> Library:
    """Return at least as many patterns as neighbours; blank ones look like nothing."""
    blank = max(0, PATTERN_NEIGHBOURS - len(library.returns))
    return replace(
        library,
        shapes=np.pad(library.shapes, ((0, blank), (0, 0))),
        returns=np.pad(library.returns, (0, blank)),
        seen=np.pad(library.seen, (0, blank)),
    )


def _closes(batch: Experience) -> Floats:
    """Return the closes up to each decision [N, PATTERN_WINDOW], as serving sees them, or NaN."""
    closes = np.full((len(batch), PATTERN_WINDOW), np.nan)
    for number, bars in enumerate(batch.bars):
        mine = batch.symbol == number
        places = bars.places(batch.decided_ms[mine])
        closes[mine] = bars.closes(places, PATTERN_WINDOW)
    return closes.astype(np.float32).astype(np.float64)


def _with_windows(batch: Experience) -> Experience:
    """Return the trades whose window is known and has a shape."""
    closes = _closes(batch)
    return batch[np.isfinite(closes).all(axis=1) & (np.ptp(closes, axis=1) > 0.0)]


def _returns(batch: Experience) -> Floats:
    """Return what prices did until each trade's end, costs taken out, in units of risk."""
    gross = batch.net + 2.0 * (batch.fee + batch.impact)
    return np.clip(batch.direction * gross / batch.risk, -RETURN_MAX, RETURN_MAX)


def _check_rows(batch: Experience) -> None:
    if len(batch) < ROWS_MIN:
        raise UnfitDataError(
            f"{len(batch)} trades with {PATTERN_WINDOW} bars before them are too few:"
            f" {ROWS_MIN} are needed"
        )
