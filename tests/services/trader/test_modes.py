"""A killed desk: the account opens nothing, what is open runs out or is closed, trials go on."""

from typing import TYPE_CHECKING

import pytest

from kingmaker.trader.heard import BarClosed, GuardChanged, ModeChanged
from kingmaker.trader.said import (
    EntryBarred,
    GuardFollowed,
    ModeFollowed,
    OpportunityDecided,
    OpportunityResolved,
    PairResolved,
    PositionClosed,
    PositionOpened,
)
from kingmaker.trader.state import Account
from tests.services.trader.desk import Rig, reigning, tried, walk

if TYPE_CHECKING:
    from kingmaker.trader.domain import Event

WALK = list(walk(500))
ACCOUNT = (PositionOpened, PositionClosed, EntryBarred, ModeFollowed, GuardFollowed)


def kill(number: int = 1, *, flatten: bool = False) -> ModeChanged:
    return ModeChanged(number, "killed", flatten, 7)


def resume(number: int = 2) -> ModeChanged:
    return ModeChanged(number, "normal", flatten=False, time_ms=7)


REDUCED = GuardChanged(1, "reduced", 0.5, 7)
PAUSED = GuardChanged(2, "paused", 0.0, 7)


def until(rig: Rig, account: Account) -> list[BarClosed]:
    """Play until the account stands so in an open opportunity; return the bars that are left."""
    rest = list(WALK)
    while not any(item.account is account for item in rig.state.open):
        rig.hear(rest.pop(0))
    return rest


def test_who_is_killed_opens_nothing_and_says_so_for_every_signal_that_was_taken() -> None:
    rig = reigning()
    rest = until(rig, Account.OUT)
    rig.hear(kill())
    rig.hear_all(rest)
    assert not rig.of(PositionOpened)
    taken = [one for one in rig.of(OpportunityDecided) if one.decisions[0].taken]
    barred = rig.of(EntryBarred)
    assert len(barred) > 20
    assert [one.position for one in barred] == [one.opportunity for one in taken][: len(barred)]
    assert {one.reason for one in barred} == {"killed"}


def test_what_is_open_is_led_to_its_own_exit() -> None:
    killed, free = reigning(), reigning()
    for rig in (killed, free):
        rest = until(rig, Account.IN)
        if rig is killed:
            [followed] = rig.hear(kill())
            now_ms = rig.window.now_ms
            assert followed == ModeFollowed(1, "killed", False, 1, now_ms)  # noqa: FBT003 - flatten
        rig.hear_all(rest)
    [closed] = killed.of(PositionClosed)
    assert closed == free.of(PositionClosed)[0]


def test_flatten_closes_at_the_open_of_the_next_bar_with_a_reason_of_its_own() -> None:
    rig = reigning()
    rest = until(rig, Account.IN)
    opened = rig.of(PositionOpened)[-1]
    rig.hear(kill(flatten=True))
    [closed] = [one for one in rig.hear(rest[0]) if isinstance(one, PositionClosed)]
    assert (closed.position, closed.reason) == (opened.position, "FLATTENED")
    assert (closed.exit, closed.time_ms) == (rest[0].open, rest[0].open_ms)
    assert closed.net == pytest.approx(opened.direction * (rest[0].open / opened.entry - 1.0))
    rig.hear_all(rest[1:])
    assert rig.of(PositionClosed) == [closed], "it is closed once"


def test_a_kill_may_be_told_to_flatten_later() -> None:
    rig = reigning()
    rest = until(rig, Account.IN)
    rig.hear_all([kill(), kill(2, flatten=True), rest[0]])
    assert [one.reason for one in rig.of(PositionClosed)] == ["FLATTENED"]


def test_an_entry_that_was_barred_is_not_made_up_for_after_a_resume() -> None:
    rig = reigning()
    rest = until(rig, Account.OUT)
    rig.hear_all([kill(), rest[0], resume()])
    [barred] = rig.of(EntryBarred)
    rig.hear_all(rest[1:])
    opened = [one.position for one in rig.of(PositionOpened)]
    assert opened
    assert barred.position not in opened


def test_reduced_the_account_takes_half_of_what_it_enters_from_then_on() -> None:
    whole, half = reigning(), reigning()
    for rig in (whole, half):
        rest = until(rig, Account.IN)
        if rig is half:
            [followed] = rig.hear(REDUCED)
            assert followed == GuardFollowed(1, "reduced", 0.5, 1, rig.window.now_ms)
        rig.hear_all(rest)
    pairs = list(zip(whole.of(PositionClosed), half.of(PositionClosed), strict=True))
    assert len(pairs) > 20
    first, *later = pairs
    assert first[0] == first[1], "what is open keeps its size"
    for full, cut in later:
        assert cut.net == full.net * 0.5
        assert (cut.position, cut.exit, cut.reason) == (full.position, full.exit, full.reason)
    assert {one.cut for one in half.of(PositionOpened)[1:]} == {0.5}
    assert half.state.equity == pytest.approx(sum(one.net for one in half.of(PositionClosed)))


def test_paused_it_opens_nothing_and_at_full_size_again_it_does() -> None:
    rig = reigning()
    rest = until(rig, Account.OUT)
    rig.hear_all([PAUSED, *rest[:250]])
    assert not rig.of(PositionOpened)
    assert {one.reason for one in rig.of(EntryBarred)} == {"guard"}
    rig.hear_all([GuardChanged(3, "normal", 1.0, 7), *rest[250:]])
    assert rig.of(PositionOpened)
    assert {one.cut for one in rig.of(PositionOpened)} == {0.0}


def test_a_kill_is_stricter_than_a_pause() -> None:
    rig = reigning()
    rest = until(rig, Account.OUT)
    rig.hear_all([PAUSED, kill(), *rest])
    assert {one.reason for one in rig.of(EntryBarred)} == {"killed"}


BRAKES = {
    "kill": kill(),
    "kill, to be flat": kill(flatten=True),
    "half": REDUCED,
    "pause": PAUSED,
}


@pytest.mark.parametrize("brake", BRAKES.values(), ids=BRAKES)
def test_trials_see_nothing_of_a_brake(brake: ModeChanged | GuardChanged) -> None:
    """Pairs compare simulation with simulation: only the account differs."""
    told: list[list[Event]] = []
    for modes in ((), (brake,)):
        rig = reigning()
        tried(rig)
        rest = until(rig, Account.IN)
        rig.hear_all([*modes, *rest])
        assert rig.of(PairResolved)
        assert rig.of(OpportunityResolved)
        told.append([one for one in rig.said if not isinstance(one, ACCOUNT)])
    assert told[0] == told[1]
