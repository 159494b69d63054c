"""Regime detector: calm, normal or crisis, by a filter that never looks ahead.

A Gaussian hidden Markov model (Hamilton 1989) of the logarithm of a bar's range in percent, which
is nearly Gaussian and tells more of volatility than a return (Alizadeh, Brandt and Diebold 2002).
It is a number of one bar: in features that share a window any market, a random walk too, would seem
to have a memory. All symbols of a desk share one scale. The graph is one step of the filter;
smoothing, which looks ahead, serves the fit alone. It counts in double precision: a likelihood is a
small difference of large numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from kingmaker.contracts.models import FEATURES, REGIMES
from kingmaker.learners import hidden_markov
from kingmaker.learners.bars import Bars
from kingmaker.learners.contract import Arrays, Decide, Floats, Learner, RowByRow, Tell, unheard
from kingmaker.learners.experience import Experience, UnfitDataError
from kingmaker.learners.export import GraphBuilder
from kingmaker.learners.hidden_markov import Chain, Sums
from kingmaker.market import features as market

COMPONENT = "regime_detector"
NEEDS_BARS = True
NAMES = ("calm", "normal", "crisis")
MEMORY = 8  # bars fed through the filter before the present one: what the trader shows
BARS_MIN = 300  # with features, of each part
BARS_MAX = 60_000  # of all symbols, the newest: more of them move no parameter
USUAL_BARS = 6_000  # the newest of them say how often each regime is
RANGE = market.NAMES.index("range")  # in average true ranges
ATR = market.NAMES.index("atr_percent")
LEAST, MOST = 1e-3, 25.0  # percent: a bar that stood still has a logarithm too
GAIN_LEAST = 0.01  # nats a bar: less changes no regime, and chance alone may give it
CONSTANT = 1e-5
DECIMALS = 6
PROBABILITY_MIN = 1e-6
ROW, WITHIN = 1, 2  # axes


@dataclass(frozen=True, slots=True)
class Regimes:
    """A chain of standardised log ranges.

    `sums` are what the chain was made of, and `until_ms` the close of the last bar among them.
    """

    mean: Floats  # [1]
    scale: Floats  # [1]
    chain: Chain
    sums: Sums
    until_ms: int


@dataclass(frozen=True, slots=True)
class RegimeDetector:
    """Fits, updates, exports and judges the filter."""

    starts: int

    def fit(
        self, batch: Experience, prior: Regimes | None, seed: int, tell: Tell = unheard
    ) -> Regimes:
        """Return the likeliest chain of the newest bars; a retraining owes nothing to before."""
        del prior
        known = _Stretch.of(batch.bars, most=BARS_MAX)
        known.check()
        seen = observe(known.features)
        mean, scale = np.round(seen.mean(axis=0), DECIMALS), np.round(seen.std(axis=0), DECIMALS)
        if scale[0] < CONSTANT:
            raise UnfitDataError(f"the range of {len(seen)} bars never changes: no regimes")
        rows = (seen - mean) / scale

        def heard(step: int, reached: float) -> None:
            tell({"step": step, "of": hidden_markov.STEPS_MAX, "loss": -reached})

        begins, starts = known.begins, self.starts
        chain = hidden_markov.fit(rows, begins, REGIMES, seed=seed, starts=starts, tell=heard)
        sums = hidden_markov.sums_of(hidden_markov.look(chain, rows, begins), rows, begins)
        return Regimes(mean, scale, _rounded(chain), sums, int(known.close_ms.max()))

    def update(self, state: Regimes, batch: Experience) -> Regimes:
        """Add what came since to the sums, and take the chain that is best for all of them.

        That is a step of incremental expectation maximisation (Neal and Hinton 1998).
        """
        known = _Stretch.of(batch.bars, after_ms=state.until_ms, most=BARS_MAX)
        if len(known.features) == 0:
            return state
        rows = (observe(known.features) - state.mean) / state.scale
        beliefs = hidden_markov.look(state.chain, rows, known.begins)
        sums = state.sums + hidden_markov.sums_of(beliefs, rows, known.begins)
        chain = _rounded(hidden_markov.best_for(sums))
        return replace(state, chain=chain, sums=sums, until_ms=int(known.close_ms.max()))

    def inputs(self, batch: Experience) -> Arrays:
        """Return the features of the trades' bars, and the regimes that were believed in then."""
        believed = np.maximum(batch.setup[:, -REGIMES:], PROBABILITY_MIN)
        return {
            "features": batch.setup[:, :FEATURES].astype(np.float32),
            "log_post": np.log(believed).astype(np.float32),
        }

    def reference(self, state: Regimes, inputs: Arrays) -> Arrays:
        """Return one step of the filter."""
        rows = (observe(inputs["features"].astype(np.float64)) - state.mean) / state.scale
        moves = inputs["log_post"].astype(np.float64)[:, :, None] + _log_moves(state)
        prior = np.logaddexp.reduce(moves, axis=1)
        joint = prior + hidden_markov.log_densities(state.chain, rows)
        total = np.logaddexp.reduce(joint, axis=1)
        log_post = joint - total[:, None]
        return {
            "log_post_next": log_post,
            "probs": np.exp(log_post),
            "state": joint.argmax(axis=1),
            "loglik": total,
        }

    def export(self, state: Regimes) -> bytes:
        """Return one step of the filter as a graph: in logarithms, its state explicit."""
        graph = GraphBuilder(COMPONENT)
        axis = graph.integers([ROW])
        before = graph.add("Unsqueeze", graph.widened("log_post"), graph.integers([WITHIN]))
        moves = graph.add("Add", before, graph.doubles(_log_moves(state)[None]))
        prior = graph.add("ReduceLogSumExp", moves, axis, keepdims=0)
        joint = graph.add("Add", prior, _export_densities(graph, state))
        total = graph.add("ReduceLogSumExp", joint, axis)
        graph.narrowed(graph.add("Sub", joint, total), "log_post_next")
        graph.narrowed(graph.add("Softmax", joint, axis=ROW), "probs")
        graph.first_largest(joint, "state")
        graph.narrowed(graph.add("Squeeze", total, axis), "loglik")
        return graph.finish({"memory": str(MEMORY), "starts": repr(self.starts)})

    def row_by_row(self, decide: Decide, holdout: Experience, learned: Experience) -> RowByRow:
        """Return the gains in log-likelihood a bar (nats) of a regime that is remembered."""
        return _watched(decide, holdout, learned).shown

    def evaluate(
        self, decide: Decide, holdout: Experience, learned: Experience
    ) -> Mapping[str, float]:
        """Return the gain in log-likelihood a bar (nats) of a regime that is remembered."""
        watched = _watched(decide, holdout, learned)
        shares = watched.answers["probs"].astype(np.float64).mean(axis=0)
        return watched.shown.figures() | {
            "holdout_bars": float(len(watched.shown.gain)),
            "holdout_log_likelihood": float(watched.likelihood.mean()),
            "holdout_changes": float((np.diff(watched.answers["state"]) != 0).mean()),
            **{f"holdout_share_{name}": float(x) for name, x in zip(NAMES, shares, strict=True)},
        }


