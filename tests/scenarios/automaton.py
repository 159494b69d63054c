"""A production service as an automaton: states and words have numbers, no step is taken twice.

In an exhaustive search the same service in the same state hears the same word in thousands of
worlds that differ elsewhere. Its decider is pure, so one answer serves them all.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kingmaker.kernel import snapshot
from kingmaker.kernel.service import Service

type AnyService = Service[Any, Any, Any, Any]


class Step(NamedTuple):
    """The state after a word, what was said to it, and that as words of whoever reads along."""

    state: int
    said: tuple[Any, ...]
    sent: tuple[int, ...]


@dataclass(slots=True)
class Numbered:
    """Contents by number; equal contents have one number."""

    contents: list[Any] = field(default_factory=list)
    _numbers: dict[tuple[str, bytes], int] = field(default_factory=dict)

    def number(self, content: Any) -> int:  # noqa: ANN401 - a state or a word of any service
        """Return the number of `content`."""
        key = type(content).__name__, snapshot.encode(content)
        if key not in self._numbers:
            self._numbers[key] = len(self.contents)
            self.contents.append(content)
        return self._numbers[key]


@dataclass(slots=True)
class Automaton:
    """One service without a log, at a time that stands still, and the one that reads it."""

    service: AnyService
    window: Any
    reader: "Automaton | None" = None
    states: Numbered = field(default_factory=Numbered)
    words: Numbered = field(default_factory=Numbered)
    _steps: dict[tuple[int, int], Step] = field(default_factory=dict)
    _made: dict[Hashable, int] = field(default_factory=dict)

    def number_of_initial(self) -> int:
        """Return the number of the state before any word."""
        return self.states.number(self.service.initial)

    def word(self, make: Callable[..., Any], *arguments: Hashable) -> int:
        """Return the number of the word that `make` makes of `arguments`."""
        key = make, arguments
        if key not in self._made:
            self._made[key] = self.words.number(make(*arguments))
        return self._made[key]

    def hear(self, state: int, word: int) -> Step:
        """Return what comes of `word`."""
        key = state, word
        if key not in self._steps:
            self._steps[key] = self._decide(state, self.words.contents[word])
        return self._steps[key]

    def _decide(self, number: int, message: Any) -> Step:  # noqa: ANN401 - of any service
        before = after = self.states.contents[number]
        said = tuple(self.service.decide(before, self.window, message, {}))
        for event in said:
            after = self.service.evolve(after, event)
        if after is not before:
            number = self.states.number(after)
        return Step(number, said, tuple(self._sent(said)))

    def _sent(self, said: tuple[Any, ...]) -> list[int]:
        """Return what the reader finds on the wire, as its own words."""
        if self.reader is None:
            return []
        drafts = [self.service.events.encode(event) for event in said]
        messages = [self.reader.service.messages.decode(d.kind, d.value) for d in drafts]
        return [self.reader.words.number(one) for one in messages if one is not None]
