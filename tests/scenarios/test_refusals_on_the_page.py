"""Every way in which a command is refused is recorded, and shown by the page of an audit."""

import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.signing import SIGNED
from kingmaker.kernel.lane import Draft, Lane
from kingmaker.runtime.audited import find
from kingmaker.runtime.history import decided, message_of
from kingmaker.runtime.memory_log import MemoryLog
from kingmaker.runtime.report.collect import collect
from kingmaker.runtime.report.page import page
from tests import people
from tests.histories.record import SLOT, Order, Story, lived, time_of
from tests.runtime.report.judged import identical
from tests.simulation.market import BAR_MS
from tests.simulation.world import message, said

PROMOTION = Lane("km.promotion.v1")
BAR = 30
ROLLBACK = "kingmaker.promotion.v1.Rollback"


def rollback(number: int, **changes: object) -> Draft:
    """Return a rollback that may act but for what is changed; signed by nobody."""
    time_ms = time_of(BAR)
    fields = {
        "command_id": f"x-{number}",
        "slot": SLOT,
        "actor": "ada",
        "reason": f"case {number}",
        "issued_at_ms": time_ms,
        "not_after_ms": time_ms + BAR_MS,
        **changes,
    }
    return message(ROLLBACK, **fields)


def forged() -> Draft:
    """Return a command whose bytes were changed after it was signed."""
    sealed = people.signed(rollback(2))
    envelope = message_class("kingmaker.governance.v1", SIGNED.rpartition(".")[2]).FromString(
        sealed.value
    )
    envelope.payload = rollback(2, reason="another").value  # type: ignore[attr-defined] # generated at run time
    return Draft(sealed.kind, envelope.SerializeToString())


REVOKED = people.key_of("ben")
SENT = (
    ("unsigned", rollback(1)),
    ("forged", forged()),
    ("expired", people.signed(rollback(3, not_after_ms=1))),
    ("of an unknown key", people.signed(rollback(4), people.EVE)),
    ("of a wrong role", people.signed(rollback(5), people.VIC)),
    ("stale", people.signed(rollback(6, expected_champion="v9.9.9-nobody"))),
    ("never champion", people.signed(rollback(7, to_version="v7.7.7-never"))),
    ("of a revoked key", people.signed(rollback(8), REVOKED)),
    ("bytes that are nothing", Draft(ROLLBACK, b"\xff\xff\xff")),
)


@pytest.fixture(scope="module")
def log() -> MemoryLog:
    time_ms = time_of(BAR)
    revoke = people.signed(
        message(
            "kingmaker.governance.v1.RevokeKey",
            command_id="revoke",
            key_id=REVOKED.key_id,
            actor="ada",
            reason="lost",
            issued_at_ms=time_ms,
            not_after_ms=time_ms + BAR_MS,
        )
    )
    drafts = [revoke, *(draft for _, draft in SENT)]
    first = people.signed(rollback(9, slot="cvar_ppo@one"))
    here = [
        said("promotion", 0, 100 + number, time_ms, draft)
        for number, draft in enumerate([*drafts, first, first])
    ]
    about = {"desk": "one", "actor": "opal", "reason": "a storm", "issued_at_ms": time_ms}
    orders = [
        message("kingmaker.risk.v1.Kill", command_id="stop", **about),
        message("kingmaker.risk.v1.Resume", command_id="go-on", **about),
    ]
    here += [
        said("risk", 0, number, time_ms, people.signed(order, people.OPAL))
        for number, order in enumerate(orders)
    ]
    story = Story(
        commands={20: [Order("DirectPromotion", {"slot": SLOT, "model": "v1.1.0-cloud"})]},
        bars=BAR + 2,
        offers=((3, "trained"),),
    )
    return lived(story, {time_ms: here})


def test_every_refusal_is_recorded_and_shown(log: MemoryLog) -> None:
    refused = [
        message_of(one) for one in decided(log, PROMOTION) if one.kind.endswith("CommandRefused")
    ]
    ids = [one.command_id for one in refused]
    assert {f"x-{number}" for number in (*range(1, 9), 9)} <= set(ids)
    found = collect(log, find(log, PROMOTION, "p-0010@one"))
    text = page(found, identical("p-0010@one"))
    for one in refused:
        assert f"<td>{one.command_id}</td>" in text
    assert text.count("✗ refused") == len(refused) + 2  # what could not be decoded, and a resume
    assert "km.InputRefused" in {record.kind for record in decided(log, PROMOTION)}
    assert "Nobody gave any" not in text


def test_a_kill_stands_there_and_the_resume_of_somebody_who_may_not(log: MemoryLog) -> None:
    found = collect(log, find(log, PROMOTION, "p-0010@one"))
    of_risk = [said for said in found.commands if said.lane == Lane("km.risk.v1")]
    assert [said.kind for said in of_risk] == ["CommandTaken", "ModeChanged", "CommandRefused"]
    text = page(found, identical("p-0010@one"))
    assert "wrong role: Resume asks for admin, opal is operator" in text
    assert "<td>stop</td>" in text
