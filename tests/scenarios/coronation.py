"""Every world that promotion and its trader may come to: the production deciders of both.

Two slots with a challenger each. Whatever the order: evidence of any lineup convinces at any time;
the trader follows one record after the other, whenever it likes; models are lost, do not load, are
offered anew; a canary asks for the end of a reign, present or past; people roll back, freeze and
thaw, with expectations old and new.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from kingmaker.contracts.desks import COMPONENTS, Desk, component_of, slot_of
from kingmaker.promotion.decider import Window
from kingmaker.promotion.domain import DESK as WHOLE_DESK
from kingmaker.promotion.domain import Message, State
from kingmaker.promotion.heard import CanaryMeasured, EvidenceMeasured, Rollback
from kingmaker.promotion.said import ChampionCrowned
from kingmaker.trader import service as trading
from kingmaker.trader.follow import ATTEMPTS_MAX
from kingmaker.trader.heard import ModelLoaded, ModelLoadFailed
from kingmaker.trader.said import ActivationFailed, ChampionActivated
from kingmaker.trader.state import State as Trader
from tests.scenarios.automaton import AnyService, Automaton
from tests.scenarios.lane_promises import SLOTS, Told, follow, lineup_of
from tests.services.promotion.story import (
    BOOTSTRAP,
    DESK,
    START_MS,
    TRAINED,
    freeze,
    home_keys,
    measured,
    obeying_ada,
    promotion,
    registered,
    rollback,
    settings,
    thaw,
)
from tests.services.promotion.test_canary import ALARM, WORSE, watched

OFFERED = "v1.2.0-trained"
FIRST_LINEUP = lineup_of((BOOTSTRAP, BOOTSTRAP))

type Weaken = Callable[[AnyService], AnyService]


@dataclass(frozen=True, slots=True)
class Limits:
    """How far worlds go."""

    changes: int  # crowns and rollbacks after the first reigns
    freezes: int = 1  # of the whole desk; a rollback freezes its slot anyway
    offers: int = 0  # models that are registered after the first challengers
    losses: int = 0  # models that are gone, or do not load
    repeats: int = 0  # answers of the trader that come twice, the second time late


class World(NamedTuple):
    """Two states and the words on their way, by number; what was said; what was done so far."""

    promotion: int
    trader: int
    told: Told = Told()
    answered: tuple[int, ...] = (0, 0)  # the last reign of each slot that the trader answered
    to_trader: tuple[int, ...] = ()
    to_promotion: tuple[int, ...] = ()
    freezes: int = 0
    thaws: int = 0
    offers: int = 0
    losses: int = 0
    repeats: int = 0


def _as_it_is(service: AnyService) -> AnyService:
    return service


class Realm:
    """One promotion and one trader, and the worlds that they may come to."""

    def __init__(
        self, limits: Limits, weaken: Weaken = _as_it_is, weaken_trader: Weaken = _as_it_is
    ) -> None:
        """Take both as in production, or one of them weakened."""
        service = promotion()
        court = weaken(replace(service, decide=obeying_ada(service.decide)))
        trader = weaken_trader(trading.build([Desk(DESK, 0)], 0))
        self.limits = limits
        self.promotion = Automaton(court, Window(START_MS))
        self.trader = Automaton(trader, trader.window(), self.promotion)
        self.promotion.reader = self.trader

    def explore(self, worlds_max: int | None = None) -> int:
        """Visit every world, nearest first; return how many there are."""
        first = self.first()
        seen, queue = {first}, deque([first])
        while queue and (worlds_max is None or len(seen) < worlds_max):
            world = queue.popleft()
            self.check_rest(world)
            for successor in self.moves(world):
                if successor not in seen and successor.told.changes <= self.limits.changes:
                    seen.add(successor)
                    queue.append(successor)
        return len(seen)

    def first(self) -> World:
        """Return a desk with a warmed challenger in each of two slots; nothing is under way."""
        world = World(self.promotion.number_of_initial(), self.trader.number_of_initial())
        nine = [slot_of(component, DESK) for component in COMPONENTS]
        beginnings: list[Message] = [home_keys(), settings(promotion__cool_down_minutes="0")]
        beginnings += [registered(slot, BOOTSTRAP, "bootstrap") for slot in nine]
        beginnings += [registered(slot, TRAINED) for slot in SLOTS]
        for message in beginnings:
            world = self._promotion_hears(world, self.promotion.words.number(message))
            while (successor := next(self._under_way(world), None)) is not None:
                world = successor
        return world

    def moves(self, world: World) -> Iterator[World]:
        """Yield every world that may come next."""
        yield from self._under_way(world)
        yield from self._evidence(world)
        yield from self._rollbacks(world)
        yield from self._alarms(world)
        yield from self._freezes(world)
        yield from self._mishaps(world)

    # What may happen

    def _under_way(self, world: World) -> Iterator[World]:
        """Let a word arrive, or a model that the trader waits for."""
        if world.to_promotion:
            word, *rest = world.to_promotion
            yield self._promotion_hears(world._replace(to_promotion=tuple(rest)), word)
        if world.to_trader:
            word, *rest = world.to_trader
            yield self._trader_hears(world._replace(to_trader=tuple(rest)), word)
        for request in self._trader(world).loads.values():
            word = self.trader.word(ModelLoaded, request.digest, request.attempt)
            yield self._trader_hears(world, word)

    def _evidence(self, world: World) -> Iterator[World]:
        """Let every trial convince, on any lineup that there is or was.

        Of which segment it is said to be, is that of the trial: in `Session` shadow says it itself.
        """
        state = self._state(world)
        for trial in sorted(state.trials):
            segment = state.trials[trial].segment
            for lineup in {FIRST_LINEUP, state.lineup, self._trader(world).lineup_digest}:
                word = self.promotion.word(_convincing, trial, lineup, segment)
                yield self._promotion_hears(world, word)

    def _rollbacks(self, world: World) -> Iterator[World]:
        """Let a person take back whom they saw reign; the one who reigns goes, whatever else is."""
        number = world.told.changes
        for place, throne in enumerate(world.told.thrones):
            champion = throne[-1]
            for meant in {"", *throne}:
                word = self.promotion.word(_take_back, number, SLOTS[place], meant, "")
                after = self._promotion_hears(world, word)
                must_go = meant in ("", champion) and len(throne) > 1
                assert not must_go or after.told.champions[place] != champion, "who must go stays"
                yield after
            for target in {*throne} - {champion}:
                word = self.promotion.word(_take_back, number, SLOTS[place], champion, target)
                yield self._promotion_hears(world, word)

    def _alarms(self, world: World) -> Iterator[World]:
        """Let the canary of any reign there was ask for its end; a watched one goes, if it can."""
        for place, throne in enumerate(world.told.thrones):
            for reign in range(2, len(throne) + 1):
                word = self.promotion.word(_alarm, SLOTS[place], reign)
                after = self._promotion_hears(world, word)
                if reign == len(throne) and world.told.watched[place]:
                    gone = len(after.told.thrones[place]) > len(throne)
                    assert gone or after.told.forsaken[place], "who must go stays"
                yield after

    def _freezes(self, world: World) -> Iterator[World]:
        for scope, _ in world.told.frozen:
            word = self.promotion.word(thaw, f"t{world.thaws}", scope)
            yield self._promotion_hears(world._replace(thaws=world.thaws + 1), word)
        if world.freezes < self.limits.freezes:
            word = self.promotion.word(freeze, f"f{world.freezes}")
            yield self._promotion_hears(world._replace(freezes=world.freezes + 1), word)

    def _mishaps(self, world: World) -> Iterator[World]:
        """Let a model be lost, an answer come twice, a new model come at an unhappy time."""
        if world.losses < self.limits.losses:
            yield from self._losses(world._replace(losses=world.losses + 1))
        if world.repeats < self.limits.repeats and world.to_promotion:
            word, *rest = world.to_promotion
            again = world._replace(repeats=world.repeats + 1, to_promotion=(*rest, word))
            yield self._promotion_hears(again, word)
        if world.offers < self.limits.offers:
            offered = world._replace(offers=world.offers + 1)
            for slot in SLOTS:
                yield self._promotion_hears(offered, self.promotion.word(registered, slot, OFFERED))

    def _losses(self, world: World) -> Iterator[World]:
        """Let a model that serves in one of the slots be gone, or one that is waited for."""
        trader = self._trader(world)
        for request in trader.loads.values():
            failed = world
            for attempt in range(request.attempt, ATTEMPTS_MAX + 1):
                word = self.trader.word(ModelLoadFailed, request.digest, "broken", attempt)
                failed = self._trader_hears(failed, word)
            yield failed
        serving = {trader.lineup[component_of(slot)].digest for slot in SLOTS}
        for digest in serving | {branch.digest for branch in trader.branches.values()}:
            yield self._trader_hears(world, self.trader.word(ModelLoadFailed, digest, "gone"))

    # How it is heard

    def _promotion_hears(self, world: World, word: int) -> World:
        step = self.promotion.hear(world.promotion, word)
        if not step.said:
            return world
        told = follow(world.told, self.promotion.words.contents[word], step.said)
        return world._replace(
            promotion=step.state, told=told, to_trader=(*world.to_trader, *step.sent)
        )

    def _trader_hears(self, world: World, word: int) -> World:
        step = self.trader.hear(world.trader, word)
        return world._replace(
            trader=step.state,
            answered=_answered(world, step.said),
            to_promotion=(*world.to_promotion, *step.sent),
        )

    def _state(self, world: World) -> State:
        state: State = self.promotion.states.contents[world.promotion]
        return state

    def _trader(self, world: World) -> Trader:
        trader: Trader = self.trader.states.contents[world.trader]
        return trader

    # What must be where nothing is under way

    def check_rest(self, world: World) -> None:
        """Hold a world at rest to what both sides owe each other."""
        trader = self._trader(world)
        if world.to_trader or world.to_promotion or trader.loads:
            return
        for place, slot in enumerate(SLOTS):
            champion, forsaken = world.told.champions[place], world.told.forsaken[place]
            component = component_of(slot)
            if not forsaken:
                reigning = trader.lineup[component].model
                assert reigning == champion, "the trader follows another"
                reigns = len(world.told.thrones[place])
                assert world.answered[place] == reigns, "the present reign was never answered"
                assert component not in trader.lost, "a desk without a champion waits for ever"
        if trader.may_enter and not any(world.told.forsaken):
            self._check_that_proof_crowns(world, trader)

    def _check_that_proof_crowns(self, world: World, trader: Trader) -> None:
        """Let every challenger prove itself, where nobody froze its slot."""
        frozen = {scope for scope, _ in world.told.frozen}
        for trial in self._state(world).trials.values():
            if frozen.isdisjoint({WHOLE_DESK, trial.slot}):
                assert trial.id in trader.branches, "nobody measures an open trial"
                lineup = trader.lineup_digest
                word = self.promotion.word(_convincing, trial.id, lineup, trial.segment)
                said = self.promotion.hear(world.promotion, word).said
                crowned = any(isinstance(event, ChampionCrowned) for event in said)
                assert crowned, "who proves itself is never crowned"


def _answered(world: World, said: Iterable[object]) -> tuple[int, ...]:
    """Return the last reigns answered: each once and after it was crowned, never an older one.

    A reign that was overtaken while its model was loading is not answered at all.
    """
    answered = list(world.answered)
    for event in said:
        if isinstance(event, ChampionActivated | ActivationFailed) and event.slot in SLOTS:
            place = SLOTS.index(event.slot)
            crowned = len(world.told.thrones[place])
            assert answered[place] < event.reign <= crowned, "an answer to no open reign"
            answered[place] = event.reign
    return tuple(answered)


def _convincing(trial: str, lineup: str, segment: int) -> EvidenceMeasured:
    return measured(trial=trial, lineup=lineup, segment=segment)


def _alarm(slot: str, reign: int) -> CanaryMeasured:
    return watched(ALARM, WORSE, slot=slot, reign=reign, time_ms=START_MS)


def _take_back(number: int, slot: str, meant: str, target: str) -> Rollback:
    return rollback(f"r{number}", slot=slot, expected_champion=meant, to_version=target)
