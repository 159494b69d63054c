"""Commands about one trial: approve, veto, replace."""

from collections.abc import Mapping
from typing import Any

from kingmaker.contracts.desks import desk_of
from kingmaker.runtime.cli.commanding import Command, Said, send
from kingmaker.runtime.cli.exits import Exit
from kingmaker.runtime.cli.opening import opened
from kingmaker.runtime.cli.options import Options, Words
from kingmaker.runtime.cli.output import moment, one
from kingmaker.runtime.cli.trial import find_trial


def intervene(
    name: str, trial: str, fields: Mapping[str, Any], words: Words, options: Options
) -> int:
    """Send the command; say what came of it."""
    with opened(options.home) as home:
        found = find_trial(home, trial)
        desk = home.desk(desk_of(found["slot"]))
    content = {"trial": found["trial"], **fields}
    said = send(options.home, Command(name, desk, content, words.reason, words.actor), words)
    with opened(options.home) as home:
        after = find_trial(home, found["trial"])
    answer = {"event": said[-1].event, "kind": said[-1].kind, "trial": found["trial"]}
    state = {"state": after["state"], "reason": after["reason"]}
    one(answer | state, [f"{_told(said[-1], after)} · {said[-1].event}"], options.output)
    return Exit.DONE


def _told(event: Said, trial: Mapping[str, Any]) -> str:
    match event.kind:
        case "Approved":
            return f"{trial['trial']} is approved until {moment(event.message.until_ms)}"
        case "Vetoed":
            return f"{trial['trial']} is held until {moment(event.message.until_ms)}"
        case _:  # the end of a trial does not name the command
            return f"{trial['trial']} is {trial['state']}: {trial['reason']}"
