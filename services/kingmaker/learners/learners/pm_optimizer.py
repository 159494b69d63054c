"""Exits: breakeven, trailing and time, as the closed trades would have fared best with them.

Every closed trade is played again at every point of a grid, on the bars that it saw. A point is
better than the usual exits only as far as chance does not explain it: decision buckets are drawn
anew, and what counts is a low quantile of its gain over the draws (Efron and Tibshirani 1993), not
its mean. A strategy has exits of its own only where they are better than everybody's by the same
rule. Where nothing is, the answer is the usual exits (docs/decisions/0053).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kingmaker.contracts.models import FEATURES, STRATEGIES
from kingmaker.learners import exit_grid, paths
from kingmaker.learners.contract import Arrays, Decide, Floats, Learner, RowByRow, Tell, unheard
from kingmaker.learners.exit_grid import Grid
from kingmaker.learners.experience import Experience, UnfitDataError
from kingmaker.learners.export import GraphBuilder
from kingmaker.learners.paths import Paths

COMPONENT = "pm_optimizer"
NEEDS_BARS = True
ROWS_MIN = 100  # trades of each part, and of a strategy with exits of its own
BREAKEVENS_R = TRAILS_R = (0.0, 0.5, 1.0, 1.5)
TIME_SHARES = (0.25, 0.5, 0.75, 1.0)  # of the longest holding time
USUAL = (1.0, 0.0)  # breakeven and trail where no model answers; the time is the longest
TIME_MAX = 96  # bars; the trader bounds it by its own longest holding time
FIRST_ARM = 2 * FEATURES  # of a setup row: where it says which strategy picked the trade
DECIMALS = 12  # of a gain: beyond them the order of sums shows


@dataclass(frozen=True, slots=True)
class Exits:
    """What every strategy leaves by: [ARMS, 3] breakeven R, trail R, bars."""

    table: Floats

    @property
    def bounds(self) -> tuple[Floats, Floats]:
        """The least and the most that any row may be answered."""
        return self.table.min(axis=0), self.table.max(axis=0)


@dataclass(frozen=True, slots=True)
class PmOptimizer:
    """Fits, exports and judges exits."""

    draws: int  # of the buckets
    quantile: float  # of the gain over the draws that counts

    def fit(self, batch: Experience, prior: Exits | None, seed: int, tell: Tell = unheard) -> Exits:
        """Return everybody's best point, and a strategy's own where that is better still."""
        del prior
        batch, grid = _complete(paths.told(batch))
        net = exit_grid.outcomes(batch, Paths.of(batch, max(grid.times)), grid).net
        usual = grid.points.index((*USUAL, max(grid.times)))
        pooled = self._best(net - net[:, [usual]], batch.bucket, seed, usual)
        table = np.tile(np.array(grid.points[pooled], np.float64), (len(STRATEGIES), 1))
        for arm in range(len(STRATEGIES)):
            mine = batch.arm == arm
            if mine.sum() >= ROWS_MIN:
                gain = net[mine] - net[mine][:, [pooled]]
                own = self._best(gain, batch.bucket[mine], seed, pooled)
                table[arm] = grid.points[own]
        for step, point in enumerate((usual, pooled), start=1):
            tell({"step": step, "of": 2, "loss": -float(net[:, point].mean())})
        return Exits(table)

    def update(self, state: Exits, batch: Experience) -> Exits:
        """Return the state as it is: exits are chosen from all trades at once, each night."""
        del batch
        return state

    def inputs(self, batch: Experience) -> Arrays:
        """Return the setup rows."""
        return {"features": batch.setup.astype(np.float32)}

    def reference(self, state: Exits, inputs: Arrays) -> Arrays:
        """Return the row's strategy's exits, in double precision, inside the table's bounds."""
        arms = inputs["features"][:, FIRST_ARM : FIRST_ARM + len(STRATEGIES)].astype(np.float64)
        return {"exit_params": np.clip(arms @ state.table, *state.bounds)}

    def export(self, state: Exits) -> bytes:
        """Return the table as a graph; no row, however odd, leaves its bounds."""
        graph, (low, high) = GraphBuilder(COMPONENT), state.bounds
        ends = [graph.integers([at]) for at in (FIRST_ARM, FIRST_ARM + len(STRATEGIES), 1)]
        chosen = graph.add(
            "MatMul", graph.add("Slice", "features", *ends), graph.floats(state.table)
        )
        above = graph.add("Max", chosen, graph.floats(low[None, :]))
        graph.add("Min", above, graph.floats(high[None, :]), output="exit_params")
        return graph.finish({"draws": repr(self.draws), "quantile": repr(self.quantile)})

    def row_by_row(self, decide: Decide, holdout: Experience, learned: Experience) -> RowByRow:
        """Return what its exits would have gained over the usual ones, trade by trade."""
        shown, longest = _shown(holdout, learned)
        answers = decide(self.inputs(shown))["exit_params"].astype(np.float64)
        net = _net_with(shown, answers, longest)
        usual = _net_with(shown, np.tile([*USUAL, float(longest)], (len(shown), 1)), longest)
        return RowByRow(net - usual, net, shown.bucket, shown.decided_ms)

    def evaluate(
        self, decide: Decide, holdout: Experience, learned: Experience
    ) -> Mapping[str, float]:
        """Return what its exits would have gained over the usual ones, trade by trade."""
        rows = self.row_by_row(decide, holdout, learned)
        shown, longest = _shown(holdout, learned)
        answers = decide(self.inputs(shown))["exit_params"].astype(np.float64)
        breakeven, trail, time = answers.mean(axis=0)
        return rows.figures() | {
            "holdout_judged": float(len(shown)),
            "holdout_changed": float((rows.gain != 0.0).sum()),
            "holdout_net_usual": float((rows.net - rows.gain).mean()),
            "holdout_net_learned": float(rows.net.mean()),
            "breakeven_r": float(breakeven),
            "trail_r": float(trail),
            "time_bars": float(time),
            "time_bars_usual": float(longest),
        }

    def _best(self, gains: Floats, buckets: NDArray[np.int64], seed: int, usual: int) -> int:
        """Return the point whose gain holds up best when buckets are drawn anew.

        `usual`, whose gain is zero, stays where no other is surely above it.
        """
        _, place = np.unique(buckets, return_inverse=True)
        sums = np.zeros((int(place.max()) + 1, gains.shape[1]))
        np.add.at(sums, place, gains)
        counts = np.bincount(place)
        chances = np.full(len(counts), 1.0 / len(counts))
        drawn = np.random.default_rng(seed).multinomial(len(counts), chances, self.draws)
        means = (drawn @ sums) / np.maximum(drawn @ counts, 1)[:, None]
        low = np.round(np.quantile(means, self.quantile, axis=0), DECIMALS)
        best = int(low.argmax())
        return best if low[best] > low[usual] else usual


