"""The words between a process and its child that runs models: lengths and bytes, no pickle.

frame     4 bytes length, then the content; both ways
request   1 byte word, then what belongs to it; each is answered by one frame
"""

import os
import select
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass

LENGTH = struct.Struct("<I")
FRAME_BYTES_MAX = 256 << 20
DIGEST_BYTES = 32
CHUNK_BYTES = 1 << 16
PROGRESS_BYTES = 4  # of memory that both sides see: 0, or the number of a question from 1

LOAD, UNLOAD, ASK, EXAMINE = b"L", b"U", b"A", b"E"
_QUESTION = struct.Struct(f"<{DIGEST_BYTES}sHII")  # model, rows, bytes of a row, of a revision
_REPLY = struct.Struct("<BII")  # whether it is a fault, bytes, microseconds
MICROSECONDS_MAX = 2**32 - 1  # over an hour


class LateError(Exception):
    """The other side neither read nor wrote in time."""


class ClosedError(Exception):
    """The other side is gone."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A question as bytes: rows to be fed through a graph in this order, by one revision of it."""

    digest: str
    rows: tuple[bytes, ...]
    revision: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer's bytes, or why there is none; `latency_us` of an answer is at least 1."""

    content: bytes
    is_fault: bool = False
    latency_us: int = 0


def encode_questions(questions: Sequence[Packed]) -> bytes:
    """Return one message that asks them all."""
    parts = [ASK]
    for question in questions:
        rows = question.rows
        revision = question.revision
        sizes = (len(rows), len(rows[0]), len(revision))
        parts += (_QUESTION.pack(bytes.fromhex(question.digest), *sizes), *rows, revision)
    return b"".join(parts)


def decode_questions(content: memoryview) -> list[Packed]:
    """Return the questions of a message, its first byte taken off."""
    questions: list[Packed] = []
    place = 0
    while place < len(content):
        digest, count, size, revised = _QUESTION.unpack_from(content, place)
        place += _QUESTION.size
        rows = tuple(
            bytes(content[at : at + size]) for at in range(place, place + count * size, size)
        )
        place += count * size
        revision = bytes(content[place : place + revised])
        place += revised
        questions.append(Packed(digest.hex(), rows, revision))
    return questions


def encode_replies(replies: Sequence[Reply]) -> bytes:
    """Return the replies, in the order of the questions."""
    parts: list[bytes] = []
    for reply in replies:
        latency_us = min(reply.latency_us, MICROSECONDS_MAX)
        parts += (_REPLY.pack(reply.is_fault, len(reply.content), latency_us), reply.content)
    return b"".join(parts)


def decode_replies(content: bytes) -> list[Reply]:
    """Return the replies of a message."""
    replies: list[Reply] = []
    place = 0
    while place < len(content):
        is_fault, size, latency_us = _REPLY.unpack_from(content, place)
        place += _REPLY.size
        replies.append(Reply(content[place : place + size], bool(is_fault), latency_us))
        place += size
    return replies


def encode_parts(parts: Sequence[bytes]) -> bytes:
    """Return several byte strings as one: each follows its length."""
    return b"".join(piece for part in parts for piece in (LENGTH.pack(len(part)), part))


def decode_parts(content: memoryview) -> list[bytes]:
    """Return what `encode_parts` was given."""
    parts: list[bytes] = []
    place = 0
    while place < len(content):
        (size,) = LENGTH.unpack_from(content, place)
        place += LENGTH.size
        parts.append(bytes(content[place : place + size]))
        place += size
    return parts


class Pipe:
    """Two descriptors: frames go out and come in, each within a time."""

    def __init__(self, read_from: int, write_to: int) -> None:
        """Use these descriptors; they stay the caller's."""
        self._in, self._out = read_from, write_to
        os.set_blocking(write_to, False)
        os.set_blocking(read_from, False)
        self._readable, self._writable = select.poll(), select.poll()
        self._readable.register(read_from, select.POLLIN)
        self._writable.register(write_to, select.POLLOUT)

    def send(self, content: bytes, until: float) -> None:
        """Write one frame by the time `until` (monotonic seconds). Raise LateError, ClosedError."""
        assert len(content) <= FRAME_BYTES_MAX, "a frame is bounded"
        rest = memoryview(LENGTH.pack(len(content)) + content)
        while rest:
            try:
                rest = rest[os.write(self._out, rest) :]
            except BlockingIOError:
                _wait(self._writable, until)
            except BrokenPipeError as error:
                raise ClosedError from error

    def receive(self, until: float) -> bytes:
        """Read one frame by the time `until`; infinity waits for ever. Raise as `send`.

        Each side writes only after the other has answered, so no frame follows unasked.
        """
        content = self._read(until)
        while len(content) < LENGTH.size:
            content += self._read(until)
        (size,) = LENGTH.unpack_from(content)
        if size > FRAME_BYTES_MAX:
            raise ClosedError(f"a frame of {size} bytes")
        parts, missing = [content], size + LENGTH.size - len(content)
        while missing > 0:
            parts.append(self._read(until))
            missing -= len(parts[-1])
        return (parts[0] if len(parts) == 1 else b"".join(parts))[LENGTH.size :]

    def _read(self, until: float) -> bytes:
        while True:
            _wait(self._readable, until)
            try:
                part = os.read(self._in, CHUNK_BYTES)
            except BlockingIOError:
                continue
            if not part:
                raise ClosedError
            return part


def _wait(poll: select.poll, until: float) -> None:
    left = until - time.monotonic()
    if left <= 0:
        raise LateError
    poll.poll(None if left == float("inf") else left * 1000.0)
