"""Ten thousand garbled commands stop nothing: the real promotion answers each, and goes on."""

import random

from kingmaker.contracts.desks import Desk
from kingmaker.contracts.signing import SIGNED
from kingmaker.kernel.host import INPUT_REFUSED, Host
from kingmaker.kernel.lane import Draft, Lane, Record
from kingmaker.kernel.service import Input
from kingmaker.promotion import service
from tests import people
from tests.services.promotion.story import (
    CODEC,
    START_MS,
    approve,
    direct,
    freeze,
    key_named,
    replace_trial,
    revoke_key,
    rollback,
    skip_input,
    thaw,
    trust_key,
    veto,
)

COMMANDS, KEYS = Lane("km.promotion.commands.v1"), Lane("km.promotion.keys.v1")
FUZZED = 10_000
KINDS = (
    SIGNED,
    *CODEC.kinds,
    "kingmaker.governance.v1.ApplyKeys",
    "kingmaker.policy.v1.ApplyPolicy",
)
ANSWERS = {
    INPUT_REFUSED,
    "kingmaker.promotion.v1.CommandRefused",
    "kingmaker.promotion.v1.CommandTaken",
}
SOUND = tuple(
    people.signed(CODEC.encode(command))
    for command in (
        *(rollback(), freeze(), thaw(), direct(), approve(), veto(), replace_trial()),
        *(trust_key("k", key_named("cy", "viewer")), revoke_key("r", people.VIC.key_id)),
        skip_input(),
    )
)


def started(log: list[Record]) -> "Host[object, object, object, object]":
    """Return the production promotion under its host, what `log` tells folded."""
    host: Host[object, object, object, object] = Host(service.build([Desk("d", 0)], 0), "fuzz")  # type: ignore[arg-type] # of any state
    for record in log:
        host.replay(record)
    host.take_over("test")
    accept(host, log)
    return host


def accept(host: "Host[object, object, object, object]", log: list[Record]) -> list[str]:
    """Append what is ready; return its kinds."""
    records = host.ready()
    log.extend(records)
    host.advance()
    return [record.kind for record in records]


def garbled(draw: random.Random) -> Draft:
    """Return a sound command with some bytes changed, cut or added; or mere noise."""
    sound = draw.choice(SOUND)
    content = bytearray(sound.value)
    match draw.randrange(5):
        case 0:
            return Draft(draw.choice(KINDS), draw.randbytes(draw.randrange(120)))
        case 1:
            del content[draw.randrange(len(content)) :]
        case 2:
            at = draw.randrange(len(content))
            content[at:at] = draw.randbytes(draw.randrange(1, 9))
        case _:
            for _ in range(draw.randrange(1, 6)):
                content[draw.randrange(len(content))] = draw.randrange(256)
    return Draft(draw.choice((sound.kind, sound.kind, draw.choice(KINDS))), bytes(content))


def test_garbled_commands_are_each_refused_on_record_and_stop_nothing() -> None:
    draw = random.Random(4)  # noqa: S311 - a test, not secrets
    log: list[Record] = []
    host = started(log)
    keys = people.apply_keys()
    assert host.consume(Input(KEYS, 0, keys.kind, keys.value, time_ms=START_MS))
    host.decide({})
    accept(host, log)
    trusted = host.state_hash
    for number in range(FUZZED):
        draft = garbled(draw)
        if draft in SOUND:
            continue
        item = Input(COMMANDS, number, draft.kind, draft.value, time_ms=START_MS)
        if host.consume(item):
            host.decide({})
        kinds = set(accept(host, log))
        assert kinds <= ANSWERS - {"kingmaker.promotion.v1.CommandTaken"}, (draft, kinds)
        assert kinds, draft
    assert host.state_hash == trusted
    again = started(list(log))
    assert again.state_hash == trusted


def test_after_them_a_sound_command_acts() -> None:
    draw = random.Random(5)  # noqa: S311 - a test, not secrets
    log: list[Record] = []
    host = started(log)
    keys = people.apply_keys()
    assert host.consume(Input(KEYS, 0, keys.kind, keys.value, time_ms=START_MS))
    host.decide({})
    drafts = [garbled(draw) for _ in range(100)]
    drafts += [people.signed(CODEC.encode(freeze("desk-1")))]
    for number, draft in enumerate(drafts):
        if host.consume(Input(COMMANDS, number, draft.kind, draft.value, time_ms=START_MS)):
            host.decide({})
    assert accept(host, log)[-2:] == [
        "kingmaker.promotion.v1.CommandTaken",
        "kingmaker.promotion.v1.Frozen",
    ]
