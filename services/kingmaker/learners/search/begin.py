"""From a training to its search: where none is asked for, none of its libraries is imported."""

from collections.abc import Callable, Mapping
from pathlib import Path

from kingmaker.learners import learners
from kingmaker.learners.experience import Experience
from kingmaker.learners.search import space
from kingmaker.learners.search.found import NOTHING, Found, Job


def find(job: Job, learned: Experience, tell: Callable[[str], None]) -> Found:
    """Look for parameters, where the job's own ask for that; nothing is found where they do not."""
    if space.TRIALS not in job.parameters:
        return NOTHING
    try:
        from kingmaker.learners.search import study  # noqa: PLC0415 - only where it is asked for
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("kingmaker"):
            raise
        raise learners.NotInstalledError(
            f"a search needs {error.name}, which is not installed: pip install kingmaker[learners]"
        ) from error
    return study.search(job, learned, lambda said: tell(f"{job.component}: {said}"))


def job_of(
    component: str, seed: int, parameters: Mapping[str, float], kept: tuple[Path, str] | None
) -> Job:
    """Return the search of a training; `kept` is the folder of its journal, and its name."""
    folder, training = kept or (None, "")
    return Job(component, seed, parameters, training, folder)
