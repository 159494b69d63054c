"""What must hold of crowns after every accepted step, whatever crashed, whoever came first.

C1 one champion per slot, each expecting the one before, reign + 1; C2 every crown has its verdict,
none while frozen; C3 activations follow reigns one by one; C4 counted pairs belong to the present
lineup and alpha is not overspent; C7 an alarm of a canary is answered in the step that consumes it.
C5, and C7 of commands, are in `command_invariants`; C6 is in `kill_invariants`.
"""

import copy
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import COMPONENTS, PARAMETERS, component_of
from kingmaker.kernel.lane import Lane, Record
from kingmaker.kernel.service import Consumed, Run
from tests.simulation.command_invariants import CommandWatch

PROMOTION, TRADER, SHADOW = "km.promotion.v1", "km.trader.v1", "km.shadow.v1"
ALPHA_MAX = 0.05
ROUNDING = 1e-12


@dataclass
class Throne:
    """One slot, as the lanes tell it."""

    champion: str = ""
    digest: str = ""
    reign: int = 0
    answered: int = 0  # the last reign that the trader activated or failed to
    acknowledged: int = 0
    digests: dict[int, str] = field(default_factory=dict)  # by reign
    crowned: set[str] = field(default_factory=set)
    watched: bool = False  # the reign began by a coronation, and a canary watches it


@dataclass
class DeskWatch:
    """One desk: its promotion, its trader and its shadow."""

    thrones: dict[str, Throne] = field(default_factory=lambda: defaultdict(Throne))
    trials: dict[str, Any] = field(default_factory=dict)  # open ones, as opened
    warmed: set[str] = field(default_factory=set)
    frozen: set[str] = field(default_factory=set)
    policy_hash: str = ""
    vetoed_ms: dict[str, int] = field(default_factory=dict)  # trials, until when
    alarms: dict[int, Any] = field(default_factory=dict)  # in shadow's lane, by number
    commands: CommandWatch = field(default_factory=CommandWatch)
    lineup: str = ""  # the trader's
    judged_lineup: str = ""  # promotion's
    pairs: dict[str, int] = field(default_factory=dict)  # counted, by trial, in the trader's lane
    measured: dict[str, int] = field(default_factory=dict)  # by trial, in shadow's lane
    spent: dict[int, float] = field(default_factory=lambda: defaultdict(float))  # by window
    rejected: dict[int, int] = field(default_factory=lambda: defaultdict(int))  # crowned, likewise


class CrownWatch:
    """All desks, one step after the other."""

    def __init__(self) -> None:
        """Know nothing."""
        self.desks: dict[int, DeskWatch] = defaultdict(DeskWatch)
        self.coronations: list[tuple[str, str, int]] = []  # how, slot, reign

    def see(self, lane: Lane, step: tuple[Record, ...], consumed: Sequence[Consumed]) -> None:
        """Check a step of the three lanes that crowns are about."""
        if lane.topic not in (PROMOTION, TRADER, SHADOW):
            return
        desk = self.desks[lane.index]
        events = [(name, event) for record in step for name, event in _event(record)]
        heard = [alarm for alarm in _alarms_in(desk, consumed) if _is_due(desk, alarm)]
        if lane.topic == PROMOTION:
            desk.commands.see(consumed, events)
        if lane.topic == SHADOW:
            _note_alarms(desk, step)
        for name, event in events:
            check = CHECKS.get((lane.topic, name))
            if check is not None:
                check(desk, event, [other for other, _ in events])
            if name in ("ChampionCrowned", "ChampionRolledBack"):
                how = event.how if name == "ChampionCrowned" else "rollback"
                self.coronations.append((how, event.slot, event.reign))

        names = {name for name, _ in events}
        for alarm in heard:
            assert names & FOLLOWS_ALARM, f"C7 {alarm.canary}: an alarm, and the crown stayed"

    def copy(self) -> "CrownWatch":
        """Return one that goes on from here by itself."""
        return copy.deepcopy(self)

    def end(self) -> None:
        """At the end the trader follows every reign, and all nine reign."""
        for desk in self.desks.values():
            if desk.thrones:
                assert len(desk.thrones) == len(COMPONENTS), "C1 a slot is empty"
            for slot, throne in desk.thrones.items():
                assert throne.answered == throne.reign, f"C3 {slot}: the trader has not answered"


def _event(record: Record) -> Iterable[tuple[str, Any]]:
    """Yield name and message of a service's event."""
    package, _, name = record.kind.rpartition(".")
    if package.startswith("kingmaker."):
        yield name, message_class(package, name).FromString(record.value)


# C7: an alarm is answered in the step that consumes it

FOLLOWS_ALARM = {"ChampionRolledBack", "RollbackImpossible", "CanaryEnded"}
TAKEN_MIN, TOLERANCE = 20, 0.15


def _note_alarms(desk: DeskWatch, step: tuple[Record, ...]) -> None:
    """Remember where shadow told of an alarm and of a breach of the 15 % rule."""
    for record in step:
        for name, event in _event(record):
            if name == "CanaryMeasured" and _is_alarm(event):
                desk.alarms[record.seq] = event