@dataclass(frozen=True, slots=True)
class _Watched:
    """What a filter said of the bars of a hold-out."""

    shown: RowByRow
    likelihood: Floats
    answers: Arrays


def build(parameters: Mapping[str, float]) -> Learner[Regimes]:
    """Return the learner; `starts` climbs are tried, the best goes on."""
    return RegimeDetector(starts=int(parameters["starts"]))


def observe(features: Floats) -> Floats:
    """Return what the chain sees of features [B, FEATURES]: the log range in percent [B, 1]."""
    ranges = features[:, [RANGE]] * features[:, [ATR]]
    seen: Floats = np.log(np.clip(ranges, LEAST, MOST))
    return seen


def _export_observe(graph: GraphBuilder) -> str:
    """Add `observe`."""
    features = graph.widened("features")
    columns = [
        graph.add("Gather", features, graph.integers([column]), axis=ROW) for column in (RANGE, ATR)
    ]
    ranges = graph.add("Mul", *columns)
    return graph.add("Log", graph.add("Clip", ranges, *map(graph.doubles, (LEAST, MOST))))


def _export_densities(graph: GraphBuilder, state: Regimes) -> str:
    """Add log p(row | state), [B, REGIMES]: squared distances in each state's own measure."""
    matrices, offsets, constants = hidden_markov.whitening(state.chain)
    centred = graph.add("Sub", _export_observe(graph), graph.doubles(state.mean))
    rows = graph.add("Mul", centred, graph.doubles(1.0 / state.scale))
    beside = graph.add("MatMul", rows, graph.doubles(np.concatenate(list(matrices), axis=1)))
    away = graph.add("Sub", beside, graph.doubles(offsets.ravel()))
    squares = graph.add("Mul", away, away)
    halves = np.repeat(np.eye(REGIMES), offsets.shape[1], axis=0) * -0.5
    return graph.add(
        "Add", graph.add("MatMul", squares, graph.doubles(halves)), graph.doubles(constants)
    )


