"""`kingmaker approve` and `veto`: what a person decides about a challenger."""

from datetime import UTC, datetime
from typing import Annotated

from cyclopts import Parameter

from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.options import Options, Words

UNITS_MS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000}


def approve(trial: str, /, *, words: Words, options: Options | None = None) -> int:
    """Let a challenger be crowned, where promotion.auto is 0: as soon as no gate holds it.

    It holds for promotion.approval_minutes of market time.

    :param trial: t-0001@DESK; the desk may be left out where there is one such trial.
    """
    from kingmaker.runtime.cli.intervening import intervene  # noqa: PLC0415 - costs only this

    return intervene("Approve", trial, {}, words, options or Options())


def veto(
    trial: str,
    /,
    *,
    words: Words,
    until: str = "",
    lasting: Annotated[str, Parameter(name="--for")] = "",
    options: Options | None = None,
) -> int:
    """Hold a challenger's trial for a time, or close it for good.

    :param trial: t-0001@DESK; the desk may be left out where there is one such trial.
    :param until: Market time in UTC: 2026-11-26T18:00. Default: the trial is closed.
    :param lasting: Minutes, hours or days of market time from now: 90m, 12h, 3d.
    """
    from kingmaker.runtime.cli.intervening import intervene  # noqa: PLC0415 - costs only this

    options = options or Options()
    if until and lasting:
        raise CommandError("say --until or --for, not both.", Exit.USAGE)
    until_ms = _moment(until) if until else 0
    if lasting:
        until_ms = _now_ms(trial, options) + milliseconds(lasting)
    return intervene("Veto", trial, {"until_ms": until_ms}, words, options)


def milliseconds(text: str) -> int:
    """Return a time like 90m, 12h or 3d; CommandError if it is none."""
    number, unit = text[:-1], text[-1:]
    if not number.isdecimal() or unit not in UNITS_MS or not 0 < len(number) <= 6:  # noqa: PLR2004 - a thousand years
        raise CommandError(f"{text!r} is no time. Say 90m, 12h or 3d.", Exit.USAGE)
    return int(number) * UNITS_MS[unit]


def _moment(text: str) -> int:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text!r} is no moment. Say 2026-11-26T18:00.", Exit.USAGE) from None
    return int(found.replace(tzinfo=found.tzinfo or UTC).timestamp() * 1000)


def _now_ms(trial: str, options: Options) -> int:
    from kingmaker.contracts.desks import desk_of  # noqa: PLC0415 - costs only this
    from kingmaker.runtime.cli.commanding import now_of  # noqa: PLC0415 - as above
    from kingmaker.runtime.cli.opening import opened  # noqa: PLC0415 - as above
    from kingmaker.runtime.cli.trial import find_trial  # noqa: PLC0415 - as above

    with opened(options.home) as home:
        return now_of(home, home.desk(desk_of(find_trial(home, trial)["slot"])))
