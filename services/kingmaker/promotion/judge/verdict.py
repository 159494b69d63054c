"""What is said of two return series, for programs and, as sentences, for people."""

from collections.abc import Mapping
from dataclasses import dataclass

from kingmaker.evidence.ledger import Ledger
from kingmaker.evidence.rules import Ledgers
from kingmaker.evidence.tally import Tally
from kingmaker.kernel.arithmetic import exp
from kingmaker.promotion.judge.reign import Reign
from kingmaker.promotion.judge.terms import Level
from kingmaker.promotion.said import Finding

CLIPPED_SHARE_MAX = 0.01  # above it the bound decides too often
TAU_MAX = 1.5  # above it neighbouring blocks resemble each other too much
EXP_MAX = 700.0


@dataclass(frozen=True, slots=True)
class Moment:
    """What stood at one row. `pair` counts the rows on which a side traded."""

    row: int
    pair: int
    ledgers: Ledgers
    champion: Tally
    challenger: Tally
    findings: tuple[Finding, ...]

    @property
    def held_by(self) -> tuple[str, ...]:
        """The gates that do not let the challenger pass."""
        return tuple(finding.gate for finding in self.findings if finding.holds)

    @property
    def p_anytime(self) -> float:
        """The anytime p-value, 1/max E; 0 where it is below any number that could be shown."""
        highest = self.ledgers.log_evidence_max
        return exp(-highest) if highest <= EXP_MAX else 0.0


@dataclass(frozen=True, slots=True)
class Health:
    """How well one ledger's game fits its assumptions."""

    blocks: int
    tau: float
    clipped: float  # share of blocks beyond the bound
    largest_z: float
    lag_1: float  # autocorrelation of neighbouring blocks

    @classmethod
    def of(cls, ledger: Ledger) -> "Health":
        """Look at a ledger."""
        clipped = ledger.clipped_below + ledger.clipped_above
        return cls(
            ledger.blocks,
            ledger.tau,
            clipped / ledger.blocks if ledger.blocks else 0.0,
            ledger.largest_z,
            ledger.lag_products / ledger.squares if ledger.squares > 0.0 else 0.0,
        )

    @property
    def alerts(self) -> tuple[str, ...]:
        """What deserves a look, in words."""
        said = []
        if self.clipped > CLIPPED_SHARE_MAX:
            said.append(
                f"{self.clipped:.1%} of its blocks reach beyond the bound: losses may be larger"
                f" than the claim allows for"
            )
        if self.tau > TAU_MAX:
            said.append(
                f"neighbouring blocks resemble each other (tau {self.tau:.2f}): the edge is large,"
                f" or trades overlap in time; sum those that do to one pair"
            )
        return tuple(said)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer: `first` is the first row at which every gate held, `now` the trial's last."""

    rows: int
    skipped: int  # rows on which neither side traded: no pairs
    level: Level
    bound: float
    segment: int  # how often the lineup changed so far
    now: Moment
    first: Moment | None
    unasked: Mapping[str, str]  # gates that are not asked, and why
    notice: str  # what the settings do not promise
    reign: Reign | None  # where the terms say that the challenger reigned

    @property
    def promoted(self) -> bool:
        """Whether the challenger would have been crowned."""
        return self.first is not None

    @property
    def deciding(self) -> Moment:
        """Return what the verdict stands on: the coronation, or where the series ends."""
        return self.first or self.now

    @property
    def health(self) -> Mapping[str, Health]:
        """How well each ledger's game fits its assumptions, at the last row."""
        ledgers = self.now.ledgers
        return {"mean": Health.of(ledgers.mean), "sharpe": Health.of(ledgers.sharpe)}

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return what may be claimed, and its limits."""
        return tuple(_sentences(self))


def _sentences(verdict: Verdict) -> list[str]:
    level, moment = verdict.level, verdict.deciding
    said = [f"Take notice: {verdict.notice}."] if verdict.notice else []
    if verdict.first is None:
        held = ", ".join(moment.held_by) or "none of them"
        said.append(
            f"At no row did every gate hold at once; at the last one these did not: {held}."
        )
        said.append(
            f"Had the challenger been no better, evidence as strong as its strongest would ever"
            f" appear with probability at most {moment.p_anytime:.3g}; asked for is"
            f" {level.alpha:.3g} ({level.why}), at a row where every other gate holds too."
        )
    elif any(one.gate == "evidence" and one.passed for one in moment.findings):
        said.append(
            f"Had the challenger been no better, evidence this strong would ever appear with"
            f" probability at most {level.alpha:.3g} ({level.why}), however often one looked."
        )
        if verdict.segment:
            said.append(
                f"Had it been no better on this lineup, evidence this strong since the lineup"
                f" changed would appear with probability at most {level.p_max:.3g}."
            )
    said.append(
        f"Limits of the claim: block losses within {verdict.bound:g} scale units; one row is all"
        f" that was decided in one stretch of time, so that trades do not overlap from row to row."
    )
    return said
