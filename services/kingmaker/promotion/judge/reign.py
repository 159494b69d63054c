"""The challenger reigns: the production canary watches it against the one it dethroned."""

from dataclasses import dataclass

from kingmaker.evidence import canary_rules
from kingmaker.evidence.defaults import CANARY_RULE
from kingmaker.evidence.ledger import Ledger
from kingmaker.evidence.tally import Tally
from kingmaker.promotion import canary, coronation, limits
from kingmaker.promotion.heard import CanaryMeasured
from kingmaker.promotion.policy import Policy
from kingmaker.promotion.said import Evidence, Finding


@dataclass(frozen=True, slots=True)
class Moved:
    """Something that happened in a reign, at a row of the input and a pair of the reign."""

    row: int
    pair: int
    why: str


@dataclass(frozen=True, slots=True)
class Reign:
    """How a reign went: until it ended by a rollback, or so far."""

    began: int  # row
    pairs: int
    statistic: float
    statistic_max: float
    threshold: float
    findings: tuple[Finding, ...]
    warned: Moved | None  # the 15 % rule was first breached
    alarm: Moved | None  # the detector first reached its threshold
    rollback: Moved | None


class Watch:
    """One reign under watch; it begins warm, from the trial so far."""

    def __init__(self, policy: Policy, began: int, ledger: Ledger, evidence: Evidence) -> None:
        """Crown the challenger, whatever the gates said."""
        self.policy, self.began = policy, began
        self.rule = canary_rules.discover()[CANARY_RULE]
        self.parameters = coronation.watched_by(policy, evidence)
        self.detector = self.rule.begin(ledger)
        self.record = evidence.challenger
        self.champion, self.reference = Tally(), Tally()
        self.pairs = 0
        self.findings: tuple[Finding, ...] = ()
        self.warned: Moved | None = None
        self.alarm: Moved | None = None
        self.rollback: Moved | None = None

    def hear(self, row: int, champion: float, reference: float) -> None:
        """Watch one more pair, which the tallies hold already; ValueError for absurd returns."""
        self.detector = self.rule.watch(self.detector, self.parameters, champion, reference)
        self.pairs += 1
        measured = CanaryMeasured(
            canary="returns",
            slot="returns",
            reign=1,
            pairs=self.pairs,
            statistic=self.detector.statistic,
            threshold=self.rule.threshold(self.parameters),
            champion=self.champion,
            reference=self.reference,
            time_ms=0,
        )
        self.findings = limits.judge(self.policy, measured, self.record)
        breached = limits.breached(self.findings, limits.RELATIVE)
        if breached and self.warned is None:
            self.warned = Moved(row, self.pairs, f"15 % worse in {', '.join(breached)}")
        if limits.breached(self.findings, frozenset({limits.DETECTOR})) and self.alarm is None:
            self.alarm = Moved(row, self.pairs, "the detector reached its threshold")
        cause = canary.cause_of(self.policy.canary_rule, measured, self.findings)
        if cause is not None:
            self.rollback = Moved(row, self.pairs, f"{cause.trigger}: {cause.reason}")

    def reign(self) -> Reign:
        """Return how it went."""
        return Reign(
            began=self.began,
            pairs=self.pairs,
            statistic=self.detector.statistic,
            statistic_max=self.detector.statistic_max,
            threshold=self.rule.threshold(self.parameters),
            findings=self.findings,
            warned=self.warned,
            alarm=self.alarm,
            rollback=self.rollback,
        )
