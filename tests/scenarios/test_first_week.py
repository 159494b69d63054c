"""The first week of a desk, as `status` shows it: everything that waits, with count and next time.

`first_week.txt` is what a person would have seen every day, and at every hour in which a
job ran, a training began or ended, or a trial opened. Models of a cloud (A8) are not synchronised
in this release, so no counter waits for them. `pytest --rewrite` writes it anew: a change of it is
a change of what a newcomer sees.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest

from kingmaker.runtime.cli.opening import opened, remember_desks
from kingmaker.runtime.cli.output import table
from kingmaker.runtime.cli.status import COUNTERS, _collect
from kingmaker.runtime.home import Home
from kingmaker.runtime.settings import DeskSettings, Learning, ModelRotation, Operations, Settings
from tests.scenarios.playing import Stage

TOLD = Path(__file__).parent / "first_week.txt"
HOURS, BARS_AN_HOUR = 24 * 7, 2 * 12
EVERY = 24  # hours, where nothing happens
FILES = ("sample:BTCUSDT_5m_2025_03.csv.gz", "sample:ETHUSDT_5m_2025_03.csv.gz")
DESK = DeskSettings(name="week", files=FILES, interval="5m")
SETTINGS = Settings(
    desks=(DESK,),
    learning=Learning(
        components=("cvar_ppo", "online_learning", "regime_detector", "slippage_latency"),
        min_trades=150,
        min_new_trades=100,
        holdout_share=0.4,
        admission_gain_se=0.0,
        head_weights=True,
    ),
    operations=Operations(model_rotation=ModelRotation(enabled=True)),
)


JOBS = """
    SELECT event_timestamp, desk, triggered_by, new_value FROM learning_events
    WHERE event_type = 'job' ORDER BY event_timestamp, id
"""


def happened(home: Home) -> list[str]:
    """Return what has happened so far: jobs, trainings, trials."""
    with opened(home.path) as found:
        jobs = found.query(JOBS)
        trials = found.query("SELECT trial, slot, state FROM trials ORDER BY trial")
    said = []
    for row in jobs:
        about = json.loads(row["new_value"])
        told = about.get("reason", "")
        name = about.get("job") or row["triggered_by"]
        at = row["event_timestamp"][:16].replace("T", " ")
        said.append(f"{at} {name}: {about.get('state', '')}{f', {told}' if told else ''}")
    return [*said, *(f"{row['trial']} of {row['slot']}: {row['state']}" for row in trials)]


def shown(home: Home, news: Sequence[str]) -> list[str]:
    """Return what is there, what has just happened, and what waits."""
    with opened(home.path) as found:
        status = _collect(found)
    [desk] = status["desks"]
    at = datetime.fromtimestamp(desk["last_ms"] / 1000, UTC)
    first = (
        f"{at:%Y-%m-%d %H:%M}  {status['champions']} champions, {desk['resolved']} closed trades,"
        f" {len(status['trials'])} trials, {desk['reigns'] - 9} promotions"
    )
    told = [f"    * {one}" for one in news]
    waits = [f"    {line}" for line in table(status["counters"], COUNTERS)]
    return [first, *told, *waits, ""]


def test_the_first_week_goes_as_it_is_told(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    stage = Stage(Home(tmp_path / "home"), SETTINGS)
    lines: list[str] = []
    with stage.kingdom() as kingdom:
        remember_desks(stage.home, [DESK.model_dump(exclude_none=True)])
        rows = stage._bars().rows([position + 1 for position in kingdom.positions()])
        known: list[str] = []
        for hour in range(1, HOURS + 1):
            for _ in kingdom.play(islice(rows, BARS_AN_HOUR)):
                pass
            said = happened(stage.home)
            news, known = [one for one in said if one not in known], said
            if news or hour % EVERY == 0:
                lines += shown(stage.home, news)
    text = "\n".join(lines)
    if pytestconfig.getoption("--rewrite"):
        TOLD.write_text(text, encoding="utf-8")
    assert text == TOLD.read_text(encoding="utf-8"), "if this is meant: pytest --rewrite"
    assert "0 promotions" in lines[0]
    kinds = ("experiences", "pairs", "evidence, ln E", "rebalance")
    jobs = ("daily learning job, outcomes", "weekly learning job, outcomes")
    found = {kind for kind in (*kinds, *jobs) if f"    {kind}  " in text}
    assert found >= {"experiences", *jobs}
    assert {"pairs", "evidence, ln E"} <= found, "a trial opens"
