"""Reasons of refusals as people read them: a recorded reason says times in milliseconds."""

import re
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TIME = re.compile(r"\b(until|at|is|from|since) (\d{12,13})\b")  # 1973 to 2286


def dated(reason: str) -> str:
    """Return a reason with its times in ISO 8601, UTC; the record itself stays as it was written.

    expired: it was good until 1700000000005 -> ... until 2023-11-14T22:13:20.005Z
    """
    return TIME.sub(lambda found: f"{found[1]} {_iso(int(found[2]))}", reason)


def _iso(time_ms: int) -> str:
    moment = EPOCH + timedelta(milliseconds=time_ms)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"
