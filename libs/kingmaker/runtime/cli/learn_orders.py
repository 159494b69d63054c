"""`kingmaker learn run` and `learn restore`: what a person orders the learners to do."""

from collections.abc import Mapping
from typing import Any

from kingmaker.runtime import learning, past_bars
from kingmaker.runtime.cli import learn_history
from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.learn import RUNS, stream
from kingmaker.runtime.cli.opening import Opened, opened
from kingmaker.runtime.cli.options import Options, Words
from kingmaker.runtime.cli.output import note, one, rows

HEAD_WEIGHTS = "head_weights"
SETTINGS = {  # states that are settings: where they are set
    "confidence_threshold": "signals.confluence_min",
    "thresholds": "signals.confluence_min",
    "learning_config": "learning.*",
}
SCHEDULES = {
    "daily": "daily_learning",
    "weekly": "weekly_retraining",
    "historical": past_bars.SCHEDULE,
}


def run(job: str, /, *, words: Words, options: Options | None = None) -> int:
    """Run a learning job now, on every desk; a date that was learned from changes nothing.

    :param job: daily or weekly; or historical: all nine learn afresh from the last 90 days.
    """
    options = options or Options()
    schedule = SCHEDULES.get(job, job)
    if schedule not in SCHEDULES.values():
        raise CommandError(
            f"{job!r} is no learning job: give daily, weekly or historical.", Exit.USAGE
        )
    with opened(options.home) as home:
        first = home.desks[0].name
    event = _say("RunLearningJob", first, {"schedule": schedule}, words, options)
    with opened(options.home) as home:
        if schedule == past_bars.SCHEDULE:
            found = past_bars.runs(home.query, len(home.desks))
            columns = learn_history.RUNS
        else:
            found = learning.scheduler(home.query, [], limit=len(home.desks))["history"]
            columns = RUNS
    note(f"taken: {event}")
    rows(found, columns, options.output)
    return Exit.DONE


def restore(
    state_type: str,
    version: int,
    /,
    *,
    words: Words,
    desk: str = "",
    options: Options | None = None,
) -> int:
    """Put a former version of the head weights in force again, as a new version.

    :param state_type: head_weights.
    :param version: As `learn weights` counts; 0 is one ninth each.
    :param desk: Default: the only desk.
    """
    options = options or Options()
    if state_type in SETTINGS:
        raise CommandError(
            f"{state_type} is a setting: {SETTINGS[state_type]} in kingmaker.yaml, or `kingmaker"
            f" rollback parameters@DESK`.",
            Exit.USAGE,
        )
    if state_type != HEAD_WEIGHTS:
        raise CommandError(f"{state_type!r} is not learned here: give head_weights.", Exit.USAGE)
    with opened(options.home) as home:
        name = _only(home, desk)
        wanted = learning.version_of(home.query, name, version)
        latest, _ = learning.current(home.query, name)
    if wanted is None:
        raise CommandError(f"{name} has the versions 0 to {latest}, not {version}.", Exit.USAGE)
    fields = {"desk": name, "version": version, "weights": wanted}
    event = _say("RestoreHeadWeights", name, fields, words, options)
    with opened(options.home) as home:
        found = learning.weight_stream(home.query, name, 30)
    note(f"taken: {event}")
    one(found, stream(found), options.output)
    return Exit.DONE


def _say(name: str, desk: str, fields: Mapping[str, Any], words: Words, options: Options) -> str:
    """Send a signed command to the learners; return where it stands in the log."""
    from kingmaker.runtime.cli import commanding  # noqa: PLC0415 - costs only these commands

    with opened(options.home) as home:
        key = commanding.find_key(home.home, words.key)
        command = commanding.Command(name, home.desk(desk), fields, words.reason, words.actor)
    [said] = commanding.deliver(options.home, [commanding.sign(command, key)], words.timeout)
    return said[0].event


def _only(home: Opened, desk: str) -> str:
    if desk:
        return home.desk(desk).name
    names = [one.name for one in home.desks]
    if len(names) > 1:
        raise CommandError(f"there are several desks; say --desk: {', '.join(names)}.", Exit.USAGE)
    return names[0]
