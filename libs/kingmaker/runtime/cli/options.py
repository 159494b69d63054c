"""Options that many commands share."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Common:
    """Where to look, and how to answer."""

    home: Path | None = None
    "Folder of the kingdom. Default: KINGMAKER_HOME, else ~/.local/share/kingmaker."

    output: Annotated[Literal["table", "json", "jsonl"], Parameter(name=("--output", "-o"))] = (
        "table"
    )
    "Form of the answer on standard output."
