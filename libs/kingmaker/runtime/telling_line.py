"""One line for a person, and the event that it is about."""

from dataclasses import dataclass
from typing import Any

type Event = Any  # a service's dataclass, or the message of its bytes: both have the same fields


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `title` is its first word; `loud` lines belong on a screen, others in a file."""

    tag: str
    level: str
    title: str
    text: str
    slot: str = ""
    version: str = ""
    loud: bool = True
    hint: str = ""  # what to type next
