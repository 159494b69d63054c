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
    words: tuple[str, ...] = ()  # its command line; empty: service run NAME, with a home
    principal: str = ""  # who it is on Kafka; empty: its name

    @property
    def sees_topics(self) -> bool:
        """Whether its principal may look at what is set on topics, and so wait for them."""
        return not self.words

    @property
    def who(self) -> str:
        """Who it is on Kafka."""
        return self.principal or self.name

    @property
    def memory(self) -> str:
        """The most memory that a pod of it may take."""
        return MEMORY.get(self.name, MEMORY_OF_OTHERS)


FOLLOWERS = (  # they write no lane, and nobody waits for them
    Workload("views", per_desk=False, needs=("kafka", "postgres")),
    Workload("analytics", per_desk=False, words=("analytics", "run"), principal="windows"),
)


def services() -> Sequence[Workload]:
    """Return every process that runs for as long as the desks do."""
    return [*(Workload(topic.service, topic.per_desk) for topic in TOPICS), *FOLLOWERS]