def _is_alarm(told: Any) -> bool:  # noqa: ANN401 - a message
    """Tell by the detector, wins and drawdown whether a model must go; Sharpe ratios are left."""
    now, before = told.champion, told.reference
    of_settings = component_of(told.slot) == PARAMETERS
    if of_settings or told.statistic < told.threshold or now.taken < TAKEN_MIN:
        return False
    fell = now.drawdown_max > (1.0 + TOLERANCE) * before.drawdown_max
    won = now.won / now.taken < (1.0 - TOLERANCE) * before.won / max(1, before.taken)
    return bool(fell or won)


def _alarms_in(desk: DeskWatch, consumed: Sequence[Consumed]) -> Iterator[Any]:
    for run in consumed:
        if isinstance(run, Run) and run.lane.topic == SHADOW:
            yield from (e for seq, e in desk.alarms.items() if run.first <= seq <= run.last)


def _is_due(desk: DeskWatch, alarm: Any) -> bool:  # noqa: ANN401 - a message
    """Whether the reign that it is about goes on, under watch."""
    throne = desk.thrones[alarm.slot]
    return throne.watched and throne.reign == alarm.reign


# C1, C2


def _crowned(desk: DeskWatch, crown: Any, beside: Sequence[str]) -> None:  # noqa: ANN401 - a message
    throne = desk.thrones[crown.slot]
    _check_succession(throne, crown.slot, crown.expected, crown.reign)
    assert crown.policy_hash == desk.policy_hash, f"C2 {crown.promotion} names another policy"
    if crown.how == "bootstrap":
        assert not throne.champion, f"C2 {crown.slot} was not empty"
    else:
        assert not desk.frozen & {"desk", crown.slot}, f"C2 {crown.slot} crowned while frozen"
        unsettled = [s for s, t in desk.thrones.items() if t.acknowledged != t.reign]
        assert not unsettled, f"C2 crowned before {unsettled} were acknowledged"
        trial = desk.trials[crown.trial]
        assert (trial.slot, trial.challenger) == (crown.slot, crown.model), "C2 another trial's"
        assert trial.challenger_digest == crown.digest, "C2 other bytes than were tried"
        assert crown.trial in desk.warmed, "C2 crowned though not warm"
        assert crown.lineup == desk.judged_lineup, "C4 judged on another lineup"
    if crown.how == "promoted":
        assert crown.findings, "C2 no verdict"
        assert all(finding.passed or finding.advisory for finding in crown.findings), (
            "C2 a gate did not hold"
        )
        assert crown.log_evidence >= desk.trials[crown.trial].log_threshold, "C2 no evidence"
        trial = desk.trials[crown.trial]
        assert (crown.k, crown.alpha) == (trial.k, trial.alpha), "C4 not the alpha it opened with"
        assert desk.vetoed_ms.get(crown.trial, 0) <= crown.time_ms, "C2 crowned though vetoed"
        desk.rejected[trial.window_start_ms] += trial.mode != "per_test"
    if crown.how == "direct":
        assert "CommandTaken" in beside, "C2 crowned directly, and nobody asked"
    _succeed(throne, crown.model, crown.digest, crown.reign, watched=bool(crown.canary_rule))


def _rolled_back(desk: DeskWatch, back: Any, _beside: Sequence[str]) -> None:  # noqa: ANN401 - a message
    throne = desk.thrones[back.slot]
    _check_succession(throne, back.slot, back.from_model, back.reign)
    if back.trigger in ("canary", "hard_limit"):
        broken = {finding.gate for finding in back.findings if not finding.passed}
        assert broken, f"C2 {back.slot} taken back, and no limit was broken"
    assert back.to_model in throne.crowned, f"C1 {back.to_model} never reigned in {back.slot}"
    _succeed(throne, back.to_model, back.to_digest, back.reign, watched=False)


def _check_succession(throne: Throne, slot: str, expected: str, reign: int) -> None:
    assert expected == throne.champion, f"C1 {slot}: {expected} expected, not {throne.champion}"
    assert reign == throne.reign + 1, f"C1 {slot}: reign {reign} after {throne.reign}"


def _succeed(throne: Throne, model: str, digest: str, reign: int, *, watched: bool) -> None:
    throne.watched = watched
    throne.champion, throne.digest, throne.reign = model, digest, reign
    throne.digests[reign] = digest
    throne.crowned.add(model)


def _acknowledged(desk: DeskWatch, said: Any, _beside: Sequence[str]) -> None:  # noqa: ANN401 - a message
    throne = desk.thrones[said.slot]
    assert throne.acknowledged < said.reign <= throne.answered, "C3 acknowledged unanswered"
    throne.acknowledged, desk.judged_lineup = said.reign, said.lineup
    if said.reign == throne.reign and not said.canary:
        throne.watched = False  # nobody was dethroned


def _watch_ended(desk: DeskWatch, said: Any, _beside: Sequence[str]) -> None:  # noqa: ANN401 - a message
    desk.thrones[said.slot].watched = False


def _vetoed(desk: DeskWatch, said: Any, _beside: Sequence[str]) -> None:  # noqa: ANN401 - a message
    desk.vetoed_ms[said.trial] = said.until_ms


