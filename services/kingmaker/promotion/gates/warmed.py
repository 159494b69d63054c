"""Only a model that already decides in the trader can be crowned: a coronation loads nothing."""

from kingmaker.promotion.gates import Case, Gate, Reading


def judge(case: Case) -> Reading:
    """Ask whether the trader has said so."""
    warmed = case.trial.warmed
    return Reading(warmed, 1.0, int(warmed), warmed)


GATE = Gate("warmed", judge, of_desk=True)
