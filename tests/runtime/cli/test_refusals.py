"""Every command that may not act is refused, recorded, listed, and shown by the audit report."""

from pathlib import Path

from kingmaker.contracts.signing import SigningKey, seal
from kingmaker.kernel.lane import Draft, Lane
from kingmaker.runtime import keyring
from kingmaker.runtime.assembly import Parts, open_kingdom
from kingmaker.runtime.cli.exits import Exit
from kingmaker.runtime.cli.opening import remembered_desks
from kingmaker.runtime.home import Home
from tests.people import EVE
from tests.runtime.cli.conftest import Call
from tests.runtime.cli.test_command import ask_two
from tests.simulation.world import message

WHY = ("--reason", "a test")
PACKAGE = "kingmaker.promotion.v1"
LONG_MS = 2**50  # of the market time of a home that plays old bars


def order(name: str, command_id: str, not_after_ms: int = LONG_MS, **fields: str) -> Draft:
    words = {"actor": "ada", "reason": "a test", "command_id": command_id}
    times = {"issued_at_ms": min(LONG_MS, not_after_ms), "not_after_ms": not_after_ms}
    return message(f"{PACKAGE}.{name}", **words, **times, **fields)


def send(home: Home, *drafts: Draft) -> None:
    """Let promotion hear these, one after the other."""
    parts = Parts(remembered_desks(home), lambda _service, _desk: {}, 0, channels={})
    with open_kingdom(home, parts) as kingdom:
        for draft in drafts:
            kingdom.send(Lane("km.promotion.commands.v1"), draft)
        kingdom.deliver()


def made(call: Call, home: Home, name: str, role: str) -> SigningKey:
    told = call("key", "new", name, "--role", role, *WHY, "-o", "json", home=home)
    return keyring.read_key(Path(told.json["file"]))


def test_nine_ways_in_which_a_command_may_not_act(call: Call, own: Home, tmp_path: Path) -> None:
    ask_two(own)  # freezes
    ada = keyring.read_key(keyring.own_file(own))
    vic, opal = made(call, own, "vic", "viewer"), made(call, own, "opal", "operator")
    call("key", "revoke", opal.key_id, *WHY, home=own)
    slot = call("champion", "history", "-o", "json", home=own).json[0]["slot"]
    back = order("Rollback", "sound", slot=slot)
    freeze = seal(ada, order("Freeze", "two", scope="desk"))
    forged = seal(ada, order("Rollback", "forged", slot=slot))
    send(
        own,
        order("Rollback", "unsigned", slot=slot),
        Draft(forged.kind, forged.value[:-1] + bytes([forged.value[-1] ^ 1])),
        seal(ada, order("Rollback", "expired", 1, slot=slot)),
        *(seal(ada, back), seal(ada, back)),
        seal(vic, order("Rollback", "viewer", slot=slot)),
        *(freeze, freeze),
        seal(EVE, order("Rollback", "stranger", slot=slot)),
        seal(opal, order("Rollback", "revoked", slot=slot)),
        seal(ada, order("Rollback", "never", slot=slot, to_version="v9")),
    )
    refused = call("command", "ls", "refused", "-o", "json", home=own).json
    beginnings = {row["command_id"]: row["reason"].partition(" ")[0] for row in refused}
    assert beginnings == {
        "unsigned": "unsigned:",
        "forged": "forged:",
        "expired": "expired:",
        "sound": "repeated:",
        "viewer": "wrong",
        "two": "same",
        "stranger": "unknown",
        "revoked": "revoked",
        "never": "v9",
    }
    assert all(row["actor"] == "ada" for row in refused)
    assert {row["command_id"] for row in refused if not row["key_id"]} == {"unsigned"}
    assert shown_in_the_report(call, own, tmp_path, [row["event"] for row in refused])


def shown_in_the_report(call: Call, home: Home, folder: Path, events: list[str]) -> bool:
    """Tell whether the page shows exactly these refusals."""
    page = folder / "report.html"
    promotion = call("champion", "history", "-o", "json", home=home).json[0]["promotion"]
    assert call("audit", "report", promotion, "--out", str(page), home=home).code == Exit.DONE
    html = page.read_text(encoding="utf-8")
    return html.count("✗ refused") == len(events) and all(event in html for event in events)