def _watched(decide: Decide, holdout: Experience, learned: Experience) -> _Watched:
    """Return the gain of a regime that is remembered, bar by bar.

    Against the same regimes drawn anew for every bar, as often as they were, and less the least
    that counts. The graph is fed as serving feeds it. The first window of the hold-out is left
    out: it reaches back into bars that were learned.
    """
    first_ms = int(holdout.decided_ms.min())
    window_ms = market.BARS * max((one.interval_ms for one in holdout.bars), default=0)
    later = _Stretch.of(holdout.bars, after_ms=first_ms + window_ms, most=BARS_MAX)
    later.check()
    known = _Stretch.of(learned.bars, most=USUAL_BARS)
    usual = known.served(decide)["probs"].astype(np.float64).mean(axis=0)
    answers = later.served(decide)
    anew = np.tile(np.log(usual), (len(later.features), 1)).astype(np.float32)
    forgetful = decide({"features": later.features.astype(np.float32), "log_post": anew})
    likelihood = answers["loglik"].astype(np.float64)
    gain = likelihood - forgetful["loglik"].astype(np.float64) - GAIN_LEAST
    shown = RowByRow(gain, np.empty(0), later.close_ms // window_ms, later.close_ms)
    return _Watched(shown, likelihood, answers)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Bars that have features, of all symbols, one symbol after the other."""

    features: Floats  # [T, FEATURES]
    begins: NDArray[np.bool_]  # [T] the bar before is missing
    close_ms: NDArray[np.int64]  # [T]

    @classmethod
    def of(cls, bars: Sequence[Bars], *, most: int, after_ms: int = 0) -> Self:
        """Return at most so many of the bars that closed later, the newest."""
        parts = [_stretch(one, after_ms, most // len(bars)) for one in bars]
        parts.append((np.empty((0, FEATURES)), np.empty(0, bool), np.empty(0, np.int64)))
        return cls(*[np.concatenate(column) for column in zip(*parts, strict=True)])

    def check(self) -> None:
        """Raise UnfitDataError if they are too few."""
        if len(self.features) < BARS_MIN:
            raise UnfitDataError(
                f"{len(self.features)} bars with features are too few: {BARS_MIN} are needed"
            )

    def served(self, decide: Decide) -> Arrays:
        """Return the answer at each bar, the bars before it fed first as the trader does."""
        features, places = self.features.astype(np.float32), np.arange(len(self.features))
        since = places - np.maximum.accumulate(np.where(self.begins, places, 0))
        log_post = np.full((len(features), REGIMES), np.log(1.0 / REGIMES), np.float32)
        for back in range(MEMORY, 0, -1):
            before = features[np.maximum(places - back, 0)]
            answer = decide({"features": before, "log_post": log_post})
            log_post = np.where(since[:, None] >= back, answer["log_post_next"], log_post)
        return decide({"features": features, "log_post": log_post})


def _stretch(
    bars: Bars, after_ms: int, most: int
) -> tuple[Floats, NDArray[np.bool_], NDArray[np.int64]]:
    places = np.flatnonzero(bars.close_ms > after_ms)[-most:]
    features = bars.features(places)
    whole = np.isfinite(features).all(axis=1)
    close_ms = bars.close_ms[places][whole]
    return features[whole], np.diff(close_ms, prepend=0) != bars.interval_ms, close_ms


def _log_moves(state: Regimes) -> Floats:
    return np.round(np.log(state.chain.moves), DECIMALS)


def _rounded(chain: Chain) -> Chain:
    """Return the chain without its last digits, which are the algebra library's."""
    return Chain(*[np.round(getattr(chain, field.name), DECIMALS) for field in fields(chain)])
