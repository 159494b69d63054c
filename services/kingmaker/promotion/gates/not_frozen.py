"""Nobody is crowned while people have frozen the slot or the desk, or killed the desk."""

from kingmaker.promotion.domain import DESK, KILL
from kingmaker.promotion.gates import Case, Gate, Reading


def judge(case: Case) -> Reading:
    """Ask for zero freezes."""
    freezes = len(case.state.frozen & {DESK, KILL, case.trial.slot})
    return Reading(freezes, 0.0, freezes, freezes == 0)


GATE = Gate("not_frozen", judge, of_desk=True)
