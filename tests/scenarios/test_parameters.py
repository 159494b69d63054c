"""A harmful setting that a person gave a trading desk goes back by itself; a harmless one stays.

The production trader trades made-up bars; shadow and promotion hear it by way of the wire.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import Desk
from kingmaker.contracts.signing import seal
from kingmaker.kernel.lane import Draft, Lane
from kingmaker.promotion import service as promotion
from kingmaker.promotion.heard import Rollback
from kingmaker.promotion.said import CommandRefused, ParametersRolledBack, ParametersWatched
from kingmaker.runtime import keyring
from kingmaker.runtime.settings import Exits
from kingmaker.shadow import service as shadow
from kingmaker.trader.heard import ApplyPolicy, BarClosed
from kingmaker.trader.said import (
    OpportunityDecided,
    ParameterChanged,
    ParametersRestored,
    PolicyApplied,
)
from tests.runtime import short_play
from tests.scenarios.courtroom import Seat
from tests.services.promotion.story import ada_signs, home_keys
from tests.services.trader.desk import DESK, HOUR, Rig, reigning

SLOT, CHANGE = f"parameters@{DESK}", f"c-0001@{DESK}"
HARMFUL = ApplyPolicy("harmful", {"exits.max_holding": "1"}, "ada")
HARMLESS = ApplyPolicy("harmless", {"outcomes.price_tolerance": "0.0011"}, "ada")
DAY_MS = 86_400_000
MOOD_BARS, MOOD = 30, 0.25  # how long a trend lasts, and its drift a bar, in per cent


def trends(bars: int, seed: int = 1) -> Iterator[BarClosed]:
    """Yield hourly bars of a market that trends: who leaves after one bar pays costs for little."""
    price, drift, state = 100.0, 0.0, seed
    for number in range(bars):
        steps = []
        for _ in range(4):
            state = (1103515245 * state + 12345) % 2**31
            steps.append(state / 2**31 - 0.5)
        if number % MOOD_BARS == 0:
            drift = MOOD if steps[3] > 0.0 else -MOOD
        scale = price / 100.0
        close = price + scale * (drift + steps[0])
        high = max(price, close) + scale * 0.4 * (steps[1] + 0.5)
        low = min(price, close) - scale * 0.4 * (steps[2] + 0.5)
        yield BarClosed("ASH", HOUR, number * HOUR, price, high, low, close, 10.0 + 8.0 * steps[3])
        price = close


@dataclass(slots=True)
class Played:
    """A desk with all three services of a watch; they go on until nobody has news."""

    rig: Rig = field(default_factory=lambda: reigning(values={}))
    measurer: Seat = field(default_factory=lambda: Seat(shadow.build([Desk(DESK, 0)], 0)))
    judge: Seat = field(default_factory=lambda: Seat(promotion.build([Desk(DESK, 0)], 0)))
    judged: list[Any] = field(default_factory=list)

    def hear(self, message: ApplyPolicy | BarClosed) -> None:
        """Let the trader hear it, and everybody what follows."""
        self._tell(self.rig.hear(message))

    def ask(self, command: Rollback) -> list[Any]:
        """Let a person ask promotion; return what it says."""
        said = [*self.judge.hear(home_keys()), *self.judge.hear(ada_signs(command))]
        self._follow(said)
        return said

    def play(self, bars: Sequence[BarClosed]) -> "Played":
        """Let bars pass."""
        for bar in bars:
            self.hear(bar)
        return self

    def _tell(self, events: Sequence[object]) -> None:
        trader = Seat(self.rig.service)
        said = self.judge.read(trader, events)
        measured = self.measurer.read(trader, events)
        said += self.judge.read(self.measurer, measured)
        self._follow(said)

    def _follow(self, said: list[Any]) -> None:
        self.judged += said
        for event in said:
            draft = self.judge.service.events.encode(event)
            message = self.rig.service.messages.decode(draft.kind, draft.value)
            if message is not None:
                self._tell(self.rig.hear(message))

    def of[E](self, kind: type[E]) -> list[E]:
        """Return what promotion said of one kind."""
        return [event for event in self.judged if isinstance(event, kind)]


BARS = list(trends(2_200))
CHANGED_BAR = 300


def changed(settings: ApplyPolicy) -> Played:
    """Return a desk that trades, and whose settings a person has just changed."""
    played = Played().play(BARS[:CHANGED_BAR])
    played.hear(settings)
    return played


def test_a_harmful_exit_setting_by_a_person_is_taken_back_by_the_canary() -> None:
    played = changed(HARMFUL)
    [change] = played.rig.of(ParameterChanged)
    assert (change.change, change.actor, change.cause) == (CHANGE, "ada", "settings")
    assert (change.old, change.new) == ({"exits.max_holding": "12"}, {"exits.max_holding": "1"})
    [watched] = played.of(ParametersWatched)
    assert (watched.canary, watched.actor) == (change.canary, "ada")
    played.play(BARS[CHANGED_BAR:])
    [back] = played.of(ParametersRolledBack)
    assert (back.change, back.trigger, back.values) == (CHANGE, "canary", change.old)
    assert back.findings[0].value >= back.findings[0].threshold == 200.0
    assert [one.gate for one in back.findings[1:] if not one.passed]
    [restored] = played.rig.of(ParametersRestored)
    assert restored.values == change.old
    assert played.rig.state.policy.max_holding == 12
    assert not played.rig.state.branches, "nothing is tried beside it any more"
    said = played.rig.said
    after = [e for e in said[said.index(restored) :] if isinstance(e, OpportunityDecided)]
    assert {decided.decisions[0].time_bars for decided in after} == {12}


def test_it_stays_taken_back_until_the_settings_change_anew() -> None:
    played = changed(HARMFUL).play(BARS[CHANGED_BAR:])
    assert played.of(ParametersRolledBack)
    played.hear(HARMFUL)  # a restart with the same file
    assert played.rig.state.policy.max_holding == 12
    assert len(played.rig.of(ParameterChanged)) == 1
    played.hear(ApplyPolicy("other", {"exits.max_holding": "6"}, "bob"))
    assert played.rig.of(ParameterChanged)[-1].change == f"c-0002@{DESK}"
    assert played.rig.state.policy.max_holding == 6


def test_a_harmless_setting_stays() -> None:
    played = changed(HARMLESS).play(BARS[CHANGED_BAR:])
    assert played.of(ParametersWatched)
    assert not played.of(ParametersRolledBack)
    assert played.rig.state.policy.price_tolerance == 0.0011
    [watch] = played.measurer.state.canaries.values()
    assert watch.pairs > 50


def test_a_person_takes_a_change_back_at_once_and_only_once() -> None:
    played = changed(HARMFUL)
    command = Rollback("c1", SLOT, "", "", "ada", "I meant 12", 0, 10 * DAY_MS)
    *_, taken, back = played.ask(command)
    assert isinstance(back, ParametersRolledBack)
    assert (back.trigger, back.actor, back.command_id) == ("person", "ada", "c1")
    assert played.rig.state.policy.max_holding == 12
    [refused] = played.ask(Rollback("c2", SLOT, "", "", "ada", "again", 0, 10 * DAY_MS))
    assert isinstance(refused, CommandRefused)
    assert "no change of settings" in refused.reason
    assert type(taken).__name__ == "CommandTaken"


def test_the_account_decides_with_the_new_set_and_both_sets_are_on_record() -> None:
    played = changed(HARMFUL).play(BARS[CHANGED_BAR : CHANGED_BAR + 60])
    applied = [one for one in played.rig.of(PolicyApplied) if one.hash == "harmful"]
    assert applied[0].actor == "ada"
    decided = played.rig.of(OpportunityDecided)[-1]
    bars = {decision.branch: decision.time_bars for decision in decided.decisions}
    assert bars == {"champion": 1, "canary-parameters-c0001": 12}


def test_a_restart_with_other_settings_is_a_change_in_the_whole_product(tmp_path: Path) -> None:
    first = short_play.played(tmp_path, 300)
    other = first.settings.model_copy(update={"exits": Exits(max_holding=1)})
    changed_stage = replace(first, settings=other)
    changed_stage.play(200)
    [change] = changed_stage.events("trader", 0, "ParameterChanged")
    assert dict(change.new) == {"exits.max_holding": "1"}
    assert change.actor
    [watched] = changed_stage.events("promotion", 0, "ParametersWatched")
    assert watched.canary == change.canary
    measured = changed_stage.events("shadow", 0, "CanaryMeasured")
    assert {one.slot for one in measured} == {change.slot}
    assert changed_stage.play(50), "a restart with the same settings goes on"
    assert len(changed_stage.events("trader", 0, "ParameterChanged")) == 1
    with changed_stage.kingdom() as kingdom:
        asked = message_class("kingmaker.promotion.v1", "Rollback")(
            command_id="c-1",
            slot=change.slot,
            actor="ada",
            reason="I meant 12",
            issued_at_ms=kingdom.now_ms,
            not_after_ms=kingdom.now_ms + 1000,
        )
        key = keyring.read_key(keyring.own_file(changed_stage.home))
        draft = Draft("kingmaker.promotion.v1.Rollback", asked.SerializeToString())
        kingdom.send(Lane("km.promotion.commands.v1", 0), seal(key, draft))
        kingdom.deliver()
    [restored] = changed_stage.events("trader", 0, "ParametersRestored")
    assert dict(restored.values) == {"exits.max_holding": "12"}