def _governed(desk: DeskWatch, said: Any, _beside: Sequence[str]) -> None:  # noqa: ANN401 - a message
    desk.policy_hash = said.hash


def _frozen(desk: DeskWatch, said: Any, _beside: Sequence[str]) -> None:  # noqa: ANN401 - a message
    desk.frozen.add(said.scope)


def _thawed(desk: DeskWatch, said: Any, _beside: Sequence[str]) -> None:  # noqa: ANN401 - a message
    desk.frozen.discard(said.scope)


# C3


def _answered(desk: DeskWatch, said: Any, _beside: Sequence[str]) -> None:  # noqa: ANN401 - a message
    throne = desk.thrones[said.slot]
    assert said.reign == throne.answered + 1, f"C3 {said.slot}: {said.reign} follows {throne}"
    assert said.reign <= throne.reign, f"C3 {said.slot}: activated before it was crowned"
    throne.answered = said.reign


def _activated(desk: DeskWatch, said: Any, beside: Sequence[str]) -> None:  # noqa: ANN401 - a message
    _answered(desk, said, beside)
    assert said.digest == desk.thrones[said.slot].digests[said.reign], "C3 other bytes activated"
    desk.lineup = said.lineup


# C4


def _opened(desk: DeskWatch, trial: Any, _beside: Sequence[str]) -> None:  # noqa: ANN401 - a message
    assert trial.champion == desk.thrones[trial.slot].champion, "C4 tried against nobody"
    assert trial.trial not in desk.trials, "C4 opened twice"
    assert trial.alpha <= ALPHA_MAX, "C4 alpha above the limit"
    built_on = desk.rejected[trial.window_start_ms]
    assert trial.crowned_before == built_on, f"C4 R of {trial.trial} is not {built_on}"
    if trial.mode != "per_test":
        desk.spent[trial.window_start_ms] += trial.alpha / (trial.crowned_before + 1)
        assert desk.spent[trial.window_start_ms] <= ALPHA_MAX + ROUNDING, "C4 alpha overspent"
    desk.trials[trial.trial] = trial


def _closed(desk: DeskWatch, said: Any, _beside: Sequence[str]) -> None:  # noqa: ANN401 - a message
    del desk.trials[said.trial]


def _warmed(desk: DeskWatch, said: Any, _beside: Sequence[str]) -> None:  # noqa: ANN401 - a message
    assert said.trial not in desk.warmed, f"C2 {said.trial} warmed twice"
    desk.warmed.add(said.trial)
    desk.pairs[said.trial] = 0


def _paired(desk: DeskWatch, pair: Any, _beside: Sequence[str]) -> None:  # noqa: ANN401 - a message
    if pair.counted:
        assert pair.lineup == desk.lineup, f"C4 {pair.trial}: a counted pair of another lineup"
        desk.pairs[pair.trial] = desk.pairs.get(pair.trial, 0) + 1


def _measured(desk: DeskWatch, said: Any, _beside: Sequence[str]) -> None:  # noqa: ANN401 - a message
    counted = desk.measured.get(said.trial, 0)
    assert said.pairs == counted + 1, f"C4 {said.trial}: pair {said.pairs} measured after {counted}"
    assert said.pairs <= desk.pairs[said.trial], f"C4 {said.trial}: measured more than there is"
    desk.measured[said.trial] = said.pairs


def _watched(desk: DeskWatch, said: Any, _beside: Sequence[str]) -> None:  # noqa: ANN401 - a message
    counted = desk.measured.get(said.canary, 0)
    assert said.pairs == counted + 1, f"C4 {said.canary}: pair {said.pairs} after {counted}"
    assert said.pairs <= desk.pairs[said.canary], f"C4 {said.canary}: watched more than there is"
    if component_of(said.slot) != PARAMETERS:
        assert desk.thrones[said.slot].digests[said.reign], f"C4 {said.canary}: watches no reign"
    desk.measured[said.canary] = said.pairs


type Check = Callable[[DeskWatch, Any, Sequence[str]], None]
CHECKS: dict[tuple[str, str], Check] = {
    (PROMOTION, "ChampionCrowned"): _crowned,
    (PROMOTION, "ChampionRolledBack"): _rolled_back,
    (PROMOTION, "ReignAcknowledged"): _acknowledged,
    (PROMOTION, "CanaryEnded"): _watch_ended,
    (PROMOTION, "Vetoed"): _vetoed,
    (PROMOTION, "PolicyApplied"): _governed,
    (PROMOTION, "TrialOpened"): _opened,
    (PROMOTION, "TrialClosed"): _closed,
    (PROMOTION, "Frozen"): _frozen,
    (PROMOTION, "Thawed"): _thawed,
    (TRADER, "ChampionActivated"): _activated,
    (TRADER, "ActivationFailed"): _answered,
    (TRADER, "ChallengerWarmed"): _warmed,
    (TRADER, "PairResolved"): _paired,
    (SHADOW, "EvidenceMeasured"): _measured,
    (SHADOW, "CanaryMeasured"): _watched,
}
