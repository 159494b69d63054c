"""Frames between processes: what goes in comes out, and a silent or dead peer is noticed."""

import os
import threading
import time
from collections.abc import Iterator

import pytest

from kingmaker.runtime.models.frames import (
    FRAME_BYTES_MAX,
    LENGTH,
    MICROSECONDS_MAX,
    ClosedError,
    LateError,
    Packed,
    Pipe,
    Reply,
    decode_parts,
    decode_questions,
    decode_replies,
    encode_parts,
    encode_questions,
    encode_replies,
)

FOREVER = float("inf")


@pytest.fixture
def loop() -> Iterator[Pipe]:
    """Yield a pipe that reads what it writes."""
    read_from, write_to = os.pipe()
    yield Pipe(read_from, write_to)
    os.close(read_from)
    os.close(write_to)


def test_a_peer_that_does_not_write_is_late(loop: Pipe) -> None:
    with pytest.raises(LateError):
        loop.receive(time.monotonic())


def test_a_peer_that_does_not_read_is_late(loop: Pipe) -> None:
    with pytest.raises(LateError):
        loop.send(bytes(1 << 20), time.monotonic())


def test_a_peer_that_is_gone_is_noticed_by_reader_and_writer() -> None:
    read_from, write_to = os.pipe()
    pipe = Pipe(read_from, os.dup(write_to))
    os.write(write_to, LENGTH.pack(100) + b"cut short")
    os.close(write_to)
    os.close(pipe._out)
    with pytest.raises(ClosedError):
        pipe.receive(FOREVER)
    os.close(read_from)
    read_from, write_to = os.pipe()
    pipe = Pipe(read_from, write_to)
    os.close(read_from)
    with pytest.raises(ClosedError):
        pipe.send(b"x", FOREVER)
    os.close(write_to)


def test_a_frame_without_end_is_refused(loop: Pipe) -> None:
    os.write(loop._out, LENGTH.pack(FRAME_BYTES_MAX + 1))
    with pytest.raises(ClosedError):
        loop.receive(FOREVER)


@pytest.mark.parametrize("size", [0, 1, 1 << 16, (1 << 20) + 3])
def test_a_frame_of_any_size_arrives_whole(loop: Pipe, size: int) -> None:
    content = bytes(n % 251 for n in range(size))
    sender = threading.Thread(target=loop.send, args=(content, FOREVER))
    sender.start()
    assert loop.receive(FOREVER) == content
    sender.join()


def test_a_length_that_arrives_in_pieces_is_understood(loop: Pipe) -> None:
    frame = LENGTH.pack(3) + b"abc"

    def drip() -> None:
        for byte in frame:
            os.write(loop._out, bytes([byte]))

    sender = threading.Thread(target=drip)
    sender.start()
    assert loop.receive(FOREVER) == b"abc"
    sender.join()


def test_questions_replies_and_parts_come_back_as_they_were() -> None:
    questions = [Packed("a" * 64, (b"1234", b"5678")), Packed("b" * 64, (b"123456789",))]
    assert decode_questions(memoryview(encode_questions(questions))[1:]) == questions
    replies = [Reply(b"\x00" * 8), Reply(b"why", is_fault=True), Reply(b"")]
    assert decode_replies(encode_replies(replies)) == replies
    parts = [b"", b"x", bytes(1000)]
    assert decode_parts(memoryview(encode_parts(parts))) == parts


def test_a_reply_that_took_more_than_an_hour_says_an_hour() -> None:
    [reply] = decode_replies(encode_replies([Reply(b"1", latency_us=2**40)]))
    assert reply == Reply(b"1", latency_us=MICROSECONDS_MAX)
