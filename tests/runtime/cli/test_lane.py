"""A record that nobody can read stops its reader; an admin signs, and the reader goes on."""

import json

import pytest

from kingmaker.kernel.host import INPUT_SKIPPED
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import UndecodableError
from kingmaker.runtime.assembly import Parts, open_kingdom
from kingmaker.runtime.cli.exits import Exit
from kingmaker.runtime.cli.opening import remembered_desks
from kingmaker.runtime.history import accepted
from kingmaker.runtime.home import Home
from kingmaker.runtime.redecide import Redecision
from kingmaker.runtime.services import build_services
from kingmaker.runtime.sqlite_log import SqliteLog
from tests.runtime.cli.conftest import Call
from tests.runtime.poisoned import LEARNERS, poison

REGISTRY = Lane("km.registry.v1")


def settle(home: Home) -> None:
    """Let a kingdom of this home go on until nothing moves."""
    parts = Parts(remembered_desks(home), lambda _service, _desk: {}, 0, channels={})
    with open_kingdom(home, parts) as kingdom:
        kingdom.begin(kingdom.now_ms)


def skipped(home: Home) -> list[dict[str, object]]:
    """Return what the registry says it passed over."""
    log = SqliteLog(home.log, home.incarnation(), read_only=True)
    found = [json.loads(r.value) for r in accepted(log, REGISTRY) if r.kind == INPUT_SKIPPED]
    log.close()
    return found


def test_the_reader_stops_and_names_the_remedy_which_works_and_is_recorded(
    call: Call, own: Home
) -> None:
    record = poison(own, remembered_desks(own))
    with pytest.raises(UndecodableError, match=r"kingmaker lane skip registry km\.learners\.v1/0"):
        settle(own)
    place, why = (str(LEARNERS), str(record.seq)), ("--reason", "a bad write", "--yes")
    told = call("lane", "skip", "registry", *place, *why, home=own)
    assert told.code == Exit.FAILED
    assert "kingmaker lane skip risk" in told.err  # it reads that lane too
    told = call("lane", "skip", "risk", *place, *why, home=own)
    assert told.code == Exit.DONE, told.err
    assert record.hash in told.err
    [row] = skipped(own)
    assert (row["seq"], row["hash"], row["reason"]) == (record.seq, record.hash, "a bad write")
    settle(own)
    assert len(skipped(own)) == 1
    audit = call("audit", "verify", home=own)
    assert audit.code == Exit.DONE, audit.err


def test_the_registry_decided_anew_passes_over_the_same_record(call: Call, own: Home) -> None:
    desks = remembered_desks(own)
    record = poison(own, desks)
    place = ("registry", str(LEARNERS), str(record.seq))
    call("lane", "skip", *place, "--reason", "a bad write", "--yes", home=own)
    log = SqliteLog(own.log, own.incarnation(), read_only=True)
    registry = next(s for s in build_services(desks) if s.name == "registry")
    assert Redecision(registry, log).run() is None
    log.close()


def test_who_is_no_admin_changes_nothing(call: Call, own: Home) -> None:
    record = poison(own, remembered_desks(own))
    made = call("key", "new", "opal", "--role", "operator", "--reason", "r", home=own)
    # No command acts while the record stands there; the exceptions do, before anybody goes on.
    assert made.code == Exit.FAILED
    assert "kingmaker lane skip registry" in made.err
    place = ("registry", str(LEARNERS), str(record.seq))
    key = ("--key", str(own.path / "keys" / "opal.pem"))
    refused = call("lane", "skip", *place, "--reason", "r", "--yes", *key, home=own)
    assert refused.code == Exit.FAILED
    assert skipped(own) == []


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (("nobody", "km.learners.v1/0", "1"), "is no service"),
        (("feed", "km.learners.v1/0", "1"), "does not read"),
        (("registry", "km.nothing.v1/0", "1"), "is no lane here"),
        (("registry", "km.learners.v1", "1"), "is no lane here"),
        (("registry", "km.learners.v1/0", "999999"), "has no record 999999"),
        (("registry", "km.learners.v1/0", "0"), "nothing to pass over"),
    ],
)
def test_what_makes_no_sense_is_said_before_anybody_signs(
    call: Call, crowned: Home, place: tuple[str, str, str], said: str
) -> None:
    told = call("lane", "skip", *place, "--reason", "r", "--yes", home=crowned)
    assert told.code in (Exit.USAGE, Exit.NO)
    assert said in told.err
