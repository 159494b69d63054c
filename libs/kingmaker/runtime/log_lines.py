"""Log lines: one JSON object an event in `logs/kingmaker.log`, with tags that people grep for."""

from pathlib import Path
from typing import Any, Self, TextIO

import structlog

from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Step
from kingmaker.runtime.telling import tell

NAME = "kingmaker.log"


class LogLines:
    """Writes what accepted events say; a line never holds a setting or a secret."""

    def __init__(self, folder: Path) -> None:
        """Append to the file in `folder`; make the folder if need be."""
        folder.mkdir(parents=True, exist_ok=True)
        self._file = (folder / NAME).open("a", encoding="utf-8")
        self._log = logger(self._file)

    def __enter__(self) -> Self:
        """Use it in a `with` block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._file.close()

    def show(self, lane: Lane, step: Step[Any]) -> None:
        """Write the lines of a step that was just made durable."""
        if not step.events:
            return
        for record, event in zip(step.records, step.events, strict=True):
            line = tell(record.kind, event)
            if line is not None:
                self._log.log(
                    LEVELS[line.level],
                    f"{line.title}: {line.text}",
                    tag=f"[{line.tag}]",
                    slot=line.slot or None,
                    version=line.version or None,
                    event_id=f"{lane}/{record.seq}",
                    market_time_ms=record.time_ms,
                )

    def say(self, event: str, tag: str = "HEALTH", **fields: object) -> None:
        """Write a line about this process."""
        self._log.info(event, tag=f"[{tag}]", **fields)


LEVELS = {"info": 20, "warning": 30, "error": 40, "critical": 50}


def logger(stream: TextIO) -> Any:  # noqa: ANN401 - structlog's own
    """Return what writes one JSON object a line to `stream`."""
    return structlog.wrap_logger(
        structlog.WriteLogger(stream),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.EventRenamer("event"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS["info"]),
        cache_logger_on_first_use=True,
    )
