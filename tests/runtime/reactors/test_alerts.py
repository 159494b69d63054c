"""Alerts on their way to the channels: what fails is said, what arrived is not sent again."""

from dataclasses import dataclass
from pathlib import Path

from kingmaker.contracts.codec import message_class
from kingmaker.kernel.lane import Draft
from kingmaker.kernel.service import Effect
from kingmaker.runtime.reactors.alerts import Alert, AlertReactor, open_channels


@dataclass(frozen=True, slots=True)
class Fired:
    """An `AlertFired`, as far as this reactor looks."""

    key: str


class Channel:
    """Takes alerts, unless it is full."""

    def __init__(self, *, full: bool = False) -> None:
        self.full = full
        self.taken: list[str] = []

    def send(self, alert: Alert) -> None:
        if self.full:
            raise OSError(28, "No space left on device")
        self.taken.append(alert.key)


EFFECT = Effect("a#1", "alerting.send", 0, Fired("a"))


def read(draft: Draft) -> tuple[str, str]:
    package, _, name = draft.kind.rpartition(".")
    message = message_class(package, name).FromString(draft.value)
    return name, str(getattr(message, "reason", ""))


def test_a_channel_that_fails_is_named_and_the_others_still_get_it() -> None:
    full, sound = Channel(full=True), Channel()
    reactor = AlertReactor({"file": full.send, "console": sound.send})
    said = read(reactor.finish(EFFECT))
    assert said == ("AlertNotDelivered", "file: No space left on device")
    assert sound.taken == ["a"]


def test_the_next_attempt_goes_only_where_it_has_not_arrived() -> None:
    full, sound = Channel(full=True), Channel()
    reactor = AlertReactor({"file": full.send, "console": sound.send})
    reactor.finish(EFFECT)
    full.full = False
    assert read(reactor.finish(EFFECT)) == ("AlertDelivered", "")
    assert (full.taken, sound.taken) == (["a"], ["a"])


def test_nothing_is_sent_before_its_record_is_durable() -> None:
    sound = Channel()
    AlertReactor({"console": sound.send}).begin(EFFECT)
    assert sound.taken == []


def test_after_a_restart_an_unanswered_alert_goes_out_again_with_its_key() -> None:
    sound = Channel()
    for _ in ("before the crash", "after it"):
        AlertReactor({"console": sound.send}).finish(EFFECT)
    assert sound.taken == ["a", "a"]


def test_the_channels_of_alerting_are_found(tmp_path: Path) -> None:
    assert "log_file" in open_channels(tmp_path)
