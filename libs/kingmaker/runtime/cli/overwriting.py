"""What may be written over: nothing, or what the same command wrote before."""

from pathlib import Path

from kingmaker.runtime.cli.exits import CommandError, Exit


def replaceable(file: Path, begins: str, option: str) -> Path:
    """Return a file that is not there yet, or that begins as everything that is written here does.

    CommandError names the option: nobody's notes are lost to a name that was mistyped.
    """
    if file.is_file() and not _starts(file, begins.encode()):
        raise CommandError(
            f"{option}: {file} is there already, and was not written by this command. Name another"
            f" file, or remove it.",
            Exit.USAGE,
        )
    return file


def _starts(file: Path, begins: bytes) -> bool:
    with file.open("rb") as there:
        return there.read(len(begins)) == begins
