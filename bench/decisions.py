"""What a decision costs: the champion's against bare onnxruntime, each challenger's beside it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from bench.bare_calls import BareCalls
from bench.desk import Rig, bars_of
from bench.figures import Figure, Goal
from bench.rounds import processor_seconds
from bench.stage import Bench, Stage
from kingmaker.contracts.codec import message_class
from kingmaker.contracts.topics import event_topic
from kingmaker.kernel.lane import Lane
from kingmaker.runtime.history import decided
from kingmaker.runtime.models import shipped
from kingmaker.runtime.models.runner import ModelRunner
from kingmaker.runtime.models.store import ArtifactStore

US = 1e6
COMPONENT = "online_learning"
CHALLENGERS = 4
WARM_UP = 0.1  # of the opportunities: caches fill, processors wake up


@dataclass
class Times:
    """Processor seconds at each opportunity, all of them taken side by side."""

    bare: list[float] = field(default_factory=list)
    champion: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    all: list[float] = field(default_factory=list)
    scene: list[float] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)

    def us(self, name: str) -> float:
        """Return the median of one kind in microseconds."""
        times: list[float] = getattr(self, name)
        return US * median(times[int(WARM_UP * len(times)) :])


def measure(bench: Bench) -> Iterator[Figure]:
    """Decide real opportunities with 0, 1 and 4 challengers, and run the champion's graphs bare."""
    times = _take(bench.hourly, bench.size.opportunities)
    bare, champion, first = times.us("bare"), times.us("champion"), times.us("first")
    further = (times.us("all") - first) / (CHALLENGERS - 1)
    yield Figure(
        "decision of the champion : bare onnxruntime calls",
        champion / bare,
        goal=Goal(1.5),
        notes=(
            f"{champion:.0f} us from the bar to what is decided",
            f"of these {times.us('scene'):.0f} us for features: the bar's, the regime's memory",
            f"{bare:.0f} us in {median(times.calls):.0f} bare calls",
            f"medians of {len(times.bare)} opportunities",
        ),
    )
    yield Figure(
        "each further challenger : the first",
        further / (first - champion),
        goal=Goal(0.5),
        notes=(
            f"the first adds {first - champion:.0f} us, each of three more {further:.0f} us",
            "in this process and in the challengers'",
        ),
    )


def _take(stage: Stage, opportunities: int) -> Times:
    times = Times()
    store = ArtifactStore(stage.home.artifacts)
    digests = shipped.install(store)
    challengers = _trained(stage)[:CHALLENGERS]
    bare = BareCalls(store)
    with ModelRunner(store) as runner:
        for digest in (*digests.values(), *challengers):
            runner.load(digest)
        rigs = {
            "champion": _rig(stage, runner, digests, ()),
            "first": _rig(stage, runner, digests, challengers[:1]),
            "all": _rig(stage, runner, digests, challengers),
        }
        for bar in bars_of(stage):
            heard = {name: rig.hear(bar) for name, rig in rigs.items()}
            questions = heard["champion"].questions
            if not questions:
                continue
            for name, one in heard.items():
                getattr(times, name).append(one.seconds)
            times.scene.append(heard["champion"].scene_seconds)
            times.bare.append(bare.seconds(questions))
            times.calls.append(len(questions) + sum(len(q.memory) for q in questions))
            if len(times.bare) == opportunities:
                return times
    return times


def _rig(
    stage: Stage, runner: ModelRunner, digests: dict[str, str], challengers: Sequence[str]
) -> Rig:
    pid = runner.child_pid if challengers else None
    rig = Rig(stage, runner.answer, lambda: processor_seconds(pid))
    rig.crown(digests)
    rig.challenge(COMPONENT, challengers)
    return rig


def _trained(stage: Stage) -> list[str]:
    """Return what the trainings of a played home made for the component, the latest first."""
    completed = message_class("kingmaker.learners.v1", "TrainingCompleted")
    kind = str(completed.DESCRIPTOR.full_name)
    with stage.log() as log:
        lane = Lane(event_topic("learners"))
        said = [completed.FromString(r.value) for r in decided(log, lane) if r.kind == kind]
    digests = [one.digest for one in said if one.slot.startswith(COMPONENT)]  # type: ignore[attr-defined] # generated at run time
    found = list(dict.fromkeys(reversed(digests)))
    assert len(found) >= CHALLENGERS, f"{len(found)} models were trained, {CHALLENGERS} are needed"
    return found
