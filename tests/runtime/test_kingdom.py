"""All services in one process: begun once, stopped anywhere, never beginning anew."""

from pathlib import Path
from typing import Any

import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.signing import seal
from kingmaker.kernel.lane import Draft, Lane
from kingmaker.runtime import keyring
from kingmaker.runtime.history import accepted
from kingmaker.runtime.home import HomeError
from kingmaker.runtime.inbox import READ_COMMANDS_MAX
from kingmaker.runtime.kingdom import history_digest
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.services import ORDER, build_services
from tests import people
from tests.runtime.short_play import played, unplayed
from tests.scenarios.playing import Stage


def reigns(stage: Stage) -> list[str]:
    return [a.slot for a in stage.events("trader", 0, "ChampionActivated")]


def signed(stage: Stage, command: Draft) -> Draft:
    return seal(keyring.read_key(keyring.own_file(stage.home)), command)


def test_the_first_start_gives_nine_reigns_and_the_second_none(tmp_path: Path) -> None:
    stage = unplayed(tmp_path)
    stage.play(1)
    assert len(reigns(stage)) == len(set(reigns(stage))) == 9
    stage.play(1)
    assert len(reigns(stage)) == 9


def test_where_it_was_stopped_changes_no_history(tmp_path: Path) -> None:
    whole = unplayed(tmp_path / "whole").play(300)
    stage = unplayed(tmp_path / "parts")
    for times in (1, 7, 92, 150):
        stage.play(times)
    assert stage.play(50) == whole


def test_only_one_process_may_reign_in_a_home(tmp_path: Path) -> None:
    stage = unplayed(tmp_path)
    with stage.kingdom(), pytest.raises(HomeError, match="in use by process"):
        stage.play(1)


def test_a_command_from_the_inbox_is_recorded_and_answered(tmp_path: Path) -> None:
    stage = played(tmp_path, 5)
    freeze = message_class("kingmaker.promotion.v1", "Freeze")
    with stage.kingdom() as kingdom:
        command = freeze(
            command_id="c-1",
            scope="desk",
            actor="ada",
            reason="storm",
            issued_at_ms=kingdom.now_ms,
            not_after_ms=kingdom.now_ms + 1000,
        )
        kind = "kingmaker.promotion.v1.Freeze"
        draft = Draft(kind, command.SerializeToString())
        kingdom.send(Lane("km.promotion.commands.v1", 0), signed(stage, draft))
        kingdom.deliver()
    (frozen,) = stage.events("promotion", 0, "Frozen")
    assert (frozen.actor, frozen.reason, frozen.command_id) == ("ada", "storm", "c-1")


def test_however_many_commands_a_home_has_seen_a_new_one_is_answered(tmp_path: Path) -> None:
    stage = played(tmp_path, 5)
    lane = Lane("km.promotion.commands.v1", 0)
    commands = [*[("nowhere", f"old-{n}") for n in range(READ_COMMANDS_MAX)], ("desk", "new")]
    freeze = message_class("kingmaker.promotion.v1", "Freeze")
    with stage.kingdom() as kingdom:
        for scope, name in commands:
            command = freeze(
                command_id=name,
                scope=scope,
                actor="ada",
                reason="storm",
                issued_at_ms=kingdom.now_ms,
                not_after_ms=kingdom.now_ms + 1000,
            )
            kind = "kingmaker.promotion.v1.Freeze"
            kingdom.send(lane, signed(stage, Draft(kind, command.SerializeToString())))
        kingdom.deliver()
    assert [frozen.command_id for frozen in stage.events("promotion", 0, "Frozen")] == ["new"]


def test_a_command_whose_bytes_are_none_is_refused_and_life_goes_on(tmp_path: Path) -> None:
    stage = played(tmp_path, 5)
    with stage.kingdom() as kingdom:
        lane = Lane("km.promotion.commands.v1", 0)
        kingdom.send(lane, Draft("kingmaker.promotion.v1.Freeze", b"\xff\xff\xff"))
        kingdom.deliver()
    assert stage.play(5)
    with stage.log() as log:
        kinds = [r.kind for r in log.read(Lane("km.promotion.v1", 0), 0)[0]]
    assert "km.InputRefused" in kinds


