"""What is exported is enough to recompute, and no lane of another desk is in it."""

from pathlib import Path

import pytest

from kingmaker.kernel.lane import Lane
from kingmaker.runtime.audited import find
from kingmaker.runtime.cli import smoke
from kingmaker.runtime.export import models_of, needed
from kingmaker.runtime.home import Home
from kingmaker.runtime.settings import Settings
from tests.scenarios.playing import Stage

PROMOTION = Lane("km.promotion.v1")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    home = Home(Path(tmp_path_factory.mktemp("export")) / "home")
    smoke.play(home, smoke.Seen())
    return Stage(home, Settings(desks=smoke.DESKS))


def test_the_lanes_that_judge_are_there_up_to_the_promotion(played: Stage) -> None:
    crowned = played.events("promotion", 0, "ChampionCrowned")[-1]
    with played.log() as log:
        audited = find(log, PROMOTION, crowned.promotion)
        lanes = needed(log, audited)
    assert {lane.topic.split(".")[1] for lane in lanes} == {
        "promotion",
        "shadow",
        "trader",
        "feed",
        "registry",
        "risk",
        "learners",
    }
    assert all(lane.index == 0 and records[0].seq == 0 for lane, records in lanes.items())
    last = lanes[PROMOTION][-1]
    assert last.seq >= audited.record.seq
    assert last.n == last.of - 1


def test_every_model_of_the_desk_is_named_and_none_twice(played: Stage) -> None:
    crowned = played.events("promotion", 0, "ChampionCrowned")
    with played.log() as log:
        lanes = needed(log, find(log, PROMOTION, crowned[-1].promotion))
    digests = models_of(lanes, PROMOTION)
    assert sorted(set(digests)) == sorted(digests)
    assert {one.digest for one in crowned} <= set(digests)
