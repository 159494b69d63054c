"""What people order of a cluster home in a test, and what is asked of it afterwards."""

import contextlib
from typing import Any

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.kernel.lane import Draft
from kingmaker.runtime.cli import smoke
from kingmaker.runtime.models.shipped import shipped
from kingmaker.runtime.models.store import ArtifactStore
from tests.chaos import checker
from tests.chaos.cluster import DESK, ClusterHome
from tests.simulation.crown_invariants import CrownWatch

SLOT = f"online_learning@{DESK}"
NINE = len(COMPONENTS)


def crown_a_challenger(home: ClusterHome) -> None:
    """Offer a bundle in other bytes, wait until it is warm, crown it by command."""
    bundle = smoke._variant(shipped()["online_learning"])
    digest = ArtifactStore(home.folder / "artifacts").put(bundle)
    now = home.records("promotion")[-1].time_ms
    about = {"slot": SLOT, "actor": "test", "reason": "chaos", "time_ms": now}
    size = len(bundle.model)
    home.command(
        "registry", "OfferModel", command_id="offer", digest=digest, size_bytes=size,
        origin="converted", **about,
    )  # fmt: skip
    home.await_that("the challenger is warm", lambda: bool(warmed(home, digest)))
    model = warmed(home, digest)[0].model
    home.command(
        "promotion", "DirectPromotion", command_id="crown", slot=SLOT, model=model,
        actor="test", reason="chaos", issued_at_ms=now,
    )  # fmt: skip
    home.await_that("it acts", lambda: len(home.said("trader", "ChampionActivated")) == NINE + 1)


def roll_back(home: ClusterHome, number: int) -> None:
    """Order a rollback of what reigns."""
    home.send("promotion", [rollback(home, number, home.records("promotion")[-1].time_ms)])


def rollback(home: ClusterHome, number: int, now_ms: int) -> Draft:
    """Return a signed command; its number makes it another one."""
    return home.draft(
        "promotion", "Rollback", command_id=f"back-{number}", slot=SLOT,
        actor="test", reason="chaos", issued_at_ms=now_ms,
    )  # fmt: skip


def is_answered(home: ClusterHome, number: int) -> bool:
    """Tell whether a rollback was taken, once."""
    taken = [said.command_id for said in home.said("promotion", "CommandTaken")]
    return taken.count(f"back-{number}") == 1


def warmed(home: ClusterHome, digest: str) -> list[Any]:
    """Return who said that a challenger is warm."""
    return [said for said in home.said("trader", "ChallengerWarmed") if said.digest == digest]


def terms(home: ClusterHome) -> int:
    """Count the processes that wrote promotion's lane."""
    return len({record.term for record in home.records("promotion")})


def ready(home: ClusterHome, name: str) -> bool:
    """Tell whether a process says that it is ready."""
    with contextlib.suppress(OSError):
        return bool(home.readiness(name)["ok"])
    return False


def watched(home: ClusterHome, *, settled: bool = True) -> CrownWatch:
    """Run the invariant checker."""
    log = home.log()
    try:
        return checker.check(log, home.desks, settled=settled)
    finally:
        log.close()
