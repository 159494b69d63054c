"""What `up` says of learning before it plays on: who counts outcomes, what waits, what is loaded.

Nothing where no head weights are learned.
"""

from collections.abc import Iterator, Sequence

from kingmaker.runtime import learning
from kingmaker.runtime.cli.output import moment
from kingmaker.runtime.learning import Query

NOT_YET = "after the first bar"


def lines_of(query: Query, desks: Sequence[str], *, learns: bool) -> Iterator[str]:
    """Yield a line each of the scheduler, and of every desk's coordinator, analytics, monitor."""
    if not learns:
        return
    jobs = [
        f"{job['name']} {moment(job['next_run_ms']) if job['next_run_ms'] else NOT_YET}"
        for job in learning.scheduler(query, desks)["jobs"]
    ]
    yield f"   ▸ scheduler: {', '.join(jobs)}"
    for desk in desks:
        yield from _of_desk(query, desk)


def _of_desk(query: Query, desk: str) -> Iterator[str]:
    counted = learning.stats(query, desk)
    learns, watches = counted["coordinator"], counted["monitor"]
    overall = learning.performance(query, desk)["overall"]
    version, weights = learning.current(query, desk)
    told = ", ".join(f"{name} {weight:.4f}" for name, weight in weights.items())
    yield (
        f"   ▸ coordinator of {desk}: {learns['outcomes_processed']:,} outcomes processed,"
        f" {learns['head_weight_updates']:,} updates of head weights"
    )
    yield f"   ▸ analytics of {desk}: won % {learning.estimate(overall['win_rate'])}"
    yield f"   ▸ monitor of {desk}: {watches['signals_monitored']:,} signals open"
    yield f"   ▸ loaded for {desk}: head weights, version {version}: {told}"
