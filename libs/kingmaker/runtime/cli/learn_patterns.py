"""`kingmaker learn patterns`: a desk's library, and the patterns most like its latest windows."""

from collections.abc import Iterator
from typing import Any

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import Desk, slot_of
from kingmaker.contracts.models import PATTERN_NEIGHBOURS
from kingmaker.contracts.topics import event_topic
from kingmaker.kernel.lane import Lane
from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.opening import Opened, opened
from kingmaker.runtime.cli.options import Options
from kingmaker.runtime.cli.output import Column, moment, one, table
from kingmaker.runtime.history import decided
from kingmaker.runtime.patterns import COMPONENT, Library, windows

CHAMPION = "SELECT slot, model, digest FROM champions WHERE slot = ?"
LEARNS_ON = """
    SELECT l.learner, l.revision, l.lessons FROM learners l
    JOIN twins t ON t.slot = l.slot AND t.state = 'deciding'
    WHERE l.slot = ? AND l.digest = ? AND l.branch = 'champion' ORDER BY l.time_ms DESC LIMIT 1
"""
MATCHES = (
    Column("PATTERN", "pattern", str, right=True),
    Column("SIMILARITY", "similarity", lambda one: f"{one:.4f}", right=True),
    Column("WEIGHT", "weight", lambda one: f"{one:+.3f}", right=True),
    Column("FORWARD RETURN", "forward_return", lambda one: f"{one:+.3f}", right=True),
    Column("WINDOWS", "windows", str, right=True),
    Column("OUTCOMES SINCE", "outcomes", str, right=True),
)


def patterns(desk: str = "", /, *, like: int = 5, options: Options | None = None) -> int:
    """Show how many patterns the champion of a desk knows, and those most like each symbol now.

    FORWARD RETURN is what followed on a pattern until the model was exported, WEIGHT is its moving
    average with all outcomes since; in units of risk, above zero for prices that rose. WINDOWS is
    ten at most. With -o json this is the interface for programs: there is no REST gateway yet.

    :param desk: Default: the only desk.
    :param like: How many patterns, 1 to 16.
    """
    options = options or Options()
    if not 1 <= like <= PATTERN_NEIGHBOURS:
        raise CommandError(f"--like {like}: give 1 to {PATTERN_NEIGHBOURS}.", Exit.USAGE)
    with opened(options.home) as home:
        found = _of_desk(home, home.desk(desk or None), like)
    one(found, list(_lines(found)), options.output)
    return Exit.DONE


def _of_desk(home: Opened, desk: Desk, like: int) -> dict[str, Any]:
    slot = slot_of(COMPONENT, desk.name)
    champions = home.query(CHAMPION, slot)
    if not champions:
        raise CommandError(
            f"nobody reigns on {slot} yet: `kingmaker up` crowns the bootstrap.", Exit.NO
        )
    [champion] = champions
    learners = home.query(LEARNS_ON, slot, champion["digest"])
    learner = learners[0] if learners else {"learner": "", "revision": 0, "lessons": 0}
    library = Library.read(_bytes(home, champion["digest"]), _lessons(home, desk, learner))
    found = {
        "desk": desk.name,
        "model": champion["model"],
        "digest": champion["digest"],
        "patterns": len(library) if library else 0,
        "keep": library.keeps if library else None,
        "revision": learner["revision"],
        "outcomes": learner["lessons"],
        "moved": library.moved if library else 0,
        "windows": [],
    }
    if library:
        latest = windows(_said(home, "feed", desk, "BarClosed"))
        found["windows"] = [
            {"symbol": symbol, "time_ms": time_ms, **library.like(closes, like)}
            for symbol, (time_ms, closes) in sorted(latest.items())
        ]
    return found


def _bytes(home: Opened, digest: str) -> bytes:
    from kingmaker.runtime.models.errors import ModelRefusedError  # noqa: PLC0415 - beside its use
    from kingmaker.runtime.models.store import ArtifactStore  # noqa: PLC0415 - as above

    try:
        return ArtifactStore(home.home.artifacts).read(digest).model
    except ModelRefusedError as error:
        raise CommandError(
            f"the library is in the model's bytes, and those cannot be read: {error}. Restore"
            f" {home.home.artifacts} from a copy; `kingmaker model verify` checks them all.",
            Exit.NO,
        ) from error


def _lessons(
    home: Opened, desk: Desk, learner: dict[str, Any]
) -> Iterator[tuple[tuple[float, ...], float]]:
    """Yield what the champion's outcomes taught its library, row and label."""
    if learner["revision"]:
        for event in _said(home, "trader", desk, "ModelRevised"):
            if event.learner == learner["learner"]:
                yield tuple(event.row), event.label


def _said(home: Opened, service: str, desk: Desk, name: str) -> Iterator[Any]:
    """Yield what a service said of one kind, in order."""
    kind = message_class(f"kingmaker.{service}.v1", name)
    for record in decided(home.log, Lane(event_topic(service), desk.index)):
        if record.kind == kind.DESCRIPTOR.full_name:
            yield kind.FromString(record.value)


def _lines(found: dict[str, Any]) -> Iterator[str]:
    name = f"{found['desk']}: {found['model']} ({found['digest'][:12]})"
    if not found["patterns"]:
        yield f"{name} holds no library that can be looked up: a training of {COMPONENT} makes one."
        return
    yield f"{name} knows {found['patterns']:,} patterns of {found['keep']} trades"
    yield (
        f"   revision {found['revision']:,}: {found['outcomes']:,} outcomes have moved"
        f" {found['moved']:,} of them since the export"
    )
    for window in found["windows"]:
        yield ""
        yield (
            f"{window['symbol']} at {moment(window['time_ms'])}: score {window['score']:+.4f}, in"
            f" units of risk"
        )
        yield from (f"   {line}" for line in table(window["matches"], MATCHES))
