"""Judges one stream of pairs as it comes: the production rule, gates and canary."""

from dataclasses import dataclass
from math import isfinite

from kingmaker.evidence import defaults, rules, tally
from kingmaker.evidence.rules import Ledgers
from kingmaker.evidence.tally import Tally
from kingmaker.promotion.judge.cases import Gates
from kingmaker.promotion.judge.reign import Watch
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

    @property
    def fault(self) -> str:
        """What is wrong with it, or nothing."""
        for side in ("champion", "challenger"):
            net, taken = getattr(self, side), getattr(self, f"{side}_taken")
            if not isfinite(net):
                return f"the {side}'s return is {net}, not a number"
            if taken is False and net != 0.0:
                return f"the {side} took no trade and yet has a return of {net!r}"
        return ""

    @property
    def taken(self) -> tuple[bool, bool]:
        """Whether the champion and the challenger traded."""
        return (
            self.champion != 0.0 if self.champion_taken is None else self.champion_taken,
            self.challenger != 0.0 if self.challenger_taken is None else self.challenger_taken,
        )


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
        held_by_evidence = "evidence" in self.gates.holding
        self.log_threshold = terms.level.log_threshold if held_by_evidence else float("-inf")
        self.rows = self.skipped = self.pairs = self.segment = 0
        self.row = 0  # the last of the trial
        self.ledgers = Ledgers()
        self.champion, self.challenger, self.difference_squares = Tally(), Tally(), 0.0
        self.first: Moment | None = None
        self.watch: Watch | None = None

    def hear(self, pair: Pair) -> None:
        """Take one row; BadPairError if it cannot be judged."""
        row = self.rows + 1
        if pair.fault:
            raise BadPairError(row, pair.fault)
        if self.terms.canary is not None and row >= self.terms.canary:
            self._reign(row, pair)
        else:
            self.row = row
            if row in self.terms.segments:
                self.start_segment()
            if any(pair.taken):
                self.take(row, pair)
            else:
                self.skipped += 1
        self.rows = row

    def take(self, row: int, pair: Pair) -> None:
        """Judge a pair of the trial, which stands at a row."""
        self.row, self.pairs = row, self.pairs + 1
        self.ledgers = self.rule.weigh(
            self.ledgers, self.terms.parameters, pair.champion, pair.challenger
        )
        difference = pair.challenger - pair.champion
        self.difference_squares += difference * difference
        champion_took, challenger_took = pair.taken
        self.champion = add(self.champion, pair.champion, taken=champion_took)
        self.challenger = add(self.challenger, pair.challenger, taken=challenger_took)
        if self.first is None and self.ledgers.log_evidence >= self.log_threshold:
            self.decide()

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
        """Return what stands now, or stood when the trial ended."""
        findings = self.gates.judge(self.evidence())
        champion, challenger = self.champion, self.challenger
        return Moment(self.row, self.pairs, self.ledgers, champion, challenger, findings)

    def evidence(self) -> Evidence:
        """Return what the gates look at."""
        return Evidence(
            lineup=str(self.segment),
            pairs=self.pairs,
            pairs_hash="",
            log_evidence=self.ledgers.log_evidence,
            log_evidence_max=self.ledgers.log_evidence_max,
            log_evidence_of_segment=self.ledgers.log_evidence_of_segment,
            segment=self.segment,
            champion=self.champion,
            challenger=self.challenger,
            difference_squares=self.difference_squares,
        )

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
            reign=self.watch.reign() if self.watch else None,
        )

    def _reign(self, row: int, pair: Pair) -> None:
        """Watch the challenger, who reigns from here on, until the crown is taken back."""
        if self.watch is None:
            self.watch = Watch(self.terms.policy, row, self.ledgers.sharpe, self.evidence())
        if not any(pair.taken):
            self.skipped += 1
        elif self.watch.rollback is None:
            champion_took, challenger_took = pair.taken
            sums = self.watch
            sums.champion = add(sums.champion, pair.challenger, taken=challenger_took)
            sums.reference = add(sums.reference, pair.champion, taken=champion_took)
            try:
                self.watch.hear(row, pair.challenger, pair.champion)
            except ValueError as error:
                raise BadPairError(row, str(error)) from None


def add(sums: Tally, net: float, *, taken: bool) -> Tally:
    """Return the sums of one side after one more pair; above 0 it was won."""
    return tally.add(sums, net, int(taken), int(net > 0.0))
