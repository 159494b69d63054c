"""A few hundred paths a cell: no bar is missed beyond chance, and a rule that errs would be seen.

The whole bench (`make bench-gates`) measures the bars themselves; here limits are exact, so that a
broken rule fails and luck does not. Seeds are fixed.
"""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bench.figures import Goal
from bench.gates import canary, jobs, lineups, plot, record, report, streams
from bench.gates import summaries as of
from bench.gates.bars import bars
from bench.gates.measured import Key, Results
from bench.gates.record import Record
from bench.gates.summaries import summarise

pytestmark = pytest.mark.slow

SCHEDULES = (
    ".15 for 303, then 0",
    ".30 for 400, frozen, then 0",
    ".10, changes 303/607/911",
)
SEED = 8_128  # another than that of the page
REDUCED = jobs.Size(
    paths=250, streams=12, run_lengths=100, scalars=4, schedules=SCHEDULES, seed=SEED
)


@pytest.fixture(scope="module")
def results() -> Results:
    return summarise(jobs.run(jobs.plan(REDUCED)))


def test_no_bar_is_missed_beyond_chance(results: Results) -> None:
    measured = [bar for bar in bars() if bar.key in results]
    assert len(measured) > 60
    assert not [bar.item for bar in measured if results[bar.key].refutes(bar.goal)]


def test_the_same_run_refutes_the_naive_rules(results: Results) -> None:
    for world in ("A0", "A1", "B", "C1", "C2", "C3", "C4", "H", "S0"):
        assert results[Key(world, "naive paired t", of.CROWNED)].refutes(Goal(0.035)), world
    assert results[Key("C4", "asymptotic CS", of.CROWNED)].refutes(Goal(0.057))
    assert results[Key("E2", "betting, clip 5", of.CROWNED)].refutes(Goal(0.05))
    assert results[Key("D2", "fixed look at 50", of.CROWNED)].refutes(Goal(0.975, at_least=True))
    assert results[Key("K0", canary.NAIVE_SHADOW, of.WITHIN_500)].refutes(Goal(0.015))
    assert results[Key("mixed", streams.NAIVE, of.FDR)].refutes(Goal(0.05))
    frozen = Key("normal: .30 for 400, frozen, then 0", lineups.CARRY_ON, of.CROWNED)
    assert results[frozen].refutes(Goal(0.05))


def test_the_real_services_say_what_the_twin_says(results: Results) -> None:
    scalars = [one for key, one in results.items() if key.rule == "scalar production code"]
    assert [one.value for one in scalars] == [1.0] * 4


def test_a_run_becomes_a_page_and_drawings(results: Results, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"Before.\n{report.FIRST}\nold\n{report.LAST}\nAfter.\n", encoding="utf-8")
    first, again = Record(1, ["command one"], results), Record(2, ["command two"], results)
    record.write(tmp_path / "run.json", first)
    report.write(page, record.read(tmp_path / "run.json"), [again])
    text = page.read_text(encoding="utf-8")
    assert text.startswith("Before.\n")
    assert text.endswith("\nAfter.\n")
    assert "\nold\n" not in text
    assert "| seed 2 |" in text
    told = [bar.item for bar in bars() if bar.key.rule != lineups.THIS_LINEUP]
    assert not [item for item in told if f"| {item} |" not in text]
    for drawing in (plot.false_promotion(results), plot.costs(results)):
        root = ET.fromstring(drawing)  # noqa: S314 - our own drawing
        assert len(list(root)) > 20
