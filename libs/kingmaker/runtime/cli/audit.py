"""`kingmaker audit`: recomputes a promotion, or verifies the whole log. Writes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cyclopts import App

from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.opening import Opened, opened
from kingmaker.runtime.cli.options import Options, writable
from kingmaker.runtime.cli.output import one
from kingmaker.runtime.cli.overwriting import replaceable
from kingmaker.runtime.cli.progress import Progress
from kingmaker.runtime.home import write_file

if TYPE_CHECKING:
    from kingmaker.runtime.audit import Auditor, Report

VERIFY = "verify"

app = App(name="audit", help="Recompute a promotion, or verify the whole log.")


@app.default
def audit(
    promotion: str,
    /,
    *,
    whole: bool = False,
    from_export: Path | None = None,
    options: Options | None = None,
) -> int:
    """Recompute a promotion from the log: chain, state, evidence and gates, models.

    Exit 3 at the first difference, with its topic, lane and seq.

    :param promotion: p-0010@DESK as `champion history` shows it (a rollback too), t-0001@DESK for a
        trial, or `verify` for the whole log.
    :param whole: Decide the lanes anew from their first record, not from where the trial opened.
    :param from_export: A file of `kingmaker trial export`, in place of a home.
    """
    options = options or Options()
    if from_export is not None:
        from kingmaker.runtime.cli.exported import audit_file  # noqa: PLC0415 - costs only this

        return audit_file(from_export, promotion, options, whole=whole)
    with opened(options.home) as home:
        if promotion == VERIFY:
            return _verify(home, options)
        return _audit(home, named(home, promotion), options, whole=whole)


@app.command
def report(promotion: str, /, *, out: Path | None = None, options: Options | None = None) -> int:
    """Recompute a promotion and write one HTML page about it, readable without Kingmaker.

    Exit 3 if anything differs; the page says what.

    :param promotion: p-0010@DESK or t-0001@DESK, as for `audit`.
    :param out: The file. Default: audit-NAME.html here.
    """
    from kingmaker.runtime.report.page import OPENING  # noqa: PLC0415 - costs only this command

    options = options or Options()
    with opened(options.home) as home:
        name = named(home, promotion)
        file = replaceable(writable(out or Path(f"audit-{name}.html")), OPENING, "--out")
        with _auditing(home, name, whole=False) as auditor:
            found = auditor.audit(name)
            written = _page(home, auditor, found)
    write_file(file, written.encode())
    answer = {"file": str(file), "level": found.level, "identical": found.identical}
    lines = [f"{file}: {len(written):,} characters, nothing else is needed to read it."]
    if not found.identical:
        lines.append(f"{name} DIFFERS. {found.first_difference}")
    one(answer, lines, options.output)
    return Exit.DONE if found.identical else Exit.NO


def _page(home: Opened, auditor: "Auditor", found: "Report") -> str:
    from kingmaker.kernel.lane import LaneDamagedError  # noqa: PLC0415 - costs only this command
    from kingmaker.runtime.report.collect import collect  # noqa: PLC0415 - as above
    from kingmaker.runtime.report.page import page  # noqa: PLC0415 - as above

    try:
        return page(collect(home.log, auditor.find(found.promotion)), found)
    except LaneDamagedError as damage:
        raise CommandError(
            f"no page can be written about {found.promotion}: {damage}", Exit.NO
        ) from damage


@contextmanager
def _auditing(home: Opened, promotion: str, *, whole: bool) -> Iterator["Auditor"]:
    from kingmaker.runtime.parts.running import Parts  # noqa: PLC0415 - costs only this command
    from kingmaker.runtime.parts.words import Place  # noqa: PLC0415 - as above

    # The parts' process starts while this one imports the rest.
    with Parts(Place.of(home.home, home.desks)) as parts, Progress(f"auditing {promotion}") as seen:
        from kingmaker.runtime.anchors import Anchors  # noqa: PLC0415 - as above
        from kingmaker.runtime.assembly import answering  # noqa: PLC0415 - as above
        from kingmaker.runtime.audit import SERVICES, Auditor  # noqa: PLC0415 - as above
        from kingmaker.runtime.kept_log import KeptLog  # noqa: PLC0415 - as above
        from kingmaker.runtime.services import build_services  # noqa: PLC0415 - as above

        with answering(home.home) as answer:
            yield Auditor(
                log=KeptLog(home.log),
                lanes=sorted(home.log.lanes()),
                desks=home.desks,
                build=partial(build_services, names=SERVICES),
                answer=answer,
                check_models=lambda digests: _first_fault(home, digests),
                anchors=Anchors(home.home.anchors),
                progress=lambda _level, count: seen.show(count),
                whole=whole,
                parts=parts,
            )


def _audit(home: Opened, promotion: str, options: Options, *, whole: bool) -> int:
    with _auditing(home, promotion, whole=whole) as auditor:
        found = auditor.audit(promotion)
    row = home.query("SELECT kind FROM promotions WHERE promotion = ?", promotion)
    tell(found, row[0]["kind"] if row else "", options)
    return Exit.DONE if found.identical else Exit.NO


def tell(found: "Report", recorded: str, options: Options) -> None:
    """Print what was compared, and how far it was the same."""
    from kingmaker.runtime.audit import LEVELS  # noqa: PLC0415 - costs only this command

    unlike = "-" if found.identical else "✗"  # where nothing differs, the rest was not compared
    lines = [
        f"  {'✓' if _reached(found.level, level, LEVELS) else unlike} {level}" for level in LEVELS
    ]
    lines += [f"    {line}" for line in found.notes]
    if found.identical:
        lines.append(
            f"{found.promotion}: {found.events:,} events in an unbroken chain, and of what was"
            f" decided anew every bit the same: identical. {found.seconds:.1f} s"
        )
    else:
        lines.append(f"{found.promotion} DIFFERS. {found.first_difference}")
    again = recorded if _reached(found.level, LEVELS[2], LEVELS) else ""
    one({**asdict(found), "recorded": recorded, "recomputed": again}, lines, options.output)


def _verify(home: Opened, options: Options) -> int:
    from kingmaker.kernel.lane import LaneDamagedError  # noqa: PLC0415 - costs only this command
    from kingmaker.runtime.anchors import Anchors  # noqa: PLC0415 - as above
    from kingmaker.runtime.verify import verify  # noqa: PLC0415 - as above

    try:
        with Progress("verifying the log") as progress:
            found = verify(
                home.log,
                sorted(home.log.lanes()),
                Anchors(home.home.anchors),
                progress.show,
            )
    except LaneDamagedError as damage:
        answer: dict[str, Any] = {"whole": False, "first_difference": str(damage)}
        one(answer, [f"DAMAGED. {damage}"], options.output)
        return Exit.NO
    line = (
        f"{found.records:,} records in {found.lanes} lanes, {found.witnesses:,} witnesses: every"
        f" chain is whole and every consumer saw the same."
    )
    one({"whole": True, **asdict(found)}, [line], options.output)
    return Exit.DONE


def named(home: Opened, name: str) -> str:
    """Return the full name of a promotion or trial; the desk may be left out where it is clear."""
    known = [row["promotion"] for row in home.query("SELECT promotion FROM promotions")]
    known += [row["trial"] for row in home.query("SELECT trial FROM trials")]
    found = [full for full in known if name in (full, full.partition("@")[0])]
    if len(found) == 1:
        return str(found[0])
    if found:
        raise CommandError(f"{name} is the name of several: {', '.join(found)}.", Exit.USAGE)
    raise CommandError(
        f"no promotion and no trial is called {name!r}. `kingmaker champion history` lists"
        f" promotions, `kingmaker trial ls` trials.",
        Exit.USAGE,
    )


def _first_fault(home: Opened, digests: Any) -> str:  # noqa: ANN401 - a sequence of digests
    """Check models by every rule; return the first fault, or nothing."""
    from kingmaker.runtime.models.errors import ModelRefusedError  # noqa: PLC0415 - as above
    from kingmaker.runtime.models.examination import Examination  # noqa: PLC0415 - as above
    from kingmaker.runtime.models.store import ArtifactStore  # noqa: PLC0415 - as above

    store = ArtifactStore(home.home.artifacts)
    with Examination() as examination:
        for digest in digests:
            rows = home.query("SELECT component FROM models WHERE digest = ?", digest)
            if not rows:
                return f"{digest[:12]} was never registered"
            try:
                examination.examine(store, digest, rows[0]["component"])
            except ModelRefusedError as error:
                return f"model {digest[:12]}: {error}"
    return ""


def _reached(reached: str, level: str, levels: tuple[str, ...]) -> bool:
    return bool(reached) and levels.index(level) <= levels.index(reached)
