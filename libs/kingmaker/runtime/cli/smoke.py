"""`kingmaker up --smoke`: proves in less than a minute that every part works.

Shipped bars through all services, a registration, a coronation by command (stamped: no evidence),
a rollback. No network, no orders, nothing left behind.
"""

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import COMPONENTS, Desk, slot_of
from kingmaker.contracts.signing import seal
from kingmaker.contracts.topics import command_topic
from kingmaker.kernel.lane import Draft, Lane
from kingmaker.kernel.service import Step
from kingmaker.runtime import keyring
from kingmaker.runtime.assembly import Parts, open_kingdom
from kingmaker.runtime.bars import open_bars
from kingmaker.runtime.cli.exits import Exit
from kingmaker.runtime.cli.output import Form, note, one
from kingmaker.runtime.home import Home
from kingmaker.runtime.inbox import Inbox
from kingmaker.runtime.kingdom import Kingdom, Row
from kingmaker.runtime.models.bundle import Bundle
from kingmaker.runtime.models.shipped import shipped
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.settings import DeskSettings, Settings
from kingmaker.runtime.settings_policy import policy_values

DESK = "smoke"
COMPONENT = "online_learning"
SLOT = slot_of(COMPONENT, DESK)
BARS = 1_200
BARS_A_STEP = 100
ACTOR = "smoke"

DESKS = (DeskSettings(name=DESK, files=("sample:BTCUSDT_5m_2025_03.csv.gz",), interval="5m"),)


@dataclass(slots=True)
class Seen:
    """What the log said, by kind of event; the last of each."""

    counts: dict[str, int] = field(default_factory=dict)
    last: dict[str, Any] = field(default_factory=dict)

    def show(self, _lane: Lane, step: Step[Any]) -> None:
        """Take an accepted step."""
        for event in step.events:
            name = type(event).__name__
            self.counts[name] = self.counts.get(name, 0) + 1
            self.last[name] = event


class NotSeenError(Exception):
    """A part did not do what it should; the message names it."""


def smoke(form: Form) -> int:
    """Run; exit 0 if every part did its work, 1 with the part that did not."""
    began = time.monotonic()
    seen = Seen()
    fault = ""
    with tempfile.TemporaryDirectory(prefix="kingmaker-smoke-") as folder:
        try:
            play(Home(Path(folder) / "home"), seen)
        except Exception as error:  # noqa: BLE001 - whatever breaks here is what is asked for
            fault = f"{type(error).__name__}: {error}"
    seconds = round(time.monotonic() - began, 1)
    answer = {"ok": not fault, "fault": fault, "seconds": seconds, "events": seen.counts}
    told = f"smoke: {fault}" if fault else f"smoke: every part works. {seconds:.1f} s"
    one(answer, [told], form)
    return Exit.FAILED if fault else Exit.DONE


def play(home: Home, seen: Seen, acts: int | None = None) -> None:
    """Play all acts in `home`, or the first few. Raise if a part did not do its work."""
    settings = Settings(home=home.path, desks=DESKS)
    bars = open_bars(settings)
    rows = islice(bars.rows(), BARS)
    parts = Parts(
        desks=(Desk(DESK, 0),),
        policy_of=lambda service, desk: policy_values(
            settings, service, desk.name if desk else None
        ),
        begins_ms=bars.first_open_ms,
        show=seen.show,
        channels={},
    )
    with ExitStack() as stack:
        kingdom = stack.enter_context(open_kingdom(home, parts))
        inbox = Inbox(home.inbox)
        stack.callback(inbox.close)
        kingdom.begin(bars.first_open_ms)
        for act in _acts(home, seen)[:acts]:
            _play(kingdom, rows)
            if act.command is not None:
                command = act.command(kingdom.now_ms)
                if act.service == "promotion":
                    command = seal(keyring.read_key(keyring.own_file(home)), command)
                inbox.put(Lane(command_topic(act.service)), command)
            _play(kingdom, rows)
            _check(act, seen)


@dataclass(frozen=True, slots=True)
class _Act:
    """One part of the proof: what is asked of whom, and what must have been said afterwards."""

    part: str
    awaited: str
    count: int = 1
    service: str = ""
    command: Callable[[int], Draft] | None = None  # of the market time


def _acts(home: Home, seen: Seen) -> tuple[_Act, ...]:
    nine = len(COMPONENTS)
    return (
        _Act("nine champions act", "ChampionActivated", nine),
        _Act("opportunities are decided and resolved", "OpportunityResolved"),
        _Act("a model is registered", "ChallengerWarmed", 1, "registry", partial(_offer, home)),
        _Act("evidence is measured", "EvidenceMeasured"),
        _Act(
            "a coronation by command, stamped: no evidence",
            *("ChampionActivated", nine + 1, "promotion", partial(_promote, seen)),
        ),
        _Act("a rollback", "ChampionActivated", nine + 2, "promotion", _rollback),
    )


def _check(act: _Act, seen: Seen) -> None:
    found = seen.counts.get(act.awaited, 0)
    if found < act.count:
        said = f"{act.part}: {found} of {act.count} {act.awaited} came {_refusal(seen)}"
        raise NotSeenError(said.strip())
    note(f"   ✓ {act.part}")


def _play(kingdom: Kingdom, rows: Iterator[Row]) -> None:
    for _ in kingdom.play(islice(rows, BARS_A_STEP)):
        pass


def _offer(home: Home, now_ms: int) -> Draft:
    """Put a bundle that decides as the shipped one, in other bytes, and offer it."""
    bundle = _variant(shipped()[COMPONENT])
    digest = ArtifactStore(home.artifacts).put(bundle)
    fields = {"digest": digest, "size_bytes": len(bundle.model), "origin": "converted"}
    return _command("registry", "OfferModel", now_ms, **fields)


def _promote(seen: Seen, now_ms: int) -> Draft:
    return _command(
        "promotion", "DirectPromotion", now_ms, model=seen.last["ChallengerWarmed"].model
    )


def _rollback(now_ms: int) -> Draft:
    return _command("promotion", "Rollback", now_ms)


def _command(service: str, name: str, now_ms: int, **fields: Any) -> Draft:  # noqa: ANN401 - fields of any message
    package = f"kingmaker.{service}.v1"
    cls = message_class(package, name)
    known = {descriptor.name for descriptor in cls.DESCRIPTOR.fields}
    shared = {"command_id": f"smoke-{name}", "slot": SLOT, "actor": ACTOR, "reason": "smoke"}
    times = {"issued_at_ms": now_ms, "time_ms": now_ms}
    content = {**shared, **{key: at for key, at in times.items() if key in known}, **fields}
    return Draft(f"{package}.{name}", cls(**content).SerializeToString(deterministic=True))


def _variant(bundle: Bundle) -> Bundle:
    import onnx  # noqa: PLC0415 - costs only this command

    model = onnx.load_from_string(bundle.model)
    model.doc_string = "smoke"
    content = model.SerializeToString(deterministic=True)
    manifest = json.loads(bundle.manifest)
    manifest["sha256"] = sha256(content).hexdigest()
    return Bundle(content, bundle.golden, json.dumps(manifest).encode())


def _refusal(seen: Seen) -> str:
    """Return what was refused last, if anything was."""
    for name in ("CommandRefused", "ModelRefused", "CandidateRefused"):
        if name in seen.last:
            return f"({name}: {seen.last[name].reason})"
    return ""
