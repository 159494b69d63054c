"""A hash over the counted pairs of a trial, in order: who has it can tell which pairs judged."""

import hashlib

from kingmaker.shadow.domain import PairResolved, Side


def chain(before: str, pair: PairResolved) -> str:
    """Return the hash after one more counted pair; `before` is "" for the first.

    SHA-256 of one line of text: the hash before, trial, number, bucket, lineup, then net (hex),
    taken and won of the champion and of the challenger, separated by spaces.
    """
    words = (before, pair.trial, str(pair.number), str(pair.bucket), pair.lineup)
    line = " ".join((*words, *_words_of(pair.champion), *_words_of(pair.challenger)))
    return hashlib.sha256(line.encode()).hexdigest()


def _words_of(side: Side) -> tuple[str, str, str]:
    return side.net.hex(), str(side.taken), str(side.won)
