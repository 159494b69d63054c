"""Folds recorded histories with the code of today: python -m tests.histories.fold prints states."""

import hashlib
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kingmaker.contracts.desks import Desk
from kingmaker.kernel.host import Host
from kingmaker.runtime.engine import AnyService
from kingmaker.runtime.export_file import Export, read
from kingmaker.runtime.history import accepted
from kingmaker.runtime.log import Log
from kingmaker.runtime.services import build_services

FOLDER = Path(__file__).parent
SUFFIX = ".km.gz"
EVERY_RECORDS = 25

type Build = Callable[[Sequence[Desk]], Sequence[AnyService]]


def recorded() -> list[Path]:
    """Return the histories of every release."""
    return sorted(FOLDER.glob(f"*/*{SUFFIX}"))


def states(export: Export, build: Build = build_services) -> Mapping[str, str]:
    """Return the hash of the state of every lane that a history holds."""
    desks = [Desk(name, index) for index, name in enumerate(export.manifest.desks)]
    held = set(export.log.lanes())
    return {str(one.lane): state_of(one, export.log) for one in build(desks) if one.lane in held}


def state_of(service: AnyService, log: Log) -> str:
    """Return one hash of the states that a lane leads to: of every 25th record, and of its end.

    An end alone would not show what was learned on the way and forgotten again.
    """
    host: Host[Any, Any, Any, Any] = Host(service, "golden", log.incarnation)
    hashes = hashlib.sha256()
    for record in accepted(log, service.lane):
        host.replay(record)
        if record.seq % EVERY_RECORDS == 0:
            hashes.update(host.state_hash.encode())
    hashes.update(host.state_hash.encode())
    return hashes.hexdigest()


def main() -> None:
    """Print the states of all histories."""
    found = {str(path.relative_to(FOLDER)): states(read(path)) for path in recorded()}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
