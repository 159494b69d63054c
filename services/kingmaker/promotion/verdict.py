"""Judging: every gate on current numbers, and the coronation in the same step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kingmaker.promotion import classic, coronation, trials
from kingmaker.promotion.domain import Event, State, Trial
from kingmaker.promotion.evolution import fold
from kingmaker.promotion.gates import Case, Gate, judge
from kingmaker.promotion.heard import EvidenceMeasured
from kingmaker.promotion.said import ChallengerHeld, ChallengerReady, Evidence, Finding

APPROVED = "approved"  # the gate that a person opens
RECORDED_EVERY_PAIRS = 25  # a verdict that says nothing new is recorded this often


@dataclass(frozen=True, slots=True)
class Verdict:
    """What all gates found of one trial; `fresh`: on evidence that just came."""

    case: Case
    findings: tuple[Finding, ...]
    fresh: bool

    @property
    def trial(self) -> Trial:
        """Whom it is about."""
        return self.case.trial

    @property
    def held_by(self) -> tuple[str, ...]:
        """The gates that do not let the challenger pass."""
        return tuple(finding.gate for finding in self.findings if finding.holds)

    @property
    def may_crown(self) -> bool:
        """Whether every gate holds."""
        return not self.held_by

    @property
    def is_ready(self) -> bool:
        """Whether nothing but a person's approval is missing."""
        return self.held_by in ((), (APPROVED,))


@dataclass(frozen=True, slots=True)
class Court:
    """The gates at work."""

    gates: tuple[Gate, ...]

    def hear(self, state: State, measured: EvidenceMeasured, now_ms: int) -> Sequence[Event]:
        """Judge on new evidence, if it belongs to an open trial and to its present segment.

        Shadow's lane and the trader's race: what was measured before a crown may be heard after it,
        and after a rollback that brought its very lineup back.
        """
        trial = state.trials.get(measured.trial)
        if trial is None or (measured.lineup, measured.segment) != (state.lineup, trial.segment):
            return ()
        evidence = _evidence_in(measured)
        said = list(self.judge(state, {trial.id: evidence}, now_ms))
        if evidence.pairs >= trial.max_pairs and trial.id in fold(state, said).trials:
            said.append(trials.close(trial, "max_pairs", now_ms, evidence))
        return said

    def judge(self, state: State, fresh: Mapping[str, Evidence], now_ms: int) -> Sequence[Event]:
        """Judge on fresh evidence, and all trials anew that only gates of the desk held back."""
        verdicts = self._verdicts(state, fresh, now_ms)
        ready = [verdict for verdict in verdicts if verdict.may_crown]
        if not ready:
            return [event for verdict in verdicts for event in self._record(verdict)]
        best = min(ready, key=_rank)
        crowned = coronation.promote(state, best.trial, best.case.evidence, best.findings, now_ms)
        after = fold(state, crowned)
        others = {name: evidence for name, evidence in fresh.items() if name in after.trials}
        return [*crowned, *self.judge(after, others, now_ms)]

    def _verdicts(
        self, state: State, fresh: Mapping[str, Evidence], now_ms: int
    ) -> Sequence[Verdict]:
        found = []
        for trial in state.open_trials:
            evidence = fresh.get(trial.id)
            if evidence is None and _stands(trial) and trial.evidence:
                evidence = trial.evidence
            if evidence is not None and evidence.lineup == state.lineup:
                case = Case(state, trial, evidence, now_ms)
                found.append(Verdict(case, judge(self.gates, case), trial.id in fresh))
        return found

    def _record(self, verdict: Verdict) -> Sequence[Event]:
        """Say what a verdict that does not crown changed."""
        trial, evidence, held_by = verdict.trial, verdict.case.evidence, verdict.held_by
        now_ms = verdict.case.now_ms
        notice = classic.notice(verdict.case.state.policy, trial.mode)
        whom = (trial.id, trial.slot, evidence.pairs)
        if verdict.is_ready:
            if trial.ready and not verdict.fresh:
                return ()
            return (ChallengerReady(*whom, verdict.findings, now_ms, evidence, notice),)
        of_desk = {gate.name for gate in self.gates if gate.of_desk}
        standing = of_desk.issuperset(held_by)
        recorded = trial.evidence.pairs if trial.evidence and not trial.ready else None
        if (
            recorded is None
            or held_by != trial.held_by
            or (standing and verdict.fresh)
            or evidence.pairs >= recorded + RECORDED_EVERY_PAIRS
        ):
            findings = verdict.findings
            held = ChallengerHeld(*whom, held_by, findings, now_ms, evidence, standing, notice)
            return (held,)
        return ()


def _stands(trial: Trial) -> bool:
    """Whether the evidence of the last recorded verdict is that of now, and passed its gates."""
    return trial.ready or trial.standing_since_ms is not None


def _rank(verdict: Verdict) -> tuple[float, int, str]:
    """Put the larger E * alpha first, then the lower id."""
    evidence, trial = verdict.case.evidence, verdict.trial
    return -(evidence.log_evidence - trial.log_threshold), *trial.age


def _evidence_in(measured: EvidenceMeasured) -> Evidence:
    return Evidence(
        lineup=measured.lineup,
        pairs=measured.pairs,
        pairs_hash=measured.pairs_hash,
        log_evidence=measured.log_evidence,
        log_evidence_max=measured.log_evidence_max,
        log_evidence_of_segment=measured.log_evidence_of_segment,
        segment=measured.segment,
        champion=measured.champion,
        challenger=measured.challenger,
        difference_squares=measured.difference_squares,
        latencies=measured.latencies,
    )
