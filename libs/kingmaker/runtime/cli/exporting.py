"""Writes a trial or a promotion into a file for another machine."""

from pathlib import Path

from kingmaker.contracts.topics import event_topic
from kingmaker.kernel.lane import Lane
from kingmaker.runtime.audited import find
from kingmaker.runtime.cli.audit import named
from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.opening import Opened
from kingmaker.runtime.cli.options import Options, writable
from kingmaker.runtime.cli.output import one
from kingmaker.runtime.export import models_of, needed
from kingmaker.runtime.export_file import Manifest, Models, write
from kingmaker.runtime.models.bundle import GOLDEN, MANIFEST, MODEL
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.release import RELEASE


def export_to(home: Opened, name: str, out: Path, options: Options, *, with_models: bool) -> int:
    """Write the file, and say what is in it."""
    full = named(home, name)
    if writable(out).exists():
        raise CommandError(f"--out: {out} is there already. Name another file.", Exit.USAGE)
    desk = home.desk(full.partition("@")[2])
    lane = Lane(event_topic("promotion"), desk.index)
    lanes = needed(home.log, find(home.log, lane, full))
    models: Models = {}
    if with_models:
        store = ArtifactStore(home.home.artifacts)
        for digest in models_of(lanes, lane):
            bundle = store.read(digest)
            files = {MODEL: bundle.model, GOLDEN: bundle.golden, MANIFEST: bundle.manifest}
            models[digest] = files
    manifest = Manifest(
        RELEASE, home.log.incarnation, tuple(each.name for each in home.desks), full
    )
    size = write(out, manifest, lanes, models)
    records = sum(map(len, lanes.values()))
    answer = {
        "file": str(out),
        "subject": full,
        "bytes": size,
        "records": records,
        "lanes": {str(lane): len(found) for lane, found in lanes.items()},
        "models": sorted(models),
    }
    line = (
        f"{out}: {records:,} records of {len(lanes)} lanes, {len(models)} models, {size:,} bytes."
        f" Recompute it anywhere: kingmaker audit {full} --from-export {out.name}"
    )
    one(answer, [line], options.output)
    return Exit.DONE
