"""kill -9 of the real process around every fire time, and during a training: one run of each.

Two symbols of five minutes, Thursday to Monday: daily jobs at 00:00, the weekly job on Sunday at
02:00, a nightly training at 01:00 on Monday, a scheduled retrain after four days. The seed of the
moments is printed on failure: `KINGMAKER_SEED=17 uv run pytest tests/chaos/test_fire_times.py`;
`KINGMAKER_KILL_FULL=1` kills at every moment of every fire time.
"""

import random
from collections import Counter
from pathlib import Path

import pytest

from tests.chaos.aimed import AFTER, BEFORE
from tests.chaos.plays import SEED, Fire, Play, at, of, said, write
from tests.chaos.test_kill import check_log

BARS = 1_170  # a symbol: to Monday noon
SYMBOLS = ("BTC", "ETH")
SETTINGS = {
    "KINGMAKER__LEARNING__COMPONENTS": '["online_learning"]',
    "KINGMAKER__LEARNING__MIN_TRADES": "150",
    "KINGMAKER__LEARNING__MIN_NEW_TRADES": "1",
    "KINGMAKER__LEARNING__HOLDOUT_SHARE": "0.4",
    "KINGMAKER__LEARNING__HEAD_WEIGHTS": "true",
    "KINGMAKER__OPERATIONS__MODEL_ROTATION__ENABLED": "true",
    "KINGMAKER__OPERATIONS__MODEL_ROTATION__RETRAIN_FREQUENCY_DAYS": "4",
}
STARTED, COMPLETED, FIRED = "TrainingStarted", "TrainingCompleted", "TriggerFired"
FIRES = (
    Fire("daily", FIRED, at(9, "00:00")),
    Fire("weekly", FIRED, at(9, "02:00")),
    Fire("nightly", STARTED, at(10, "01:00")),
    Fire("scheduled", STARTED, at(10, "10:35")),
)


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Play:
    return Play(write(SYMBOLS, tmp_path_factory.mktemp("bars"), BARS), SETTINGS)


@pytest.fixture(scope="module")
def quiet(play: Play, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the digest of a play that nobody disturbs, and see that everything fired in it."""
    home = tmp_path_factory.mktemp("homes") / "quiet"
    digest = play.finish(home)
    events = said(home)
    for fire in FIRES:
        assert (fire.event, fire.time_ms) in [(name, then) for name, then, _ in events], fire
    assert [one.cause for _, _, one in of(events, STARTED)] == ["nightly", "scheduled"]
    assert len(of(events, COMPLETED)) == 2
    return digest


def assert_one_run_each(home: Path) -> None:
    """See that each fire time fired once, and each training was begun and completed once."""
    events = said(home)
    fired = Counter((one.schedule, one.fire_time_ms) for _, _, one in of(events, FIRED))
    assert set(fired.values()) == {1}
    assert {schedule for schedule, _ in fired} == {"daily_learning", "weekly_retraining"}
    begun = [(one.training, one.attempt) for _, _, one in of(events, STARTED)]
    assert begun == [("tr-0001", 1), ("tr-0002", 1)]
    assert [one.training for _, _, one in of(events, COMPLETED)] == ["tr-0001", "tr-0002"]
    assert not of(events, "TrainingFailed")


@pytest.mark.slow
def test_killed_around_every_fire_time_each_runs_once(
    play: Play, quiet: str, tmp_path: Path
) -> None:
    home, draw = tmp_path / "killed", random.Random(SEED)  # noqa: S311 - moments, not secrets
    for fire in FIRES:
        for moment in fire.moments(draw):
            play.strike(home, *moment)
    assert play.finish(home) == quiet, f"seed {SEED}"
    assert_one_run_each(home)
    check_log(home)


@pytest.mark.slow
def test_killed_during_a_training_it_is_done_once_more_and_told_once(
    play: Play, quiet: str, tmp_path: Path
) -> None:
    home, draw = tmp_path / "killed", random.Random(SEED)  # noqa: S311 - moments, not secrets
    begun_ms = at(10, "01:00")
    play.strike(home, AFTER, STARTED, begun_ms)
    for seconds in (0.0, draw.uniform(0.0, 0.5)):
        play.strike_work(home, "tr-0001", (COMPLETED, begun_ms), seconds)
        events = said(home)
        assert [one.training for _, _, one in of(events, STARTED)] == ["tr-0001"]
        assert not of(events, COMPLETED)
    play.strike(home, BEFORE, COMPLETED, begun_ms)  # there is a bundle, and no word of it
    play.strike(home, AFTER, COMPLETED, begun_ms)
    assert play.finish(home) == quiet, f"seed {SEED}"
    assert_one_run_each(home)
    check_log(home)
