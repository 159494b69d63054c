"""Two return series as a case for the production gates, and which of these can be asked."""

from kingmaker.promotion import gates
from kingmaker.promotion.domain import State, Trial, Version
from kingmaker.promotion.gates import Case, Gate, Role
from kingmaker.promotion.judge.terms import Level, Terms
from kingmaker.promotion.policy import Policy
from kingmaker.promotion.said import Evidence, Finding

OF_A_MODEL = "about the model that decided, not its returns"
OF_MODELS = ("latency", "no_faults")  # gates
OF_A_DESK = "about the desk it would be crowned on, not its returns"
OFF = "off under these settings"


class Gates:
    """The production gates over two return series, under terms."""

    def __init__(self, terms: Terms) -> None:
        """Find the gates and prepare what never changes."""
        found = gates.discover()
        self.unasked = {
            gate.name: reason for gate in found if (reason := _unasked(gate, terms.policy))
        }
        self.asked = tuple(gate for gate in found if gate.name not in self.unasked)
        self.holding = tuple(
            gate.name for gate in self.asked if gate.role(terms.policy) is Role.HOLDS
        )
        self._state = State(desk="returns", policy=terms.policy)
        self._trial = _trial(terms.level, terms.policy)

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """Return what every gate found that is asked."""
        return gates.judge(self.asked, Case(self._state, self._trial, evidence, 0))


def _unasked(gate: Gate, policy: Policy) -> str:
    """Return why a gate is not asked, or nothing."""
    if gate.name in OF_MODELS:
        return OF_A_MODEL
    if gate.role(policy) is Role.SILENT:
        return OFF
    return OF_A_DESK if gate.of_desk else ""


def _trial(level: Level, policy: Policy) -> Trial:
    return Trial(
        id="returns",
        slot="returns",
        challenger=Version("challenger", ""),
        origin="returns",
        k=1,
        alpha=level.alpha,
        log_threshold=level.log_threshold,
        p_max=level.p_max,
        max_pairs=policy.trial_pairs_max,
        window_start_ms=0,
        mode=policy.budget_mode,
        warmed=True,
    )
