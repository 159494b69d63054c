"""Pairs of returns before the production shadow and promotion, without a trader or a log.

verdict = try_challenger(pairs)           # pairs: (champion's side, challenger's side), in order
verdict.crowned                           # the coronation, or None
verdict.evidence                          # the last evidence measured
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kingmaker.contracts.codec import Codec
from kingmaker.contracts.desks import COMPONENTS, Desk, slot_of
from kingmaker.kernel.service import Service, Tick
from kingmaker.promotion import heard
from kingmaker.promotion import service as promotion
from kingmaker.promotion.said import ChampionCrowned, TrialOpened
from kingmaker.shadow import domain as shadow_domain
from kingmaker.shadow import service as shadow
from kingmaker.shadow.domain import EvidenceMeasured, PairResolved, Side
from tests import people

DESK = Desk("nulls", 0)
SLOT, OTHER = slot_of("cvar_ppo", DESK.name), slot_of("neural_ucb", DESK.name)
FIRST_LINEUP = "nine"
START_MS, HOUR_MS = 1_600_000_000_000, 3_600_000

type Pair = tuple[Side, Side]


@dataclass(slots=True)
class Seat:
    """One production service: it hears, decides and evolves as under its host."""

    service: Service[Any, Any, Any, Any]
    state: Any = None
    window: Any = None

    def __post_init__(self) -> None:
        """Take the seat."""
        self.state, self.window = self.service.initial, self.service.window()

    def hear(self, message: object) -> list[Any]:
        """Return what is said to `message`, having learned it."""
        self.window = self.service.observe(self.window, message)
        said = list(self.service.decide(self.state, self.window, message, {}))
        for event in said:
            self.state = self.service.evolve(self.state, event)
        return said

    def read(self, writer: "Seat", events: Iterable[object]) -> list[Any]:
        """Hear what another said, by way of the wire: its bytes, decoded as our own words."""
        said = []
        for event in events:
            draft = writer.service.events.encode(event)
            message = self.service.messages.decode(draft.kind, draft.value)
            if message is not None:
                said += self.hear(message)
        return said


@dataclass(slots=True)
class Verdict:
    """What came of a trial, and the seats it was held on."""

    opened: TrialOpened
    judge: Seat
    measurer: Seat
    evidence: EvidenceMeasured | None = None
    crowned: ChampionCrowned | None = None
    said: list[Any] = field(default_factory=list)


def try_challenger(
    pairs: Iterable[Pair],
    slot: str = SLOT,
    crowns_elsewhere: Collection[int] = (),
    policy: Mapping[str, str] | None = None,
) -> Verdict:
    """Try one challenger, the first test of its desk, until it is crowned or the pairs end."""
    judge, measurer = Seat(promotion.build([DESK], 0)), Seat(shadow.build([DESK], 0))
    if policy:
        judge.hear(heard.ApplyPolicy(f"hash of {sorted(policy.items())}", dict(policy)))
    verdict, lineup = Verdict(_open_trial(judge, measurer, slot), judge, measurer), FIRST_LINEUP
    for number, (champion, challenger) in enumerate(pairs, start=1):
        time_ms = START_MS + number * HOUR_MS
        pair = PairResolved(
            trial=verdict.opened.trial,
            bucket=number,
            number=number,
            lineup=lineup,
            champion=champion,
            challenger=challenger,
            counted=True,
            time_ms=time_ms,
        )
        measured = measurer.hear(pair)
        [verdict.evidence] = measured
        verdict.said += judge.hear(Tick(time_ms)) + judge.read(measurer, measured)
        crowned = [event for event in verdict.said if isinstance(event, ChampionCrowned)]
        if crowned:
            verdict.crowned = crowned[0]
            return verdict
        if number in crowns_elsewhere:
            lineup = f"nine after pair {number}"
            _crown_elsewhere(judge, measurer, lineup, number)
    return verdict


def _crown_elsewhere(judge: Seat, measurer: Seat, lineup: str, number: int) -> None:
    """Give another slot a champion by command, and follow it as a trader."""
    time_ms, model = START_MS + number * HOUR_MS, f"v{number}"
    candidate = heard.ModelRegistered(OTHER, model, model, "tuned", {}, time_ms)
    opened = [event for event in judge.hear(candidate) if isinstance(event, TrialOpened)]
    judge.hear(heard.ChallengerWarmed(opened[0].trial, OTHER, model, lineup, time_ms))
    said = judge.hear(_signed(number, model, time_ms))
    [crowned] = [event for event in said if isinstance(event, ChampionCrowned)]
    judge.hear(heard.ChampionActivated(OTHER, crowned.reign, model, lineup, time_ms))
    measurer.hear(shadow_domain.ChampionActivated(OTHER, lineup))


def _signed(number: int, model: str, time_ms: int) -> heard.Signed:
    """Return a person's promotion without evidence, in its envelope."""
    command = heard.DirectPromotion(
        f"c{number}", OTHER, model, "", "ada", "to change the lineup", time_ms, time_ms
    )
    draft = Codec[heard.Command](promotion.COMMANDS).encode(command)
    sealed = people.signed(draft)
    found = promotion.build([DESK], 0).messages.decode(sealed.kind, sealed.value)
    assert isinstance(found, heard.Signed)
    return found


def _open_trial(judge: Seat, measurer: Seat, slot: str) -> TrialOpened:
    """Let nine champions reign, register one candidate, and say as a trader that it decides."""
    keys = people.apply_keys()
    judge.hear(judge.service.messages.decode(keys.kind, keys.value))
    nine = [slot_of(component, DESK.name) for component in COMPONENTS]
    for name in nine:
        judge.hear(
            heard.ModelRegistered(name, "v1.0.0-bootstrap", f"b {name}", "bootstrap", {}, START_MS)
        )
    for name in nine:
        judge.hear(heard.ChampionActivated(name, 1, "v1.0.0-bootstrap", FIRST_LINEUP, START_MS))
    candidate = heard.ModelRegistered(slot, "v1.1.0-trained", "x", "trained", {}, START_MS)
    [opened] = [event for event in judge.hear(candidate) if isinstance(event, TrialOpened)]
    judge.hear(heard.ChallengerWarmed(opened.trial, slot, "x", FIRST_LINEUP, START_MS))
    measurer.hear(
        shadow_domain.ChallengerWarmed(
            opened.trial, slot, opened.rule, opened.parameters, FIRST_LINEUP
        )
    )
    return opened
