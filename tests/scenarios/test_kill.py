"""A desk is killed on a real home, by a signed command, and trades again when a person says so."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import Desk
from kingmaker.contracts.signing import seal
from kingmaker.kernel.lane import Draft, Lane
from kingmaker.runtime import keyring, kingdom
from kingmaker.runtime.anchors import Anchors
from kingmaker.runtime.assembly import Parts, open_kingdom
from kingmaker.runtime.bars import open_bars
from kingmaker.runtime.cli.smoke import DESK, DESKS
from kingmaker.runtime.engine import AnyService
from kingmaker.runtime.history import decided, message_of
from kingmaker.runtime.home import Home
from kingmaker.runtime.inbox import Inbox
from kingmaker.runtime.kingdom import Kingdom, Row
from kingmaker.runtime.redecide import Redecision
from kingmaker.runtime.services import build_services
from kingmaker.runtime.settings import Settings
from kingmaker.runtime.settings_policy import policy_values
from kingmaker.runtime.sqlite_log import SqliteLog
from kingmaker.runtime.verify import verify

OLD, NEXT = 300, 120  # bars before the kill, and bars while it holds
RISK = "kingmaker.risk.v1"


@dataclass
class Played:
    """A home, its kingdom at work, and the bars that are left."""

    home: Home
    kingdom: Kingdom
    rows: Iterator[Row]

    def play(self, bars: int) -> None:
        """Let so many bars come."""
        list(self.kingdom.play(islice(self.rows, bars)))

    def told(self, service: str = "trader") -> list[tuple[str, Any]]:
        """Return what a service decided so far, by name."""
        log = SqliteLog(self.home.log, self.home.incarnation(), read_only=True)
        try:
            lane = Lane(f"km.{service}.v1")
            return [(r.kind.rpartition(".")[2], message_of(r)) for r in decided(log, lane)]
        finally:
            log.close()


def ask(home: Home, name: str, now_ms: int, **fields: Any) -> None:  # noqa: ANN401 - of a command
    """Put a command of the home's owner into its inbox."""
    command = message_class(RISK, name)(
        command_id=f"{name}-{now_ms}",
        desk=DESK,
        actor="ada",
        reason="a test",
        issued_at_ms=now_ms,
        **fields,
    )
    draft = Draft(f"{RISK}.{name}", command.SerializeToString())
    inbox = Inbox(home.inbox)
    inbox.put(Lane("km.risk.commands.v1"), seal(keyring.read_key(keyring.own_file(home)), draft))
    inbox.close()


@contextmanager
def opened(home: Home) -> Iterator[Played]:
    """Yield a kingdom that goes on with the bars that it has not seen."""
    settings = Settings(home=home.path, desks=DESKS)
    bars = open_bars(settings)
    parts = Parts(
        desks=(Desk(DESK, 0),),
        policy_of=lambda service, desk: policy_values(
            settings, service, desk.name if desk else None
        ),
        begins_ms=bars.first_open_ms,
        channels={},
    )
    with open_kingdom(home, parts) as opened_kingdom:
        opened_kingdom.begin(bars.first_open_ms)
        [last] = opened_kingdom.positions()
        yield Played(home, opened_kingdom, islice(bars.rows(), last + 1, None))


def names_after(told: Sequence[tuple[str, Any]], number: int) -> list[str]:
    """Return what was said after a change of mode was followed, by name."""
    names = [name for name, _ in told]
    at = [i for i, (name, e) in enumerate(told) if name == "ModeFollowed" and e.number == number]
    assert len(at) == 1
    return names[at[0] + 1 :]


@pytest.mark.slow
def test_a_killed_desk_opens_nothing_until_it_is_resumed_and_a_restart_changes_nothing(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path / "home")
    with opened(home) as played:
        played.play(OLD)
        assert "PositionOpened" in [name for name, _ in played.told()]
        ask(home, "Kill", played.kingdom.now_ms)
        played.play(NEXT)
        said = names_after(played.told(), 1)
        assert "PositionOpened" not in said
        assert "EntryBarred" in said
    with opened(home) as again:
        again.play(NEXT)
        said = names_after(again.told(), 1)
        assert "PositionOpened" not in said
        assert {"OpportunityDecided", "OpportunityResolved"} <= set(said), "simulation goes on"
        ask(home, "Resume", again.kingdom.now_ms)
        again.play(NEXT)
        assert "PositionOpened" in names_after(again.told(), 2)
        alerts = [e for name, e in again.told("alerting") if name == "AlertFired"]
        states = [one.state for one in alerts if one.type == "kill_switch"]
        assert states == ["", "resolved"]
    log = SqliteLog(home.log, home.incarnation(), read_only=True)
    verify(log, log.lanes(), Anchors(home.anchors))
    for service in build_services([Desk(DESK, 0)]):
        if service.name in ("risk", "promotion", "alerting"):
            assert Redecision(service, log).run() is None, service.lane
    log.close()


@pytest.mark.slow
def test_a_home_made_before_there_was_risk_opens_and_can_be_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    with monkeypatch.context() as before:
        before.setattr(kingdom, "build_services", without_risk)
        with opened(home) as played:
            played.play(OLD)
            assert not played.told("risk")
        ask(home, "Kill", played.kingdom.now_ms, flatten=True)  # and nobody hears it yet
    with opened(home) as now:
        heard = ["PolicyApplied", "KeyTrusted", "CommandTaken", "ModeChanged"]
        assert [name for name, _ in now.told("risk")] == heard, "before the first bar"
        now.play(NEXT)
        said = names_after(now.told(), 1)
        assert "PositionOpened" not in said
        assert "EntryBarred" in said


@pytest.mark.slow
def test_the_file_kill_in_a_home_stops_it_before_the_next_bar(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with opened(home) as played:
        played.play(OLD)
        (home.path / "KILL").write_text("a flood\n", encoding="utf-8")
        played.kingdom.deliver()
        played.play(NEXT)
        assert "PositionOpened" not in names_after(played.told(), 1)
        ask(home, "Resume", played.kingdom.now_ms)
        played.play(1)
        assert played.told("risk")[-1][0] == "CommandRefused"
    (home.path / "KILL").unlink()
    with opened(home) as again:
        assert again.told("risk")[-1][0] == "KillFileNoted"
        ask(home, "Resume", again.kingdom.now_ms + 1)
        again.play(NEXT)
        assert "PositionOpened" in names_after(again.told(), 2)


def without_risk(desks: Sequence[Desk]) -> list[AnyService]:
    """Return the services of the release before: nobody reads risk, and it is not there."""
    return [
        replace(one, reads=tuple(lane for lane in one.reads if lane.topic != "km.risk.v1"))
        for one in build_services(desks)
        if one.name != "risk"
    ]
