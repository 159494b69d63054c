"""A start on what is not as it was left: refused by place, never reset, never guessed around."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.signing import seal
from kingmaker.kernel.lane import Draft, Lane, LaneDamagedError
from kingmaker.kernel.service import UndecodableError
from kingmaker.runtime import keyring
from kingmaker.runtime.bars import DEMO
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.home import Home
from kingmaker.runtime.kingdom import Kingdom
from kingmaker.runtime.release import RELEASE
from kingmaker.runtime.services import build_services
from kingmaker.runtime.sqlite_log import SqliteLog
from tests.scenarios import damage, evil_models
from tests.scenarios.challenged import play
from tests.scenarios.playing import Stage, stage

EURUSD = DEMO[2]
TIMES = 150
FEED, TRADER, PROMOTION = (Lane(f"km.{name}.v1") for name in ("feed", "trader", "promotion"))
SHADOW, REGISTRY, ALERTING = (Lane(f"km.{name}.v1") for name in ("shadow", "registry", "alerting"))
EVERY = (FEED, TRADER, REGISTRY, PROMOTION)  # lanes in which such a short play says something
NEWER = "Start the release that wrote it, or a newer one"

type Copy = Callable[[Stage], Stage]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Return a home with a few days in it. Damage a copy."""
    played = stage(tmp_path_factory.mktemp("original") / "home", [EURUSD])
    played.play(TIMES)
    return played


@pytest.fixture
def own(original: Stage, copy_of: Copy) -> Stage:
    return copy_of(original)


def assert_refused_for_good(stage: Stage, error: type[Exception], words: str) -> None:
    """Expect the start to be refused with these words, again and again, and nothing written."""
    before = damage.content(stage.home)
    for _ in range(2):
        with pytest.raises(error, match=words):
            stage.play(1)
    assert damage.content(stage.home) == before


@pytest.mark.parametrize("lane", EVERY, ids=str)
def test_a_flipped_byte_is_named(own: Stage, lane: Lane) -> None:
    seq = damage.middle(own.home, lane)
    damage.flip_byte(own.home, lane, seq)
    assert_refused_for_good(own, LaneDamagedError, f"{lane}: record {seq} is damaged")


@pytest.mark.parametrize("lane", EVERY, ids=str)
def test_a_removed_middle_record_is_named(own: Stage, lane: Lane) -> None:
    seq = damage.middle(own.home, lane)
    damage.remove(own.home, lane, seq)
    assert_refused_for_good(own, LaneDamagedError, f"{lane}: record {seq} is missing")


@pytest.mark.parametrize("lane", EVERY, ids=str)
def test_a_forged_record_is_named_by_the_one_after_it(own: Stage, lane: Lane) -> None:
    seq = damage.middle(own.home, lane)
    damage.forge(own.home, lane, seq, through=False)
    words = f"{lane}: record {seq + 1} does not extend record {seq}"
    assert_refused_for_good(own, LaneDamagedError, words)


@pytest.mark.parametrize("lane", [*EVERY, ALERTING], ids=str)
def test_a_lane_forged_to_its_end_is_betrayed_by_its_anchor(own: Stage, lane: Lane) -> None:
    seq = damage.middle(own.home, lane) if lane in EVERY else 0
    end = len(damage.records_of(own.home, lane)) - 1
    damage.forge(own.home, lane, seq, through=True)
    words = f"{lane}: record {end} is not the one that anchors.json names"
    assert_refused_for_good(own, LaneDamagedError, words)


@pytest.mark.parametrize("lane", EVERY, ids=str)
def test_and_without_the_anchor_by_those_who_read_it(own: Stage, lane: Lane) -> None:
    damage.forge(own.home, lane, damage.middle(own.home, lane), through=True)
    own.home.anchors.unlink()
    words = rf"{lane}: event \d+ is not the one consumed"
    assert_refused_for_good(own, LaneDamagedError, words)


@pytest.mark.parametrize("lane", [*EVERY, SHADOW, ALERTING], ids=str)
def test_a_cut_tail_is_named_by_the_anchor(own: Stage, lane: Lane) -> None:
    end = len(damage.records_of(own.home, lane)) - 1
    damage.cut_tail(own.home, lane, end)
    assert_refused_for_good(own, LaneDamagedError, f"{lane}: record {end} is missing")


@pytest.mark.parametrize("lane", EVERY, ids=str)
def test_and_without_the_anchor_by_those_who_had_read_it(own: Stage, lane: Lane) -> None:
    first = damage.middle(own.home, lane)
    damage.cut_tail(own.home, lane, first)
    own.home.anchors.unlink()
    words = rf"{lane}: ends at event \d+, but event \d+ was consumed"
    assert_refused_for_good(own, LaneDamagedError, words)


def test_a_log_that_was_made_anew_is_a_stranger(own: Stage) -> None:
    own.home.manifest.write_text('{"format": 1, "incarnation": "another"}')
    assert_refused_for_good(own, LaneDamagedError, r"km\..*\.v1/0: record 0")


