"""A page is collected from the log of a real play: a coronation, a rollback, a trial."""

import pytest

from kingmaker.kernel.lane import Lane
from kingmaker.runtime.audited import find
from kingmaker.runtime.cli import smoke
from kingmaker.runtime.home import Home
from kingmaker.runtime.report.collect import Collected, collect
from kingmaker.runtime.report.page import page
from kingmaker.runtime.settings import Settings
from tests.runtime.report import judged
from tests.scenarios.playing import Stage


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    home = Home(tmp_path_factory.mktemp("report") / "home")
    smoke.play(home, smoke.Seen())
    return Stage(home, Settings(desks=smoke.DESKS))


def collected(stage: Stage, name: str) -> Collected:
    with stage.log() as log:
        return collect(log, find(log, Lane("km.promotion.v1"), name))


def test_a_coronation_names_its_models_its_follower_and_the_commands(played: Stage) -> None:
    crowned = played.events("promotion", 0, "ChampionCrowned")[-1]
    found = collected(played, crowned.promotion)
    registered = [one.message.model for one in found.models if one.kind == "ModelRegistered"]
    assert set(registered) == {crowned.model, crowned.expected}
    assert found.followed is not None
    assert found.followed.message.reign == crowned.reign
    assert [one.message.command for one in found.commands if one.kind == "CommandTaken"]
    assert found.audited.release == "0.1.0"


def test_a_page_of_a_crown_without_evidence_says_so(played: Stage) -> None:
    crowned = played.events("promotion", 0, "ChampionCrowned")[-1]
    found = collected(played, crowned.promotion)
    text = page(found, judged.identical(crowned.promotion))
    assert "without evidence" in text
    assert f"{crowned.model} was crowned on {crowned.slot}" in text


def test_a_page_of_a_rollback_tells_who_and_why(played: Stage) -> None:
    back = played.events("promotion", 0, "ChampionRolledBack")[-1]
    text = page(collected(played, back.promotion), judged.identical(back.promotion))
    assert f"{back.to_model} reigns on {back.slot} again instead of {back.from_model}" in text
    assert f"{back.actor} took the crown back: {back.reason}" in text
    assert "that needs no evidence, and nothing may refuse it" in text


def test_a_page_of_a_trial_is_that_of_its_coronation(played: Stage) -> None:
    crowned = played.events("promotion", 0, "ChampionCrowned")[-1]
    found = collected(played, crowned.trial)
    assert found.audited.message.promotion == crowned.promotion
    assert found.trial == crowned.trial
