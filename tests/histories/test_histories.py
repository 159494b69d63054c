"""Recorded histories of every release lead to the recorded states, with the code of today.

One fails: `evolve` or a state was changed. If it was meant, raise the release and record anew
(python -m tests.histories.record); a history of an earlier release is never recorded anew.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from kingmaker.contracts.desks import Desk
from kingmaker.kernel.lane import LaneDamagedError, Record
from kingmaker.runtime.engine import AnyService
from kingmaker.runtime.export_file import ExportedLog, read
from kingmaker.runtime.history import decided, message_of
from kingmaker.runtime.release import RELEASE
from kingmaker.runtime.services import build_services
from kingmaker.runtime.verify import verify
from tests.histories.fold import FOLDER, Build, recorded, states

BYTES_MAX = 400 * 1024  # of one release: a desk decides first after 80 bars of eight services
HASH_SEEDS = ("0", "1", "2", "77", "4294967295")
NAMES = [str(path.relative_to(FOLDER)) for path in recorded()]
STORY = FOLDER / RELEASE / "crowned_and_taken_back.km.gz"


@pytest.mark.parametrize("name", NAMES)
def test_a_history_leads_to_the_states_recorded_with_it(name: str) -> None:
    export = read(FOLDER / name)
    assert export.manifest.states
    assert states(export) == export.manifest.states


@pytest.mark.parametrize("name", NAMES)
def test_a_history_is_a_whole_chain(name: str) -> None:
    log = read(FOLDER / name).log
    assert verify(log, log.lanes(), partial=True).records > 100


@pytest.mark.parametrize("seed", HASH_SEEDS)
def test_no_order_of_hashes_changes_a_state(seed: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.histories.fold"],
        check=True,
        capture_output=True,
        cwd=FOLDER.parents[1],
        env={**os.environ, "PYTHONHASHSEED": seed},
    )
    expected = {name: dict(read(FOLDER / name).manifest.states) for name in NAMES}
    assert json.loads(done.stdout) == expected


def test_this_release_has_histories_of_all_that_matters() -> None:
    said = [
        (record.kind.rpartition(".")[2], message_of(record))
        for path in recorded()
        if path.parent.name == RELEASE
        for export in [read(path)]
        for lane in export.log.lanes()
        if lane.topic == "km.promotion.v1"
        for record in decided(export.log, lane)
    ]
    names = {name for name, _ in said}
    assert {
        *("TrialOpened", "TrialStarted", "ChallengerHeld", "TrialClosed", "ChampionCrowned"),
        *("ReignAcknowledged", "ChampionRolledBack", "Frozen", "Thawed"),
        *("CommandTaken", "CommandRefused"),
    } <= names
    hows = {message.how for name, message in said if name == "ChampionCrowned"}
    assert hows == {"bootstrap", "promoted", "direct"}
    refused = [message.reason for name, message in said if name == "CommandRefused"]
    assert len(set(refused)) >= 4, "stale, of an unknown key, of a wrong role, unsigned"
    assert "person" in {m.trigger for name, m in said if name == "ChampionRolledBack"}


def test_the_histories_of_a_release_are_small() -> None:
    assert sum(path.stat().st_size for path in (FOLDER / RELEASE).iterdir()) < BYTES_MAX


@pytest.mark.parametrize(
    ("service", "event"),
    [
        ("promotion", "TrialClosed"),
        ("promotion", "Thawed"),
        ("promotion", "ReignAcknowledged"),
        ("promotion", "CommandTaken"),
        ("shadow", "EvidenceMeasured"),
    ],
)
def test_an_evolve_that_learns_otherwise_is_found(service: str, event: str) -> None:
    export = read(STORY)
    found = states(export, forgetting(service, event))
    changed = {lane for lane, state in export.manifest.states.items() if found[lane] != state}
    assert changed == {f"km.{service}.v1/0"}


def test_a_lane_that_was_forged_and_chained_anew_is_found_by_its_witness() -> None:
    export = read(STORY)
    promotion, shadow = export.log.lanes()
    forged = chained_anew(list(export.log.read(shadow, 0)[0]), 40)
    lanes = {promotion: export.log.read(promotion, 0)[0], shadow: forged}
    log = ExportedLog(export.manifest.incarnation, lanes)
    with pytest.raises(LaneDamagedError, match="the lane was forged"):
        verify(log, log.lanes(), partial=True)


def chained_anew(records: list[Record], at: int) -> list[Record]:
    records[at] = replace(records[at], time_ms=records[at].time_ms + 1)
    for later in range(at + 1, len(records)):
        records[later] = replace(records[later], prev=records[later - 1].hash)
    return records


def forgetting(name: str, event: str) -> Build:
    """Return services of which one does not learn from one kind of event."""

    def build(desks: Sequence[Desk]) -> Sequence[AnyService]:
        return [_forgets(one) if one.name == name else one for one in build_services(desks)]

    def _forgets(service: AnyService) -> AnyService:
        def evolve(state: Any, learned: Any) -> Any:  # noqa: ANN401 - of any service
            return state if type(learned).__name__ == event else service.evolve(state, learned)

        return replace(service, evolve=evolve)

    return build
