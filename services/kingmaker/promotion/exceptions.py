"""Records that a service may pass over, though it cannot decode them: a person signs for each."""

from collections.abc import Sequence

from kingmaker.contracts.topics import event_topic
from kingmaker.governance.orders import RefusedError
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Skip
from kingmaker.promotion.authority import Order
from kingmaker.promotion.domain import Event, State
from kingmaker.promotion.heard import SkipInput
from kingmaker.promotion.said import SkipAllowed

SKIPS_MAX = 1_000
HASH_DIGITS = frozenset("0123456789abcdef")
HASH_LENGTH = 64


def allow(state: State, command: SkipInput, order: Order) -> Sequence[Event]:
    """Let one service pass over one record, named by place and hash."""
    if not (command.service and command.topic == f"km.{command.topic[3:-3]}.v1"):
        raise RefusedError("name the service that is stopped, and the topic of events: km.feed.v1")
    if len(command.hash) != HASH_LENGTH or not HASH_DIGITS.issuperset(command.hash):
        raise RefusedError("hash is that of the record: 64 hexadecimal digits")
    if min(command.index, command.lane, command.seq) < 0:
        raise RefusedError("index, lane and seq are not negative")
    allowed = _allowed(command, order)
    if any(_place(one) == _place(allowed) for one in state.skips):
        raise RefusedError("this record may be passed over already")
    if len(state.skips) >= SKIPS_MAX:
        raise RefusedError(f"{SKIPS_MAX} records may be passed over, and that is the end")
    return (allowed,)


def allowed_by(state: State) -> Sequence[Skip]:
    """Return what this state lets other services pass over."""
    return [
        Skip(
            reader=Lane(event_topic(one.service), one.index),
            lane=Lane(one.topic, one.lane),
            seq=one.seq,
            hash=one.hash,
            actor=one.actor,
            reason=one.reason,
            command_id=one.command_id,
            key_id=one.key_id,
            payload=one.payload,
            signature=one.signature,
        )
        for one in state.skips
    ]


def _allowed(command: SkipInput, order: Order) -> SkipAllowed:
    return SkipAllowed(
        service=command.service,
        index=command.index,
        topic=command.topic,
        lane=command.lane,
        seq=command.seq,
        hash=command.hash,
        actor=command.actor,
        reason=command.reason,
        command_id=command.command_id,
        key_id=order.key.key_id,
        payload=order.signed.payload,
        signature=order.signed.signature,
        time_ms=order.now_ms,
    )


def _place(allowed: SkipAllowed) -> tuple[str, int, str, int, int, str]:
    return (
        allowed.service,
        allowed.index,
        allowed.topic,
        allowed.lane,
        allowed.seq,
        allowed.hash,
    )
