"""Alerts on the terminal: standard error, a line each, the way back below it."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from kingmaker.alerting.channels import Alert, Send

TAGS = {
    "promotion_executed": "PROMOTION",
    "promotions_frozen": "PROMOTION",
    "rollback_triggered": "ROLLBACK",
    "rollback_impossible": "ROLLBACK",
    "swap_failed": "MODEL-RELOAD",
    "champion_lost": "MODEL-RELOAD",
    "artifact_refused": "MODEL-RELOAD",
    "job_abandoned": "JOB",
    "kill_switch": "RISK",
    "drift_detected": "DRIFT",
    "guard_reduced": "GUARD",
    "guard_paused": "GUARD",
}


def open_channel(_folder: Path) -> Send:
    """Return what writes to the terminal of this process, as it is when it writes."""
    return lambda alert: show(alert, sys.stderr)


def show(alert: Alert, terminal: TextIO) -> None:
    """Write one alert; control characters in it stay harmless."""
    occurred = datetime.fromtimestamp(alert.occurred_at_ms / 1000, UTC)
    tag = TAGS.get(alert.type, "SHADOW")
    about = f"{alert.state}: {alert.message}" if alert.state else alert.message
    lines = [f"{occurred:%Y-%m-%d %H:%M} {alert.severity:<8} [{tag}] {about}"]
    if alert.undo:
        lines.append(f"  undo: {alert.undo}")
    terminal.write("".join(f"{_printable(line)}\n" for line in lines))
    terminal.flush()


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)
