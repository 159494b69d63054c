"""`kingmaker learn checklist`: what a desk that learns should show by now."""

from kingmaker.runtime import checklist as points
from kingmaker.runtime.cli.exits import Exit
from kingmaker.runtime.cli.opening import opened
from kingmaker.runtime.cli.options import Options
from kingmaker.runtime.cli.output import Column, rows

POINTS = (
    Column("DESK", "desk"),
    Column("AFTER DAYS", "due_days", str, right=True),
    Column("POINT", "what"),
    Column("STATE", "state"),
    Column("SEEN", "seen"),
)


def checklist(desk: str = "", /, *, options: Options | None = None) -> int:
    """Go through what should be seen after a day, a week, four weeks and three months.

    Days count from the first outcome to the last. Gains are measured with their interval; what
    earlier systems promised stands beside and is asserted nowhere.

    :param desk: Default: every desk.
    """
    options = options or Options()
    with opened(options.home) as home:
        names = [home.desk(desk).name] if desk else [one.name for one in home.desks]
        found = [row for name in names for row in points.checklist(home.query, name)]
    rows(found, POINTS, options.output)
    return Exit.DONE
