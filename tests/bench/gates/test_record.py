"""A run is kept so that the page can be written from it again."""

from math import inf, isnan, nan
from pathlib import Path

from bench.gates import record
from bench.gates.measured import Key, Measured
from bench.gates.record import Record

POWER, NEVER = Key("D2", "ours", "crowned"), Key("D1", "ours", "median pairs")
RUN = Record(
    7,
    ["command x", 'machine "y"'],
    {
        POWER: Measured(0.983, 0.0018, 0.97, 0.99, 5_000),
        NEVER: Measured(inf, nan, 1_900.0, inf, 5_000),
    },
)


def test_what_was_measured_is_read_as_it_was_written(tmp_path: Path) -> None:
    record.write(tmp_path / "run.json", RUN)
    kept = record.read(tmp_path / "run.json")
    assert (kept.seed, kept.header) == (7, RUN.header)
    assert kept.results[POWER] == RUN.results[POWER]
    never = kept.results[NEVER]
    assert (never.value, never.low, never.high, never.n) == (inf, 1_900.0, inf, 5_000)
    assert isnan(never.error)


def test_of_another_seed_only_what_has_a_bar_is_kept(tmp_path: Path) -> None:
    record.write(tmp_path / "run.json", RUN, {POWER})
    assert set(record.read(tmp_path / "run.json").results) == {POWER}
