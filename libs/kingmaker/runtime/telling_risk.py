"""What risk says to a person, and what the account left alone because of it."""

from kingmaker.runtime.telling_line import Event, Line

LEVELS = {
    "normal": "trades at full size",
    "reduced": "trades at half size",
    "paused": "opens nothing",
}


def mode(event: Event) -> Line:
    """Tell of a kill, or of its end."""
    killed = event.mode == "killed"
    text = f"{event.desk} by {event.actor}: {event.reason}"
    hint = f"undo?  kingmaker risk resume {event.desk} --reason ..." if killed else ""
    title = f"killed{', to be flat' if event.flatten else ''}" if killed else "trades again"
    return Line("RISK", "critical", title, text, hint=hint)


def guard(event: Event) -> Line:
    """Tell of a step of the performance guard; leaving NORMAL is critical."""
    what = LEVELS.get(event.level, event.level)
    text = (
        f"{event.desk} {what} ({event.cause}): of {event.trades} trades"
        f" {event.win_rate:.0%} won, drawdown {event.drawdown:.1%}, {event.losses} losses in a row"
    )
    level = "critical" if event.before == "normal" else "warning"
    return Line("GUARD", level, event.level.upper(), text)


def drift(event: Event) -> Line:
    """Tell of a feature that no longer looks like what was learned from."""
    text = (
        f"{event.symbol} in {event.feature}: {event.score:.1f} sigmas, {event.threshold:g} allowed"
    )
    return Line("DRIFT", "warning", "market drifted", text)


def barred(event: Event) -> Line:
    """Tell of a signal that the account did not follow."""
    return Line("RISK", "info", "left alone", f"{event.position}: {event.reason}", loud=False)
