"""When a job that failed is tried again: after ten seconds, then forty, of market time, and jitter.

The jitter follows from the job's own id: jobs that broke together do not come back together.
"""

import hashlib

BACKOFF_MS = (10_000, 40_000)  # after the first and after every later failure
JITTER_SHARE = 5  # a fifth longer at most


def retry_at_ms(due_ms: int, job: str, attempt: int) -> int:
    """Return from when on the next attempt may begin, of one that was due and failed."""
    backoff_ms = BACKOFF_MS[min(max(attempt, 1), len(BACKOFF_MS)) - 1]
    digest = hashlib.sha256(attempt_id(job, attempt).encode()).digest()
    return due_ms + backoff_ms + int.from_bytes(digest[:4]) % (backoff_ms // JITTER_SHARE)


def attempt_id(job: str, attempt: int) -> str:
    """Return what an attempt is called: tr-0001/2."""
    return f"{job}/{attempt}"
