"""Channels, one file each: where alerts go. A channel may get an alert twice, with the same key.

A channel's module defines `open_channel(folder) -> Send`; `folder` is where it may keep files.
"""

import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol


class Alert(Protocol):
    """An `AlertFired`, as far as channels show it."""

    @property
    def key(self) -> str:
        """Unique; the same again if it is sent twice."""

    @property
    def type(self) -> str:
        """What kind of alert."""

    @property
    def severity(self) -> str:
        """INFO, WARNING or CRITICAL."""

    @property
    def slot(self) -> str:
        """Where."""

    @property
    def version(self) -> str:
        """The model it is about; "" if none."""

    @property
    def message(self) -> str:
        """What happened, for a person."""

    @property
    def value(self) -> float:
        """The figure behind it."""

    @property
    def threshold(self) -> float:
        """What the figure is held against."""

    @property
    def n(self) -> int:
        """How much the figure rests on."""

    @property
    def cause(self) -> str:
        """Id of what is behind it."""

    @property
    def occurred_at_ms(self) -> int:
        """Market time, UTC."""

    @property
    def state(self) -> str:
        """Whether it is "resolved"; "" while it fires."""

    @property
    def undo(self) -> str:
        """The command that takes it back; "" if there is none."""


type Send = Callable[[Alert], None]


def open_all(folder: Path) -> dict[str, Send]:
    """Return every channel of this package, ready, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {
        name: importlib.import_module(f"{__name__}.{name}").open_channel(folder) for name in names
    }
