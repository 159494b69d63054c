"""Which processes a cluster runs, what each needs, and how large it may grow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kingmaker.contracts.topics import TOPICS

type Need = Literal["kafka", "postgres"]

PORTS: dict[Need, int] = {"kafka": 9092, "postgres": 5432}
MEMORY = {"trader": "2Gi", "learners": "3Gi", "registry": "2Gi"}  # models are asked, trained, tried
MEMORY_OF_OTHERS = "1Gi"


@dataclass(frozen=True, slots=True)
class Workload:
    """One service as Kubernetes runs it. `per_desk`: its lanes are spread over its pods."""

    name: str
    per_desk: bool
    needs: tuple[Need, ...] = ("kafka",)

    @property
    def memory(self) -> str:
        """The most memory that a pod of it may take."""
        return MEMORY.get(self.name, MEMORY_OF_OTHERS)


def services() -> Sequence[Workload]:
    """Return everything that `kingmaker service run` can run."""
    return [Workload(topic.service, topic.per_desk) for topic in TOPICS]
