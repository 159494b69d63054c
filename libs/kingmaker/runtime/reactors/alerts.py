"""Hands alerts to every channel, and answers with the fact that they took it, or did not.

An alert goes out once its record is durable. If this process dies in between, it goes out again,
with the same key: at least once.
"""

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol

from kingmaker.contracts.codec import message_class
from kingmaker.kernel.lane import Draft
from kingmaker.kernel.service import Effect

KIND = "alerting.send"
PACKAGE = "kingmaker.alerting.v1"


class Alert(Protocol):
    """An `AlertFired` of alerting."""

    key: str


type Send = Callable[[Alert], None]


class AlertReactor:
    """Does the work of `alerting.send`."""

    def __init__(self, channels: Mapping[str, Send]) -> None:
        """Keep the channels, by name."""
        self._channels = dict(channels)
        self._taken: dict[str, set[str]] = {}  # by key: the channels that have it

    def begin(self, effect: Effect) -> None:
        """Do nothing early: sending is quick, and the order of alerts is that of their records."""

    def finish(self, effect: Effect) -> Draft:
        """Send; return AlertDelivered, or AlertNotDelivered naming the channels that failed."""
        alert: Alert = effect.payload
        taken = self._taken.setdefault(alert.key, set())
        faults: list[str] = []
        for name, send in self._channels.items():
            if name in taken:
                continue  # an earlier attempt reached it
            try:
                send(alert)
            except OSError as error:
                faults.append(f"{name}: {error.strerror or error}")
            else:
                taken.add(name)
        if faults:
            return _fact("AlertNotDelivered", key=alert.key, reason="; ".join(faults))
        del self._taken[alert.key]
        return _fact("AlertDelivered", key=alert.key)


def open_channels(folder: Path) -> Mapping[str, Send]:
    """Return the channels of alerting: neither side imports the other. Files go to `folder`."""
    [entry] = entry_points(group="kingmaker.channels", name="open_all")
    channels: Mapping[str, Send] = entry.load()(folder)
    return channels


def _fact(name: str, **content: str) -> Draft:
    message = message_class(PACKAGE, name)(**content)
    return Draft(f"{PACKAGE}.{name}", message.SerializeToString(deterministic=True))
