"""Judges one stream of pairs as it comes: the production rule and the production gates."""

from dataclasses import dataclass
from math import isfinite

from kingmaker.evidence import defaults, rules, tally
from kingmaker.evidence.rules import Ledgers
from kingmaker.evidence.tally import Tally
from kingmaker.promotion.judge.cases import Gates
from kingmaker.promotion.judge.terms import Terms, bound
from kingmaker.promotion.judge.verdict import Moment, Verdict
from kingmaker.promotion.said import Evidence


@dataclass(frozen=True, slots=True)
class Pair:
    """Net returns of both sides on the same opportunities; None: what is not 0 was a trade."""

    champion: float
    challenger: float
    champion_taken: bool | None = None
    challenger_taken: bool | None = None


class BadPairError(ValueError):
    """A pair that cannot be judged; `row` says which, the first is 1."""

    def __init__(self, row: int, reason: str) -> None:
        """Keep the row and the reason."""
        super().__init__(f"row {row}: {reason}")
        self.row, self.reason = row, reason


class Stream:
    """One stream: what is known of it so far, in bounded memory."""

    def __init__(self, terms: Terms) -> None:
        """Begin with nothing known."""
        self.terms = terms
        self.gates = Gates(terms)
        self.rule = rules.discover()[defaults.RULE]
        level = terms.level
        self.log_threshold = (
            level.log_threshold if "evidence" in self.gates.holding else float("-inf")
        )
        self.rows = self.skipped = self.pairs = self.segment = 0
        self.ledgers = Ledgers()
        self.champion, self.challenger, self.difference_squares = Tally(), Tally(), 0.0
        self.first: Moment | None = None

    def hear(self, pair: Pair) -> None:
        """Take one row; BadPairError if it cannot be judged."""
        self.rows += 1
        if self.rows in self.terms.segments:
            self.start_segment()
        if not self.take(self.rows, pair):
            self.skipped += 1

    def take(self, row: int, pair: Pair) -> bool:
        """Judge what stands at a row, if it is a pair; return whether it is."""
        self.rows = row
        took = self._taken(pair.champion, pair.champion_taken, "champion")
        other_took = self._taken(pair.challenger, pair.challenger_taken, "challenger")
        if not (took or other_took):
            return False
        self.pairs += 1
        self.ledgers = self.rule.weigh(
            self.ledgers, self.terms.parameters, pair.champion, pair.challenger
        )
        difference = pair.challenger - pair.champion
        self.difference_squares += difference * difference
        self.champion = _add(self.champion, pair.champion, taken=took)
        self.challenger = _add(self.challenger, pair.challenger, taken=other_took)
        if self.first is None and self.ledgers.log_evidence >= self.log_threshold:
            self.decide()
        return True

    def decide(self) -> None:
        """Ask every gate whether this is the coronation."""
        moment = self.moment()
        self.first = None if moment.held_by else moment

    def start_segment(self) -> None:
        """Note that another lineup trades from the next pair on."""
        self.segment += 1
        self.ledgers = self.rule.start_segment(self.ledgers)
        self.champion, self.challenger, self.difference_squares = Tally(), Tally(), 0.0

    def moment(self) -> Moment:
        """Return what stands now."""
        ledgers = self.ledgers
        evidence = Evidence(
            lineup=str(self.segment),
            pairs=self.pairs,
            pairs_hash="",
            log_evidence=ledgers.log_evidence,
            log_evidence_max=ledgers.log_evidence_max,
            log_evidence_of_segment=ledgers.log_evidence_of_segment,
            segment=self.segment,
            champion=self.champion,
            challenger=self.challenger,
            difference_squares=self.difference_squares,
        )
        findings = self.gates.judge(evidence)
        return Moment(self.rows, self.pairs, ledgers, self.champion, self.challenger, findings)

    def verdict(self) -> Verdict:
        """Return the verdict on all rows so far."""
        return Verdict(
            rows=self.rows,
            skipped=self.skipped,
            level=self.terms.level,
            bound=bound(self.terms.parameters),
            segment=self.segment,
            now=self.moment(),
            first=self.first,
            unasked=self.gates.unasked,
            notice=self.terms.notice,
        )

    def _taken(self, net: float, flag: bool | None, side: str) -> bool:  # noqa: FBT001 - it is what a row says
        if not isfinite(net):
            raise BadPairError(self.rows, f"the {side}'s return is {net}, not a number")
        if flag is False and net != 0.0:
            raise BadPairError(
                self.rows, f"the {side} took no trade and yet has a return of {net!r}"
            )
        return net != 0.0 if flag is None else flag


def _add(sums: Tally, net: float, *, taken: bool) -> Tally:
    return tally.add(sums, net, int(taken), int(net > 0.0))
