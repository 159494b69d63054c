"""Audits a promotion from a file of `kingmaker trial export`, on a machine without its home."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kingmaker.contracts.desks import Desk
from kingmaker.kernel.lane import LaneDamagedError
from kingmaker.runtime.assembly import answering
from kingmaker.runtime.audit import LEVELS, Auditor
from kingmaker.runtime.cli.audit import tell
from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.options import Options
from kingmaker.runtime.cli.output import one
from kingmaker.runtime.cli.progress import Progress
from kingmaker.runtime.export_file import Export, read
from kingmaker.runtime.home import Home
from kingmaker.runtime.models.bundle import GOLDEN, MANIFEST, MODEL, Bundle
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.services import build_services

PROVES = (
    "An export proves that these lanes are whole from their first record on, that each consumed"
    " what the others hold, and that this release decides the same from it. It does not prove that"
    " its writer holds no other history: compare the last hashes with the home, or an anchor."
)


def audit_file(file: Path, promotion: str, options: Options, *, whole: bool) -> int:
    """Recompute what the file holds; exit 3 at the first difference, a damaged record too."""
    try:
        export = read(file)
    except LaneDamagedError as damage:
        answer = {"promotion": promotion, "identical": False, "first_difference": str(damage)}
        one(answer, [f"{promotion} DIFFERS. {damage}"], options.output)
        return Exit.NO
    name = _named(export, promotion)
    with _home_of(export) as home, answering(home) as answer_of, Progress(f"auditing {name}") as p:
        auditor = Auditor(
            log=export.log,
            lanes=export.log.lanes(),
            desks=[Desk(desk, index) for index, desk in enumerate(export.manifest.desks)],
            build=build_services,
            answer=answer_of,
            check_models=ArtifactStore(home.artifacts).fault_of,
            progress=lambda _level, count: p.show(count),
            levels=LEVELS if export.models else LEVELS[:-1],
            partial=True,
            whole=whole,
        )
        found = auditor.audit(name)
    found.notes.append(PROVES)
    found.notes += [
        f"{lane} ends with {export.log.read(lane, 0)[0][-1].hash}" for lane in export.log.lanes()
    ]
    tell(found, "", options)
    return Exit.DONE if found.identical else Exit.NO


def _named(export: Export, name: str) -> str:
    """Return the full name; the desk may be left out, as the file is about one."""
    subject = export.manifest.subject
    if "@" not in name:
        name = f"{name}@{subject.partition('@')[2]}"
    if name.partition("@")[2] not in export.manifest.desks:
        raise CommandError(f"this export is about {subject}, not about {name}.", Exit.USAGE)
    return name


@contextmanager
def _home_of(export: Export) -> Iterator[Home]:
    """Yield a folder that holds the models of the file, and nothing else."""
    with tempfile.TemporaryDirectory(prefix="kingmaker-export-") as folder:
        home = Home(Path(folder))
        store = ArtifactStore(home.artifacts)
        for files in export.models.values():
            store.put(Bundle(files[MODEL], files[GOLDEN], files[MANIFEST]))
        yield home
