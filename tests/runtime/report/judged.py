"""A trial that the production shadow and promotion judged, as a page finds it in the log."""

from collections.abc import Mapping
from typing import Any

from kingmaker.contracts.codec import message_class
from kingmaker.kernel.lane import Draft, Lane, Record
from kingmaker.promotion import service as promotion
from kingmaker.runtime.audit import LEVELS, Report
from kingmaker.runtime.audited import Audited, Policy, Reign
from kingmaker.runtime.report.collect import Collected, Said
from kingmaker.shadow import service as shadow
from kingmaker.shadow.domain import Side
from tests.scenarios import courtroom

PROMOTION, SHADOW, TRADER = (Lane(f"km.{name}.v1") for name in ("promotion", "shadow", "trader"))
HOSTILE = "<script>alert(\"x\")</script> & 'so on' <img src=https://example.com/x>"


def pairs(count: int) -> list[courtroom.Pair]:
    """Return pairs in which the challenger is plainly better."""
    return [
        (Side(0.001 * (-1) ** n, 1, n % 2), Side(0.004 + 0.002 * (-1) ** n, 1, 1))
        for n in range(count)
    ]


def record(lane: Lane, seq: int, draft: Draft) -> Record:
    """Return a record as a log holds it."""
    return Record(
        1, lane.topic, seq, "f" * 64, 0, 1, draft.kind, draft.value, b"", 1_700_000_000_000
    )


def said(lane: Lane, seq: int, event: Any, package: str) -> Said:  # noqa: ANN401 - any event
    """Return an event of a service as a page reads it."""
    seat = promotion.build([courtroom.DESK], 0).events
    codec = shadow.build([courtroom.DESK], 0).events if package == "shadow" else seat
    draft = codec.encode(event)
    where, _, name = draft.kind.rpartition(".")
    return Said(lane, record(lane, seq, draft), message_class(where, name).FromString(draft.value))


def message(kind: str, **fields: object) -> Any:  # noqa: ANN401 - of any kind
    """Return a message of the wire."""
    package, _, name = kind.rpartition(".")
    return message_class(f"kingmaker.{package}", name)(**fields)


def found(policy: Mapping[str, str] | None = None) -> Collected:
    """Return a coronation with everything that a page shows; texts that people gave are hostile."""
    verdict = courtroom.try_challenger(pairs(400), policy=policy)
    assert verdict.crowned
    assert verdict.evidence
    opened = said(PROMOTION, 3, verdict.opened, "promotion")
    crowned = said(PROMOTION, 9, verdict.crowned, "promotion")
    evidence = said(SHADOW, 20, verdict.evidence, "shadow")
    refused = message(
        "promotion.v1.CommandRefused", command_id="c-1", command="Rollback", reason=HOSTILE
    )
    draft = Draft("kingmaker.promotion.v1.CommandRefused", refused.SerializeToString())
    registered = message(
        "registry.v1.ModelRegistered", slot=courtroom.SLOT, model="v1.1.0-trained", source=HOSTILE
    )
    audited = Audited(
        name=verdict.crowned.promotion,
        lane=PROMOTION,
        record=crowned.record,
        message=crowned.message,
        begins=opened.record,
        opened=opened.message,
        before=Reign(courtroom.SLOT, 1, "v1.0.0-bootstrap", "p-0001@nulls", opened.record),
        policies=(Policy(1, "a" * 64, {"x": "1"}), Policy(5, "b" * 64, {"x": "2"})),
        release="0.1.0",
    )
    return Collected(
        audited,
        evidence=[evidence],
        verdict=crowned,
        models=[Said(Lane("km.registry.v1"), evidence.record, registered)],
        commands=[Said(PROMOTION, record(PROMOTION, 8, draft), refused)],
    )


def identical(name: str) -> Report:
    """Return the report of an audit that found every bit the same."""
    return Report(name, LEVELS[-1], notes=["what was compared"], events=9)
