"""The first week of a desk, as `status` shows it: everything that waits, with count and next time.

`first_week.txt` is what a person would have seen every day, and at every hour in which a
job ran, a training began or ended, or a trial opened. A person crowns an ensemble of the desk's
first trades: it learns on, and weighs anew every hour. Models of a cloud (A8) are not synchronised
in this release, which stands beside all that waits. `pytest --rewrite` writes it anew: a change of
it is a change of what a newcomer sees.
"""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest

from kingmaker.kernel.lane import Lane
from kingmaker.learners.bars import by_symbol
from kingmaker.learners.experience import Experience
from kingmaker.learners.learners.model_ensemble import ModelEnsemble
from kingmaker.runtime.cli.opening import opened, remember_desks
from kingmaker.runtime.cli.output import table
from kingmaker.runtime.cli.status import COUNTERS, _collect
from kingmaker.runtime.home import Home
from kingmaker.runtime.kingdom import Kingdom
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.settings import DeskSettings, Learning, ModelRotation, Operations, Settings
from tests.scenarios.bundling import bundled
from tests.scenarios.challenged import crown
from tests.scenarios.playing import Stage

TOLD = Path(__file__).parent / "first_week.txt"
HOURS, BARS_AN_HOUR = 24 * 7, 2 * 12
EVERY = 24  # hours, where nothing happens
OFFERED, CROWNED = 40, 42  # hours after which a person offers an ensemble, and crowns it
FILES = ("sample:BTCUSDT_5m_2025_03.csv.gz", "sample:ETHUSDT_5m_2025_03.csv.gz")
HOUR_MS = 3_600_000
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
        revisions=("model_ensemble",),
    ),
    operations=Operations(model_rotation=ModelRotation(enabled=True)),
)


JOBS = """
    SELECT event_timestamp, desk, triggered_by, new_value FROM learning_events
    WHERE event_type = 'job' ORDER BY event_timestamp, id
"""


def offer(stage: Stage, kingdom: Kingdom) -> None:
    """Offer an ensemble made of the desk's own trades so far, which declares how it learns on."""
    batch = Experience.of(
        stage.events("trader", 0, "OpportunityResolved"),
        by_symbol(stage.events("feed", 0, "BarClosed")),
    )
    blend = ModelEnsemble(100.0, revisable=True)
    challenge = bundled("model_ensemble", blend, blend.fit(batch, None, 0), batch)
    ArtifactStore(stage.home.artifacts).put(challenge.bundle)
    order = challenge.offer_to(DESK.name, kingdom.now_ms)
    kingdom.send(Lane("km.registry.commands.v1", 0), order)
    kingdom.deliver()


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
        reigns = Counter(row["how"] for row in found.query("SELECT how FROM reigns"))
    [desk] = status["desks"]
    earned, by_hand = reigns["promoted"], reigns["direct"]
    at = datetime.fromtimestamp(desk["last_ms"] / 1000, UTC)
    first = (
        f"{at:%Y-%m-%d %H:%M}  {status['champions']} champions, {desk['resolved']} closed trades,"
        f" {len(status['trials'])} trials, {earned} promotions"
    )
    first += f" and {by_hand} by hand" if by_hand else ""
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
            if hour == OFFERED:
                offer(stage, kingdom)
            if hour == CROWNED:
                crown(kingdom, "model_ensemble")
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
    assert "rebalance" in found, "an ensemble that learns on weighs anew"
    weighed = [event for event in stage.events("trader", 0, "ModelRevised") if event.hour_ms]
    hours = [event.hour_ms // HOUR_MS for event in weighed]
    assert hours == list(range(hours[0], hours[-1] + 1)), "once an hour"
    assert len(hours) >= HOURS - CROWNED
    assert all(event.slot == "model_ensemble@week" for event in weighed)
    assert "    models of a cloud  " in lines[-2], "what is not there is said"
