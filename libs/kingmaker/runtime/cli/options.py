"""Options that many commands share."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from kingmaker.runtime.cli.exits import CommandError, Exit


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Options:
    """Where to look, and how to answer."""

    home: Path | None = None
    "Folder of the kingdom. Default: KINGMAKER_HOME, else ~/.local/share/kingmaker."

    output: Annotated[Literal["table", "json", "jsonl"], Parameter(name=("--output", "-o"))] = (
        "table"
    )
    "Form of the answer on standard output."


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Words:
    """What a person says with a command."""

    reason: str
    "Why; it stands in the log for ever."

    actor: str = ""
    "Who. Default: the user of this machine."

    key: Path | None = None
    "File of the private key that signs. Default: KINGMAKER_KEY, else the home's own."

    timeout: float = 30.0
    "Seconds to wait for the answer."


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs what another has said."""

    key: Path | None = None
    "File of the private key that signs. Default: KINGMAKER_KEY, else the home's own."

    timeout: float = 30.0
    "Seconds to wait for the answer."


def writable(file: Path) -> Path:
    """Return a file whose folder is there, and that is none; CommandError names the folder else."""
    if not file.parent.is_dir():
        raise CommandError(
            f"--out: there is no folder {file.parent}. Make it, or name another file.", Exit.USAGE
        )
    if file.is_dir():
        raise CommandError(f"--out: {file} is a folder. Name a file in it.", Exit.USAGE)
    return file
