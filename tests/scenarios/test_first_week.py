"""The first week of a desk, as `status` shows it: everything that waits, with count and next time.

`first_week.txt` is what a person would have seen every twelve hours. `pytest --rewrite` writes it
anew: a change of it is a change of what a newcomer sees.
"""

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
BARS_A_DAY = 288
DAYS = 7
DESK = DeskSettings(name="week", files=("sample:BTCUSDT_5m_2025_03.csv.gz",), interval="5m")
SETTINGS = Settings(
    desks=(DESK,),
    learning=Learning(min_trades=100, min_new_trades=40),
    operations=Operations(model_rotation=ModelRotation(enabled=True)),
)


def shown(home: Home) -> list[str]:
    """Return what is there and what waits."""
    with opened(home.path) as found:
        status = _collect(found)
        trainings = found.query("SELECT * FROM trainings ORDER BY training")
    [desk] = status["desks"]
    at = datetime.fromtimestamp(desk["last_ms"] / 1000, UTC)
    made = [f"{row['training']} {row['slot']} ({row['cause']})" for row in trainings]
    first = (
        f"{at:%Y-%m-%d %H:%M}  {status['champions']} champions, {desk['resolved']} closed trades,"
        f" {len(status['trials'])} trials, {desk['reigns'] - 9} promotions;"
        f" trained: {', '.join(made) or 'nothing yet'}"
    )
    return [
        first,
        *(f"    {line}" for line in table(status["counters"], COUNTERS)),
        "",
    ]


def test_the_first_week_goes_as_it_is_told(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    stage = Stage(Home(tmp_path / "home"), SETTINGS)
    lines: list[str] = []
    with stage.kingdom() as kingdom:
        remember_desks(stage.home, [DESK.model_dump(exclude_none=True)])
        rows = stage._bars().rows([position + 1 for position in kingdom.positions()])
        for _ in range(2 * DAYS):
            for _ in kingdom.play(islice(rows, BARS_A_DAY // 2)):
                pass
            lines += shown(stage.home)
    text = "\n".join(lines)
    if pytestconfig.getoption("--rewrite"):
        TOLD.write_text(text, encoding="utf-8")
    assert text == TOLD.read_text(encoding="utf-8"), "if this is meant: pytest --rewrite"
    assert "0 promotions" in lines[0]
    assert "nothing yet" in lines[0]
    assert "trained: tr-0001" in text