@pytest.mark.parametrize(
    ("topic", "kind", "fields"),
    [
        ("commands", "kingmaker.governance.v1.ApplyKeys", {"keys": [{"key_id": "k"}]}),
        ("commands", "kingmaker.policy.v1.ApplyPolicy", {"hash": "h"}),
        ("commands", "kingmaker.registry.v1.ModelRegistered", {"model": "v9"}),
        ("commands", "kingmaker.shadow.v1.EvidenceMeasured", {"trial": "t"}),
    ],
)
def test_a_record_in_the_name_of_an_event_lane_or_the_runtime_changes_nothing(
    tmp_path: Path, topic: str, kind: str, fields: dict[str, Any]
) -> None:
    stage = played(tmp_path, 5)
    package, _, name = kind.rpartition(".")
    forged = message_class(package, name)(**fields).SerializeToString()
    with stage.kingdom() as kingdom:
        promotion = next(e for e in kingdom.engines if e.service.name == "promotion")
        before = promotion.host.state_hash
        kingdom.send(Lane(f"km.promotion.{topic}.v1", 0), Draft(kind, forged))
        kingdom.deliver()
        assert promotion.host.state_hash == before
    with stage.log() as log:
        kinds = [record.kind for record in accepted(log, Lane("km.promotion.v1", 0))]
    assert kinds.count("km.InputRefused") == 1


@pytest.mark.parametrize(
    ("topic", "kind", "fields"),
    [
        ("km.promotion.keys.v1", "kingmaker.governance.v1.ApplyKeys", {"keys": [people.EVES]}),
        ("km.promotion.settings.v1", "kingmaker.policy.v1.ApplyPolicy", {"hash": "h"}),
        ("km.promotion.facts.v1", "kingmaker.trader.v1.PositionOpened", {"position": "o"}),
        ("km.promotion.v1", "kingmaker.promotion.v1.Freeze", {"scope": "desk"}),
        ("nonsense", "kingmaker.promotion.v1.Freeze", {"scope": "desk"}),
    ],
)
def test_the_inbox_hands_out_commands_and_nothing_in_the_name_of_the_runtime(
    tmp_path: Path, topic: str, kind: str, fields: dict[str, Any]
) -> None:
    stage = played(tmp_path, 5)
    package, _, name = kind.rpartition(".")
    forged = message_class(package, name)(**fields).SerializeToString()
    with stage.kingdom() as kingdom:
        promotion = next(e for e in kingdom.engines if e.service.name == "promotion")
        kingdom.deliver()
        before, tip = promotion.host.state_hash, promotion.host.tip
        kingdom.send(Lane(topic, 0), Draft(kind, forged))
        kingdom.deliver()
        assert (promotion.host.state_hash, promotion.host.tip) == (before, tip)
    assert stage.play(5)


def test_nobody_tells_by_a_command_that_the_champion_is_lost(tmp_path: Path) -> None:
    """A fact is a reactor's word: whoever may only command takes no crown with it, unsigned."""
    stage = played(tmp_path, 5)
    digest = stage.events("trader", 0, "ChampionActivated")[0].digest
    fact = message_class("kingmaker.trader.v1", "ModelLoadFailed")(digest=digest, reason="so")
    draft = Draft("kingmaker.trader.v1.ModelLoadFailed", fact.SerializeToString())
    with stage.kingdom() as kingdom:
        kingdom.send(Lane("km.trader.commands.v1", 0), draft)
        kingdom.deliver()
    assert not stage.events("trader", 0, "ChampionLost")
    assert not stage.events("promotion", 0, "RollbackImpossible")


def test_a_damaged_shipped_bundle_is_laid_out_anew(tmp_path: Path) -> None:
    stage = played(tmp_path, 5)
    digest = stage.events("trader", 0, "ChampionActivated")[0].digest
    (stage.home.artifacts / digest / "model.onnx").write_bytes(b"another")
    stage.play(5)
    assert ArtifactStore(stage.home.artifacts).fault_of([digest]) == ""
    assert not stage.events("trader", 0, "ChampionLost")


def test_services_are_built_upstream_first(tmp_path: Path) -> None:
    stage = unplayed(tmp_path)
    names = [service.name for service in build_services(stage.desks)]
    assert names == list(ORDER)


def test_the_digest_tells_histories_apart(tmp_path: Path) -> None:
    shorter, longer = played(tmp_path / "a", 50), played(tmp_path / "b", 60)
    with shorter.log() as one, longer.log() as other:
        assert history_digest(one, one.lanes()) != history_digest(other, other.lanes())
