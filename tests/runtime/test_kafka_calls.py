"""Calls that end by their deadline, whatever they do."""

import asyncio
import time

import pytest

from kingmaker.runtime.kafka.calls import Calls

DEADLINE_S = 0.1


async def stubborn() -> None:
    """Hang, and go on hanging when it is cancelled, as a producer's stop may."""
    while True:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            continue


async def answer(value: int) -> int:
    await asyncio.sleep(0)
    return value


def test_an_answer_is_returned_and_a_fault_raised() -> None:
    calls = Calls()
    assert calls.run(answer(7), DEADLINE_S) == 7

    async def fail() -> None:
        raise ValueError("seven")

    with pytest.raises(ValueError, match="seven"):
        calls.run(fail(), DEADLINE_S)
    calls.close([], DEADLINE_S)


def test_what_hangs_is_left_behind_and_others_go_on() -> None:
    calls = Calls()
    with pytest.raises(TimeoutError):
        calls.run(stubborn(), DEADLINE_S)
    assert calls.run(answer(8), DEADLINE_S) == 8
    began = time.monotonic()
    calls.close([stubborn(), stubborn(), answer(9)], DEADLINE_S)
    assert time.monotonic() - began < 10.0
