"""The parts of the page that let others check it: chain, artifacts, policy, commands, audit."""

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from kingmaker.runtime.audit import LEVELS, Report
from kingmaker.runtime.audited import Policy
from kingmaker.runtime.refusals import dated
from kingmaker.runtime.release import RELEASE
from kingmaker.runtime.report.collect import Collected, Said
from kingmaker.runtime.report.curve import Curve, Line
from kingmaker.runtime.report.markup import (
    Content,
    Markup,
    code,
    element,
    facts,
    mark,
    moment,
    number,
    section,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

NOTHING = Markup("")
TARGETS = ("target", "scope", "trial", "desk")  # what a command is about, by its event
REFUSED = ("CommandRefused", "InputRefused")


def recomputed(found: Collected, report: Report) -> Markup:
    """Say what was recomputed for this page, how far it was the same, and what was not."""
    reached = LEVELS.index(report.level) + 1 if report.level else 0
    rows: list[Sequence[Content]] = [
        (
            level,
            mark(passed=place < reached) if place <= reached else "not reached",
            f"{report.level_seconds.get(level, 0.0):.2f} s" if place <= reached else "",
        )
        for place, level in enumerate(LEVELS)
    ]
    verdict = (
        "Of what was decided anew every bit was the same."
        if report.identical
        else f"It DIFFERS: {report.first_difference}"
    )
    notes = element("ul", *(element("li", note) for note in report.notes))
    said = facts(
        {
            "result": verdict,
            "again": code(f"kingmaker audit {found.audited.name}"),
            "decided by release": found.audited.release,
            "recomputed by release": RELEASE,
        }
    )
    return section("Recomputed", table(("level", "result", "time"), rows), said, notes)


def chain(found: Collected) -> Markup:
    """Name the places in the log, with the hashes that chain them."""
    rows: list[Sequence[Content]] = []
    for name, said in _places(found):
        rows.append((name, code(said.event), code(said.record.hash), code(said.record.prev or "-")))
    extra: list[Content] = []
    if found.evidence:
        last = found.evidence[-1].message
        first = found.evidence[0].message
        extra.append(
            facts(
                {
                    "first pair": number(first.first_pair),
                    "last pair": number(last.last_pair),
                    "n": number(last.pairs),
                    "hash of the ordered pairs": code(last.pairs_hash),
                    "lineup": code(last.lineup),
                }
            )
        )
    note = "Each record's SHA-256 covers the hash of the record before it."
    return section(
        "Chain", table(("what", "event", "hash", "record before"), rows), *extra, note=note
    )


def artifacts(found: Collected) -> Markup:
    """Name the bytes that were judged, and where they come from."""
    if not found.models:
        return NOTHING
    parts: list[Content] = []
    for said in found.models:
        parts += [element("h3", f"{said.kind} · {said.event}"), facts(_rows(said.message))]
    return section("Artifacts", *parts, note="A digest is the SHA-256 of a model's bytes.")


def policy(found: Collected) -> Markup:
    """Show the policy in force at the end, and what changed on the way."""
    policies = found.audited.policies
    if not policies:
        return NOTHING
    last = policies[-1]
    changes = [
        element("p", f"Changed at record {later.seq}: ", _changed(earlier, later))
        for earlier, later in pairwise(policies)
    ]
    said = changes or [element("p", "It did not change in between.", class_="note")]
    values: dict[str, Content] = {"policy hash": code(last.hash)}
    values |= dict(sorted(last.values.items()))
    return section("Policy", *said, facts(values))


def commands(found: Collected) -> Markup:
    """List what people asked this desk, and what became of it: refused as well as taken."""
    rows = [
        (
            moment(said.record.time_ms),
            _outcome(said),
            _of(said, "command") or said.kind,
            next(filter(None, (_of(said, name) for name in TARGETS)), ""),
            _of(said, "actor"),
            _keys(said),
            dated(_of(said, "reason")),
            _of(said, "command_id") or _of(said, "digest"),
            code(said.event),
        )
        for said in found.commands
    ]
    if not rows:
        return section("Commands on this desk", note="Nobody gave any.")
    left = found.commands_left_out
    note = f"The {left:,} oldest are left out." if left else "All of them, before and after."
    titles = ("when", "outcome", "command", "target", "actor", "key", "reason", "id", "event")
    return section("Commands on this desk", table(titles, rows), note=note)


def canary(found: Collected) -> Markup:
    """Show what was last measured of the champion that had to go."""
    if not found.canary:
        return NOTHING
    last = found.canary[-1]
    said = [one.message for one in found.canary]
    curve = Curve(
        lines=[Line("statistic", "evidence", [(one.pairs, one.statistic) for one in said])],
        levels=[("alarm", last.message.threshold)],
        upwards="M",
    )
    note = f"Measured last in {last.event}."
    return section("Canary", curve.drawn(), facts(_rows(last.message)), note=note)


def record(found: Collected) -> Markup:
    """Show every field of the record itself."""
    kind = found.audited.record.kind
    return section("The record", facts(_rows(found.audited.message)), note=kind)


def _places(found: Collected) -> list[tuple[str, Said]]:
    audited = found.audited
    places = [("this decision", Said(audited.lane, audited.record, audited.message))]
    if audited.begins.seq != audited.record.seq:
        places.append(("what it follows from begins", Said(audited.lane, audited.begins, None)))
    if found.evidence:
        places += [
            ("first evidence", found.evidence[0]),
            ("last evidence", found.evidence[-1]),
        ]
    if found.pairs:
        places += [("first pair", found.pairs[0]), ("last pair", found.pairs[-1])]
    if found.followed:
        places.append(("the trader followed", found.followed))
    return places


def _changed(earlier: Policy, later: Policy) -> Markup:
    names = sorted(earlier.values.keys() | later.values.keys())
    rows = [
        (name, earlier.values.get(name, "-"), later.values.get(name, "-"))
        for name in names
        if earlier.values.get(name) != later.values.get(name)
    ]
    return table(("setting", "before", "after"), rows)


def _outcome(said: Said) -> Markup:
    if said.kind in REFUSED:
        return element("span", "✗ refused", class_="fail")
    words = {"CommandTaken": "✓ taken", "CommandPending": "waits for a second signature"}
    return element("span", words.get(said.kind, said.kind))


def _keys(said: Said) -> str:
    """Return who signed: two keys where four eyes were asked for."""
    key = getattr(said.message, "key", None)
    names = ("first_key_id", "key_id", "by_key_id")
    keys = [_of(said, name) for name in names]
    keys.append(str(key.key_id) if key is not None else "")
    return ", ".join(one for one in keys if one)


def _of(said: Said, name: str) -> str:
    if isinstance(said.message, dict):
        return str(said.message.get(name, ""))
    return str(getattr(said.message, name, ""))


def _rows(message: Any) -> dict[str, Content]:  # noqa: ANN401 - a message of any kind
    """Return every field of a message by name; what it holds of others as its own rows."""
    rows: dict[str, Content] = {}
    for field in message.DESCRIPTOR.fields:
        value = getattr(message, field.name)
        nested = field.message_type
        if nested is not None and nested.GetOptions().map_entry:
            rows |= {f"{field.name}: {key}": _shown(one) for key, one in sorted(value.items())}
        elif nested is not None and field.is_repeated:
            continue  # findings have a table of their own
        elif nested is not None:
            rows |= {f"{field.name}.{key}": one for key, one in _rows(value).items()}
        elif field.name.endswith("_ms"):
            rows[field.name] = moment(value)
        elif field.is_repeated:
            rows[field.name] = ", ".join(map(str, value))
        else:
            rows[field.name] = _shown(value)
    return rows


def _shown(value: Any) -> Content:  # noqa: ANN401 - a scalar of a message
    return number(value) if isinstance(value, float) else str(value)
