"""Promotion as a whole: whatever comes in whatever order, its promises hold."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kingmaker.contracts.desks import COMPONENTS, slot_of
from kingmaker.evidence import rules
from kingmaker.kernel import snapshot
from kingmaker.kernel.service import Tick
from kingmaker.promotion.domain import Event, Message, State
from kingmaker.promotion.evolution import fold
from kingmaker.promotion.heard import (
    ActivationFailed,
    ChallengerFaulted,
    ChampionLost,
    PositionClosed,
    PositionOpened,
    Rollback,
)
from kingmaker.promotion.said import (
    ChampionCrowned,
    ChampionRolledBack,
    CommandRefused,
    ExposureChanged,
    PolicyApplied,
    TrialOpened,
)
from tests.services.promotion import story as told
from tests.services.promotion.story import (
    DESK,
    SLOT,
    START_MS,
    Story,
    begun,
    measured,
    promotion,
    tried,
)

SLOTS = [slot_of(component, DESK) for component in COMPONENTS][:3]
ORIGINS = ("trained", "cloud", "tuned", "autogen")

type Move = tuple[str, int, int]  # what happens, to whom, how
MOVES = (
    "register",
    "warm",
    "evidence",
    "strong evidence",
    "follow",
    "fail",
    "lose",
    "fault",
    "freeze",
    "thaw",
    "roll back",
    "promote directly",
    "approve",
    "veto",
    "replace",
    "enter",
    "leave",
    "tick",
    *("strong evidence", "warm", "follow", "thaw", "leave", "register") * 3,  # so that some reign
)
moves = st.lists(
    st.tuples(st.sampled_from(MOVES), st.integers(0, 5), st.integers(0, 5)), max_size=60
)


class World:
    """Turns moves into messages that a trader, shadow and people might send in this state."""

    def __init__(self, auto: str) -> None:
        self.story = begun(promotion__auto=auto)
        self.now_ms, self.count = START_MS, 0

    def message(self, move: Move) -> Message | None:
        """Return the message of a move, if it makes sense now."""
        what, who, how = move
        self.count += 1
        slot = SLOTS[who % len(SLOTS)]
        desk_or_slot = (*SLOTS, "desk")[how % 4]
        name = f"c{self.count}"
        trials = list(self.story.state.trials.values())
        about_trial = trials[who % len(trials)].id if trials else ""
        plain = {
            "register": lambda: told.registered(slot, f"v{self.count}", ORIGINS[how % 4], how / 10),
            "follow": lambda: self._follow(slot),
            "fail": lambda: ActivationFailed(slot, self.story.state.slots[slot].reign, "broken"),
            "lose": lambda: ChampionLost(slot, self.story.state.slots[slot].reign, "gone"),
            "freeze": lambda: told.freeze(name, desk_or_slot),
            "thaw": lambda: told.thaw(name, desk_or_slot),
            "roll back": lambda: told.rollback(name, slot=slot),
            "enter": lambda: PositionOpened(name, self.now_ms),
            "leave": lambda: PositionClosed(name, self.now_ms),
            "tick": self._tick,
        }
        if what in plain:
            return plain[what]()
        return self._of_trial(what, about_trial, how, name) if trials else None

    def _of_trial(self, what: str, trial_id: str, how: int, name: str) -> Message:
        trial = self.story.state.trials[trial_id]
        match what:
            case "warm":
                return told.warmed(trial.id, trial.slot, trial.challenger.model)
            case "fault":
                return ChallengerFaulted(trial.id, "nan", how, self.now_ms)
            case "approve":
                return told.approve(name, trial.id)
            case "veto":
                return told.veto(name, trial.id, self.now_ms + how * 1_800_000 if how else 0)
            case "replace":
                return told.replace_trial(name, trial.id)
            case "promote directly":
                return told.direct(name, slot=trial.slot, model=trial.challenger.model)
            case _:
                lineup = self.story.state.lineup if how else "another"
                found = 9.0 if what.startswith("strong") else how / 2
                return measured(400 + self.count, trial.id, lineup=lineup, log_evidence=found)

    def _follow(self, slot: str) -> Message:
        now = self.story.state.slots[slot]
        lineup = f"nine after {self.count}"
        return told.activated(slot, now.reign, lineup, now.champion.model)

    def _tick(self) -> Message:
        self.now_ms += 3_600_000
        return Tick(self.now_ms)


@settings(max_examples=300, deadline=None)
@given(moves, st.sampled_from(["0", "1"]))
def test_whatever_comes_its_promises_hold(played: list[Move], auto: str) -> None:
    world = World(auto)
    story = world.story
    for move in played:
        message = world.message(move)
        if message is not None:
            before = story.state
            said = story.hear(message)
            check_rollback(before, message, said)
            for event in said:
                check_crown(before, event)
                before = story.service.evolve(before, event)
    check_history(story)


def check_rollback(state: State, message: Message, said: list[Event]) -> None:
    """Answer a rollback that has a target in the step that consumes it."""
    if not isinstance(message, Rollback):
        return
    possible = state.slots[message.slot].predecessor is not None
    assert any(isinstance(event, ChampionRolledBack) for event in said) is possible
    assert any(isinstance(event, CommandRefused) for event in said) is not possible


def check_crown(state: State, event: Event) -> None:
    """One champion a slot, the one before named, reigns without gaps, nothing while it may not."""
    match event:
        case ChampionCrowned():
            slot = state.slots[event.slot]
            assert (event.expected, event.reign) == (slot.champion.model, slot.reign + 1)
            assert not state.frozen & {"desk", event.slot}
            assert all(one.settled for one in state.slots.values())
            trial = state.trials[event.trial]
            assert trial.warmed
            assert trial.challenger.model == event.model != event.expected
            if event.how == "promoted":
                assert event.findings
                assert all(finding.passed for finding in event.findings)
                assert event.lineup == state.lineup
                assert event.alpha == trial.alpha
                assert state.policy.auto or trial.approved_until_ms is not None
        case ChampionRolledBack():
            slot = state.slots[event.slot]
            assert (event.from_model, event.reign) == (slot.champion.model, slot.reign + 1)
            assert event.to_model in {one.model for one in slot.history}
        case TrialOpened():
            live = state.trials_of(event.slot)
            assert len(live) < 3
            assert event.origin not in {one.origin for one in live}
            assert state.slots[event.slot].settled
        case _:
            pass


def check_history(story: Story) -> None:
    """Ids are unique, replay gives the live state, and nothing is lost in an encoding."""
    crowns = [
        e.promotion for e in story.said if isinstance(e, ChampionCrowned | ChampionRolledBack)
    ]
    trials = [e.trial for e in story.said if isinstance(e, TrialOpened)]
    assert len(set(crowns)) == len(crowns)
    assert len(set(trials)) == len(trials)
    spent = [e.alpha / (e.crowned_before + 1) for e in story.said if isinstance(e, TrialOpened)]
    assert sum(spent) <= story.state.policy.alpha
    assert fold(promotion().initial, story.said) == story.state
    assert snapshot.decode(State, snapshot.encode(story.state)) == story.state
    codec = story.service.events
    for event in story.said:
        draft = codec.encode(event)
        assert codec.decode(draft.kind, draft.value) == event


def test_a_new_policy_is_applied_once_and_recorded_with_its_hash() -> None:
    story = Story()
    policy = told.settings(promotion__min_trades="80")
    assert story.hear(policy) == [PolicyApplied(policy.hash, policy.values)]
    assert story.state.policy.min_trades == 80
    assert story.hear(policy) == []


def test_a_policy_that_makes_no_sense_is_refused_and_the_old_one_holds() -> None:
    story = Story()
    [refused] = story.hear(told.settings(promotion__alpha="0.5"))
    assert isinstance(refused, CommandRefused)
    assert "promotion.alpha is '0.5'; allowed: 1e-9..0.05" in refused.reason
    assert story.state.policy.alpha == 0.05


def test_open_positions_are_counted() -> None:
    story = begun()
    assert story.hear(PositionOpened("a", START_MS)) == [ExposureChanged(1, START_MS, 0)]
    assert story.hear(PositionClosed("a", START_MS)) == [ExposureChanged(0, START_MS, 1)]
    assert story.hear(PositionClosed("b", START_MS)) == [ExposureChanged(0, START_MS, 2)]


def test_a_tick_alone_decides_nothing() -> None:
    assert tried().hear(Tick(START_MS + 1)) == []


def test_trials_carry_a_rule_that_shadow_has() -> None:
    story = tried()
    [opened] = [event for event in story.said if isinstance(event, TrialOpened)]
    assert rules.discover()[opened.rule].fault(opened.parameters) == ""


def test_it_reads_what_others_write() -> None:
    codec = promotion().messages
    for message in (
        told.registered(),
        told.warmed(),
        told.activated(),
        measured(),
        told.rollback(),
        told.direct(),
        told.approve(),
        ActivationFailed(SLOT, 2, "broken"),
    ):
        draft = codec.encode(message)
        assert codec.decode(draft.kind, draft.value) == message


def test_the_time_that_an_offer_claims_moves_no_clock() -> None:
    """A person's word stands behind it: it opens no budget window, and ends no veto."""
    story = tried()
    story.hear(PositionOpened("a", START_MS))
    story.hear(told.veto(until_ms=START_MS + told.DAY_MS), measured())
    ahead_ms = START_MS + 1_000 * told.DAY_MS
    said = story.hear(told.registered(told.OTHER, time_ms=ahead_ms))
    assert told.kinds(said) == ["CandidateQueued", "TrialOpened"]
    [first, second] = [event for event in story.said if isinstance(event, TrialOpened)]
    assert (second.k, second.time_ms) == (2, START_MS)
    assert first.window_start_ms == second.window_start_ms
