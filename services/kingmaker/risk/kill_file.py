"""What the file KILL of the home does: it kills, and its end alone resumes nothing."""

from collections.abc import Sequence

from kingmaker.risk.commands import number_of_next
from kingmaker.risk.domain import (
    KILLED,
    AboutFile,
    Event,
    KillFileFound,
    KillFileNoted,
    ModeChanged,
    State,
)

ACTOR = "the file KILL"
REASON = "it lies in the home"


def answer(state: State, fact: AboutFile, now_ms: int) -> Sequence[Event]:
    """Note what changed; kill a desk that nobody killed yet."""
    found = isinstance(fact, KillFileFound)
    if found == state.kill_file:
        return ()
    text = fact.text if isinstance(fact, KillFileFound) else ""
    noted = KillFileNoted(found, text, now_ms)
    if not found or state.kill is not None:
        return (noted,)
    number = number_of_next(state)
    return (
        noted,
        ModeChanged(
            desk=state.desk,
            number=number,
            mode=KILLED,
            flatten=False,
            kill=number,
            actor=ACTOR,
            reason=text or REASON,
            command_id="",
            key_id="",
            key_owner="",
            time_ms=now_ms,
        ),
    )
