"""Everything but log, manifest and artifacts is a cache: deleting it changes nothing."""

import shutil
from collections.abc import Callable

from kingmaker.runtime.engine import Engine
from kingmaker.runtime.release import RELEASE
from kingmaker.runtime.services import build_services
from kingmaker.runtime.snapshots import Snapshots
from tests.scenarios.playing import Stage


def states(stage: Stage, *, snapshots: bool) -> dict[str, str]:
    """Return every service's state hash, from snapshot and tail or from the whole lane."""
    kept = Snapshots(stage.home.snapshots, RELEASE)
    found: dict[str, str] = {}
    with stage.log() as log:
        for service in build_services(stage.desks):
            engine = Engine(service, log)
            engine.replay(kept.newest(service.lane) if snapshots else {})
            found[str(service.lane)] = engine.host.state_hash
    return found


def test_snapshot_and_tail_give_the_state_of_a_full_replay(demo: Stage) -> None:
    assert states(demo, snapshots=True) == states(demo, snapshots=False)


def test_without_caches_a_restart_believes_the_same(
    demo: Stage, copy_of: Callable[[Stage], Stage]
) -> None:
    stage = copy_of(demo)
    before = states(stage, snapshots=False)
    shutil.rmtree(stage.home.snapshots)
    stage.home.views.unlink(missing_ok=True)
    for folder in ("logs", "model_registry", stage.home.compiled.name):
        shutil.rmtree(stage.home.path / folder, ignore_errors=True)
    digest_again = stage.play()
    with stage.log() as log:
        assert log.lanes()
    assert states(stage, snapshots=False) == before
    assert digest_again == demo.play(0)
