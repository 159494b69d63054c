"""S15: stay out, long or short, learned by double DQN on every bar of the desk.

What a long and a short entered after each bar would have brought is known from the bars that
followed, by the rule that simulates every trade. A network of action values, in units of risk,
learns from both; DQN rather than PPO, since recorded bars teach it as often as wanted, since its
value has a unit, and since a student of distillation is one (docs/decisions/0051).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import numpy as np
from numpy.typing import NDArray

from kingmaker.learners.bars import NOWHERE, Bars
from kingmaker.learners.contract import Arrays, Decide, Floats, Learner, RowByRow, Tell, unheard
from kingmaker.learners.distillation.parameters import Distillation
from kingmaker.learners.experience import Experience, UnfitDataError
from kingmaker.learners.export import GraphBuilder
from kingmaker.learners.indicators import hidden
from kingmaker.learners.rl import dqn, network, one_processor, rewards
from kingmaker.learners.rl.lesson import Lesson, Losses
from kingmaker.learners.rl.network import Numbers, Scale
from kingmaker.market import exits, features
from kingmaker.market.exits import Leg, Terms

COMPONENT = "s15_rl_policy"
NEEDS_BARS = True
DIRECTIONS = (0, 1, -1)  # of the actions
STOP_ATR, TARGET_ATR = 1.5, 2.25  # as the trader's S15 has them; a test compares
BREAKEVEN_R = 1.0  # what a trade leaves by where no model says otherwise
ATR_PERCENT = features.NAMES.index("atr_percent")
STATES_MIN = 500
ROWS_MIN = 50  # decisions of the hold-out
REWARD_MAX = 5.0  # risks
SHARPNESS = 4.0  # logits are values over staying out, times this


class Bar(NamedTuple):
    """One bar, as the simulation of a trade reads it."""

    open_ms: int
    open: float
    high: float
    low: float
    close: float
    volume: float


class Lived(NamedTuple):
    """M bars of a desk, and what each action after them would have brought."""

    states: Floats  # [M, F]
    rewards: Floats  # [M, A], in risks
    following: NDArray[np.int64]  # [M, A]: number of the state after
    spans: Floats  # [M, A]: bars until then
    close_ms: NDArray[np.int64]  # [M]: when each was known
    symbol: NDArray[np.int64]  # [M]: number of its symbol in `bars`
    bars: tuple[Bars, ...]


@dataclass(frozen=True, slots=True)
class Values:
    """Standardisation, and the network of what each action is worth."""

    scale: Scale
    layers: Numbers


@dataclass(frozen=True, slots=True)
class S15RlPolicy:
    """Fits, exports and judges the policy."""

    steps: int
    discount: float  # a bar
    holding: int  # bars at most
    bars_max: int  # that are learned from, the latest of each symbol
    blur: float
    hidden: Sequence[int] = ()  # features that it does not see
    shape: Callable[[Floats], Floats] = rewards.plain  # what a trade pays, by its return

    def fit(
        self, batch: Experience, prior: Values | None, seed: int, tell: Tell = unheard
    ) -> Values:
        """Return the trained values; a retraining owes nothing to the one before."""
        del prior

        def hear(step: int, found: Losses) -> None:
            tell({"step": step, "of": self.steps, "loss": float(found.whole)})

        return self.learn(self.lived(batch), seed, hear)

    def learn(
        self, lived: Lived, seed: int, hear: dqn.Hear, lesson: Lesson | None = None
    ) -> Values:
        """Return the values trained on these bars, told by a teacher or by none."""
        one_processor.start()
        scale = Scale.of(lived.states)
        table = dqn.Table.of(scale.apply(lived.states), lived.rewards, lived.following, lived.spans)
        options = dqn.Options(self.steps, self.discount, self.blur)
        layers = dqn.train(table, options, jax.random.key(seed), hear, lesson)
        return Values(scale, network.freeze(layers))

    def update(self, state: Values, batch: Experience) -> Values:
        """Return the state as it is: what decides never learns in place."""
        del batch
        return state

    def inputs(self, batch: Experience) -> Arrays:
        """Return the features at each decision, which open its setup row."""
        return {"features": batch.setup[:, : len(features.NAMES)].astype(np.float32)}

    def reference(self, state: Values, inputs: Arrays) -> Arrays:
        """Return logits, chances, action, and what the action is worth over staying out."""
        rows = state.scale.apply(inputs["features"].astype(np.float64))
        values = network.answer(state.layers, rows)
        edge = values - values[:, :1]
        logits = SHARPNESS * edge
        return {
            "logits": logits,
            "probs": network.softmax(logits),
            "action": logits.astype(np.float32).argmax(axis=1),
            "value": edge.max(axis=1, keepdims=True),
        }

    def export(self, state: Values) -> bytes:
        """Return the policy as a graph, standardisation inside."""
        graph = GraphBuilder(COMPONENT)
        values = network.export(graph, state.layers, state.scale.export(graph, "features"))
        bounds = [graph.integers([place]) for place in (0, 1, 1)]
        edge = graph.add("Sub", values, graph.add("Slice", values, *bounds))
        logits = graph.add("Mul", edge, graph.floats(SHARPNESS), output="logits")
        graph.add("Softmax", logits, output="probs")  # over the last axis
        graph.first_largest(logits, "action")
        graph.add("ReduceMax", edge, graph.integers([1]), output="value")
        return graph.finish({"discount": repr(self.discount), "holding": repr(self.holding)})

    def row_by_row(self, decide: Decide, holdout: Experience, learned: Experience) -> RowByRow:
        """Return what its trades earn over the best constant action, and over staying out."""
        return self._acted(decide, holdout, learned).shown

    def evaluate(
        self, decide: Decide, holdout: Experience, learned: Experience
    ) -> Mapping[str, float]:
        """Return what its trades earn over the best constant action, and over staying out."""
        acted = self._acted(decide, holdout, learned)
        actions, net, acts = acted.actions, acted.net, acted.actions > 0
        return acted.shown.figures() | {
            "holdout_acts": float(acts.sum()),
            "holdout_net_all": float(acted.usual.mean()),
            "holdout_net_kept": float(net[acts].mean()) if acts.any() else 0.0,
            "holdout_net_with": float(net.mean()),
            "holdout_long": float((actions == 1).mean()),
            "holdout_short": float((actions == 1 + 1).mean()),
            "base_direction": float(DIRECTIONS[acted.constant]),
        }

    def _acted(self, decide: Decide, holdout: Experience, learned: Experience) -> "_Acted":
        """Return its actions at each decision of the hold-out, both directions simulated.

        The constant action is the best on what was learned from. Nets are fractions of the price,
        at full size.
        """
        nets, found = self._at_decisions(holdout)
        before, _ = self._at_decisions(learned)
        decisions = holdout[found]
        actions = decide(self.inputs(decisions))["action"].astype(np.int64)
        constant = int(before.mean(axis=0).argmax())
        net, usual = nets[np.arange(len(nets)), actions], nets[:, constant]
        shown = RowByRow(net - usual, net, decisions.bucket, decisions.decided_ms)
        return _Acted(actions, net, usual, constant, shown)

    def lived(self, batch: Experience, since_ms: int = 0) -> Lived:
        """Return the bars that closed at or after a time, and what each action made of them."""
        terms = _terms(batch)
        parts = [self._of_symbol(bars, terms, since_ms) for bars in batch.bars]
        counts = [len(part[0]) for part in parts]
        if sum(counts) < STATES_MIN:
            raise UnfitDataError(f"{sum(counts)} bars are too few: {STATES_MIN} are needed")
        begins = np.cumsum([0, *counts[:-1]])
        following = [part[2] + begin for part, begin in zip(parts, begins, strict=True)]
        return Lived(
            np.concatenate([part[0] for part in parts]),
            np.concatenate([part[1] for part in parts]),
            np.concatenate(following),
            np.concatenate([part[3] for part in parts]),
            np.concatenate([part[4] for part in parts]),
            np.repeat(np.arange(len(parts)), counts),
            batch.bars,
        )

    def _of_symbol(
        self, bars: Bars, terms: Terms, since_ms: int
    ) -> tuple[Floats, Floats, np.ndarray, Floats, np.ndarray]:
        """Return states, rewards in risks, places after, bars until then, and times of closing.

        The end is left out where trades are not over yet. A state without features ends the way:
        its neighbours before it are followed by the next that has some.
        """
        since = int(np.searchsorted(bars.close_ms, since_ms))
        first = max(features.BARS - 1, len(bars) - self.bars_max, since)
        places = np.arange(first, len(bars))
        rows = bars.features(places)
        sound = np.isfinite(rows).all(axis=1)
        places, rows = places[sound], rows[sound]
        ends = np.full((len(places), len(DIRECTIONS)), NOWHERE, np.int64)
        paid = np.zeros(ends.shape)
        whole = _bars(bars)
        for number, place in enumerate(places.tolist()):
            scale = float(rows[number, ATR_PERCENT]) / 100.0
            ends[number, 0] = place + 1
            for action in (1, 2):
                done = self._trade(bars, whole, place, DIRECTIONS[action], scale, terms)
                if done is not None:
                    paid[number, action] = done[0] / (STOP_ATR * scale)
                    ends[number, action] = done[1]
        after = np.searchsorted(places, ends)
        kept = int(((ends >= 0) & (after < len(places))).all(axis=1).cumprod().sum())
        after = np.minimum(after[:kept], max(kept - 1, 0))
        spans = np.maximum(ends[:kept] - places[:kept, None], 1).astype(np.float64)
        rows[:, self.hidden] = 0.0
        paid = self.shape(np.clip(paid[:kept], -REWARD_MAX, REWARD_MAX))
        return rows[:kept], paid, after, spans, bars.close_ms[places[:kept]]

    def _trade(  # noqa: PLR0913, PLR0917 - a bar, a direction, and what a trade depends on
        self, bars: Bars, whole: list[Bar], place: int, direction: int, scale: float, terms: Terms
    ) -> tuple[float, int] | None:
        """Return the net of a trade entered after a bar, and the bar it ended at; None if open."""
        if place + 1 >= len(whole):
            return None
        leg = Leg(
            whole[place + 1].open_ms,
            bars.interval_ms,
            direction,
            STOP_ATR * scale,
            TARGET_ATR * scale,
            BREAKEVEN_R,
            0.0,
            self.holding,
        )
        result = exits.outcome(leg, terms, whole[place + 1 : place + 2 + self.holding])
        if result is None:
            return None
        return result.net, int(np.searchsorted(bars.close_ms, result.exit_ms))

    def _at_decisions(self, batch: Experience) -> tuple[Floats, np.ndarray]:
        """Return the net of each action at the decisions that bars tell of, and which these are."""
        terms = _terms(batch)
        nets = np.full((len(batch), len(DIRECTIONS)), np.nan)
        nets[:, 0] = 0.0
        for number, bars in enumerate(batch.bars):
            own = np.flatnonzero(batch.symbol == number)
            whole = _bars(bars)
            for row, place in zip(own, bars.places(batch.decided_ms[own]).tolist(), strict=True):
                scale = float(batch.setup[row, ATR_PERCENT]) / 100.0
                for action in (1, 2):
                    if place != NOWHERE:
                        done = self._trade(bars, whole, place, DIRECTIONS[action], scale, terms)
                        nets[row, action] = np.nan if done is None else done[0]
        found = np.isfinite(nets).all(axis=1)
        if found.sum() < ROWS_MIN:
            raise UnfitDataError(
                f"bars tell of {int(found.sum())} decisions: too few, {ROWS_MIN} are needed"
            )
        return nets[found], found


@dataclass(frozen=True, slots=True)
class _Acted:
    """What a model did at each decision, and what the best constant action earned there."""

    actions: np.ndarray
    net: Floats
    usual: Floats
    constant: int
    shown: RowByRow


def build(parameters: Mapping[str, float]) -> Learner[Any]:
    """Return the learner; parameters as in `S15RlPolicy`, and a teacher if they tell of one."""
    alone = S15RlPolicy(
        steps=int(parameters["steps"]),
        discount=parameters["discount"],
        holding=int(parameters["holding"]),
        bars_max=int(parameters["bars_max"]),
        blur=parameters["blur"],
        hidden=tuple(hidden(parameters)),
        shape=rewards.named_by(parameters),
    )
    told = Distillation.told(parameters)
    if told is None:
        return alone
    from kingmaker.learners.distillation import student  # noqa: PLC0415 - it imports this file

    return student.Distilled(alone, told, parameters["holdout_share"])


def _terms(batch: Experience) -> Terms:
    """Return the costs of the latest trade whose record tells them."""
    told = np.flatnonzero(batch.interval_ms > 0)
    if len(told) == 0:
        raise UnfitDataError(f"none of {len(batch)} trades tells its costs: too few are of today")
    last = told[-1]
    return Terms(
        float(batch.fee[last]),
        float(batch.impact[last]),
        float(batch.tolerance[last]),
        int(batch.max_age_ms[last]),
    )


def _bars(bars: Bars) -> list[Bar]:
    columns = (bars.open_ms, bars.open, bars.high, bars.low, bars.close, bars.volume)
    return [Bar(*row) for row in zip(*[column.tolist() for column in columns], strict=True)]
