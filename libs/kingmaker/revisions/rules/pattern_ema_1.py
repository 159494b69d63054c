"""What a pattern foretells, as a moving average that its next outcome moves (A5).

The library itself stays in the graph; a declaration holds only how many windows each pattern speaks
for, ten at most, four bits each and seven to a number, the first lowest. A memory holds the
patterns that an outcome has moved since the export, four numbers each, the latest moved last: its
place, the part of its exported average that is left, what was added to it, and how many outcomes it
was. An average has the same rate as in the library: 1 / n for the first ten windows, then a tenth.

At most `SLOTS` patterns are remembered: of one more, that which moved longest ago is as exported.
"""

from collections.abc import Iterable, Sequence

from kingmaker.revisions import Declaration, Numbers, missing
from kingmaker.revisions.rules import Rule

COMPONENT = "pattern_recognition"
PATTERNS_MAX = 10_000
SLOTS = 1024
FIELDS = 4  # of a slot
VOICES_MAX = 10  # windows that a pattern speaks for, at most
BITS = 4  # for one pattern's voices
TOGETHER = 7  # patterns to a number, which must not be larger than any of a memory
LIMIT = float(1 << BITS * TOGETHER)


def packed(voices: Iterable[int]) -> Numbers:
    """Return how many windows each pattern speaks for, 0 to 10, as a declaration holds it."""
    every = list(voices)
    numbers = []
    for first in range(0, len(every), TOGETHER):
        number = 0
        for one in reversed(every[first : first + TOGETHER]):
            number = number << BITS | one
        numbers.append(float(number))
    return tuple(numbers)


def voices_of(declaration: Declaration, pattern: int) -> int:
    """Return how many windows a pattern spoke for when it was exported."""
    number = int(declaration.numbers[pattern // TOGETHER])
    return number >> pattern % TOGETHER * BITS & (1 << BITS) - 1


def _fault(declaration: Declaration) -> str:
    bad = missing(declaration.parameters, ("patterns", "rate", "alike"))
    if bad:
        return bad
    patterns = declaration.parameters["patterns"]
    if patterns != int(patterns) or patterns > PATTERNS_MAX:
        return f"{patterns:g} patterns, not a whole number up to {PATTERNS_MAX}"
    wanted = -(-int(patterns) // TOGETHER)
    if len(declaration.numbers) != wanted:
        return f"{len(declaration.numbers)} numbers, not {wanted} for {patterns:g} patterns"
    if any(n != int(n) or not 0.0 <= n < LIMIT for n in declaration.numbers):
        return "a number is no seven times four bits"
    if declaration.parameters["rate"] > 1.0:
        return "the rate is above 1"
    return ""


def _begin(_declaration: Declaration) -> Numbers:
    return ()


def _step(declaration: Declaration, memory: Numbers, row: Sequence[float], label: float) -> Numbers:
    """Move the average of one pattern, whose place is the row, by the return that followed."""
    [place] = row
    if place != int(place) or not 0.0 <= place < declaration.parameters["patterns"]:
        raise ValueError(f"there is no pattern {place!r}")
    _, left, added, outcomes = found = slot_of(memory, place)
    outcomes += 1.0
    known = voices_of(declaration, int(place)) + outcomes
    rate = max(1.0 / known, declaration.parameters["rate"])
    moved = (place, left - rate * left, added + rate * (label - added), outcomes)
    kept = memory if not found[-1] else _without(memory, place)
    return (*kept, *moved)[-SLOTS * FIELDS :]


def slot_of(memory: Numbers, place: float) -> Numbers:
    """Return what is remembered of a pattern; where nothing is, the slot of one as exported."""
    if place not in memory[::FIELDS]:
        return (place, 1.0, 0.0, 0.0)
    first = memory[::FIELDS].index(place) * FIELDS
    return memory[first : first + FIELDS]


def _vector(declaration: Declaration, memory: Numbers) -> Numbers:
    """Return the slots, field by field; those that are free move a pattern that is none."""
    free = SLOTS - len(memory) // FIELDS
    none = (declaration.parameters["patterns"], 1.0, 0.0, 0.0)
    columns = [(*memory[at::FIELDS], *[none[at]] * free) for at in range(FIELDS)]
    return (*columns[0], *columns[1], *columns[2], *columns[3])


def _without(memory: Numbers, place: float) -> Numbers:
    first = memory[::FIELDS].index(place) * FIELDS
    return (*memory[:first], *memory[first + FIELDS :])


RULE = Rule(
    name="pattern_ema",
    version=1,
    component=COMPONENT,
    row=1,
    vector_size=SLOTS * FIELDS,
    fault=_fault,
    begin=_begin,
    step=_step,
    vector=_vector,
)
