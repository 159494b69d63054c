"""No coronation on a desk while its trader has not followed an earlier one."""

from kingmaker.promotion.gates import Case, Gate, Reading


def judge(case: Case) -> Reading:
    """Count reigns of the desk that are not acknowledged."""
    slots = case.state.slots.values()
    open_reigns = sum(not slot.settled for slot in slots)
    return Reading(open_reigns, 0.0, len(slots), open_reigns == 0)


GATE = Gate("reign_settled", judge, of_desk=True)
