"""Alerts in `alerts.log`: one JSON object a line, durable when the channel says so."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from kingmaker.alerting.channels import Alert, Send

NAME = "alerts.log"


def open_channel(folder: Path) -> Send:
    """Return what appends to the file; OSError where the disk does not take it."""

    def send(alert: Alert) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / NAME).open("ab") as file:
            file.write(line_of(alert))
            file.flush()
            os.fsync(file.fileno())

    return send


def line_of(alert: Alert) -> bytes:
    """Return the alert as one line."""
    occurred = datetime.fromtimestamp(alert.occurred_at_ms / 1000, UTC)
    content = {
        "occurred_at": occurred.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "key": alert.key,
        "type": alert.type,
        "severity": alert.severity,
        "state": alert.state or "firing",
        "slot": alert.slot,
        "version": alert.version,
        "message": alert.message,
        "value": alert.value,
        "threshold": alert.threshold,
        "n": alert.n,
        "cause": alert.cause,
        "undo": alert.undo,
    }
    return json.dumps(content, ensure_ascii=False).encode() + b"\n"