def build(parameters: Mapping[str, float]) -> Learner[Exits]:
    """Return the learner; `draws` of the buckets, and the `quantile` of the gain that counts."""
    return PmOptimizer(draws=int(parameters["draws"]), quantile=parameters["quantile"])


def grid_of(longest: int) -> Grid:
    """Return all exits that are tried, for trades that may last so many bars."""
    times = sorted({max(1, round(share * longest)) for share in TIME_SHARES})
    return Grid(BREAKEVENS_R, TRAILS_R, tuple(times))


def _complete(batch: Experience) -> tuple[Experience, Grid]:
    """Return the trades whose bars show every point of the grid to its end, and the grid."""
    _check_rows(batch)
    grid = grid_of(min(paths.longest(batch), TIME_MAX))
    shown = batch[paths.whole(batch, max(grid.times))]
    _check_rows(shown)
    return shown, grid


def _shown(holdout: Experience, learned: Experience) -> tuple[Experience, int]:
    """Return the trades of a hold-out whose bars show them to their longest end, and that end."""
    _, grid = _complete(paths.told(learned))
    longest = max(grid.times)
    told = paths.told(holdout)
    shown = told[paths.whole(told, longest)]
    _check_rows(shown)
    return shown, longest


def _net_with(batch: Experience, exits: Floats, longest: int) -> Floats:
    """Return [N] net returns with exits [N, 3] of their own, read as the trader reads them."""
    net, walked = np.empty(len(batch)), Paths.of(batch, longest)
    kinds, kind = np.unique(exits, axis=0, return_inverse=True)
    for number, (breakeven, trail, bars) in enumerate(kinds.tolist()):
        mine = kind.ravel() == number
        time = min(round(bars), longest) if bars >= 1.0 else longest
        grid = Grid((max(0.0, breakeven),), (max(0.0, trail),), (time,))
        net[mine] = exit_grid.outcomes(batch[mine], walked[mine], grid).net[:, 0]
    return net


def _check_rows(batch: Experience) -> None:
    if len(batch) < ROWS_MIN:
        raise UnfitDataError(f"{len(batch)} trades are too few: {ROWS_MIN} are needed")