@pytest.mark.parametrize("lane", EVERY, ids=str)
@pytest.mark.parametrize(
    ("version", "words"), [("v1", "which this release does not know"), ("v2", "is of a version")]
)
def test_an_own_event_of_a_later_release_asks_for_that_release(
    own: Stage, lane: Lane, version: str, words: str
) -> None:
    service = lane.topic.split(".")[1]
    name = "Marvel" if version == "v1" else SAID[service]
    kind = f"kingmaker.{service}.{version}.{name}"
    seq = damage.append(own.home, lane, kind)
    assert_refused_for_good(
        own, UndecodableError, rf"{lane}: record {seq}.*{kind}.*{words}.*{NEWER}"
    )


SAID = {
    "feed": "BarClosed",
    "trader": "OpportunityDecided",
    "registry": "ModelRegistered",
    "promotion": "ChampionCrowned",
}


def reader_of(home: Home, log: SqliteLog, name: str) -> Engine:
    """Return the engine of one service of this home, started on its lane alone."""
    [service] = [s for s in build_services(stage(home.path, [EURUSD]).desks) if s.name == name]
    engine = Engine(service, log)
    engine.start(RELEASE)
    return engine


def drain(own: Stage, name: str) -> bool:
    """Let one service read on; tell whether it came to the end."""
    log = SqliteLog(own.home.log, own.home.incarnation())
    try:
        engine = reader_of(own.home, log, name)
        while engine.drain():
            pass
    finally:
        log.close()
    return True


@pytest.mark.parametrize(
    ("upstream", "reader"), [(FEED, "trader"), (TRADER, "learners"), (PROMOTION, "trader")]
)
def test_a_newer_major_upstream_stops_its_reader_and_names_the_release(
    own: Stage, upstream: Lane, reader: str
) -> None:
    read = {"feed": "BarClosed", "trader": "OpportunityResolved", "promotion": "ChampionCrowned"}
    service = upstream.topic.split(".")[1]
    kind = f"kingmaker.{service}.v2.{read[service]}"
    seq = damage.append(own.home, upstream, kind)
    words = rf"{upstream}: record {seq}: {kind} is of a version that this release cannot read"
    with pytest.raises(UndecodableError, match=rf"{words}\. {NEWER}"):
        drain(own, reader)
    assert drain(own, "shadow" if upstream == FEED else "feed")


def test_an_unknown_event_upstream_is_skipped(own: Stage) -> None:
    damage.append(own.home, FEED, "kingmaker.feed.v1.Marvel")
    assert drain(own, "trader")


SLOT = "online_learning@eurusd-1h"


@pytest.fixture
def usurped(tmp_path: Path) -> Stage:
    """Return a home in which an offered model reigns, by command."""
    home = stage(tmp_path / "home", [EURUSD])
    play(home, 30, evil_models.sound())
    [opened] = home.events("promotion", 0, "TrialOpened")
    with home.kingdom() as kingdom:
        crown_directly(kingdom, opened.challenger)
    assert reigning(home) == (evil_models.sound().digest, 2)
    home.play(30)
    return home


def crown_directly(kingdom: Kingdom, model: str) -> None:
    name = "kingmaker.promotion.v1"
    message = message_class(name, "DirectPromotion")(
        command_id="c-1",
        actor="ada",
        reason="a test",
        slot=SLOT,
        model=model,
        issued_at_ms=kingdom.now_ms,
        not_after_ms=kingdom.now_ms + 60_000,
    )
    draft = Draft(f"{name}.DirectPromotion", message.SerializeToString())
    own = keyring.read_key(keyring.own_file(kingdom.home))
    kingdom.send(Lane("km.promotion.commands.v1", 0), seal(own, draft))
    kingdom.deliver()


def reigning(stage: Stage) -> tuple[str, int]:
    activated = [a for a in stage.events("trader", 0, "ChampionActivated") if a.slot == SLOT]
    return activated[-1].digest, activated[-1].reign


@pytest.mark.parametrize("how", ["changed", "gone"])
def test_a_champion_whose_bytes_are_lost_gives_the_crown_back(usurped: Stage, how: str) -> None:
    digest, reign = reigning(usurped)
    artifact = usurped.home.artifacts / digest
    if how == "changed":
        (artifact / "model.onnx").write_bytes(b"another")
    else:
        shutil.rmtree(artifact)
    usurped.play(30)
    [lost] = usurped.events("trader", 0, "ChampionLost")
    reason = {"changed": "digest_mismatch", "gone": "digest_missing"}[how]
    assert (lost.slot, lost.reign, lost.digest, lost.reason) == (SLOT, reign, digest, reason)
    [back] = usurped.events("promotion", 0, "ChampionRolledBack")
    assert (back.trigger, back.from_digest, back.reign) == ("champion_lost", digest, reign + 1)
    assert reigning(usurped) == (back.to_digest, reign + 1)
    usurped.play(1)
    assert len(usurped.events("trader", 0, "ChampionLost")) == 1
