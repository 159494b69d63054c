"""What can go wrong with a model.

ModelRefusedError   the bytes break a rule; `reason` is one word of the registry's list
ModelHungError      a model took longer than a deterministic run may wait: the run stops
ChildHungError      a process that runs models was late
ChildDiedError      a process that runs models is gone
"""

# It says nothing of the bytes: the check itself could not be made, and is worth another attempt.
UNAVAILABLE = "unavailable"

# The words for why a bundle does not exist for anyone (requirements, B2).
REASONS = (
    "archive_unsafe",
    "digest_mismatch",
    "digest_missing",
    "external_data",
    "foreign_operator",
    "not_finite",
    "not_loadable",
    "out_of_memory",
    "parity",
    "pickle",
    "signature_mismatch",
    "too_large",
    "too_slow",
    UNAVAILABLE,
    "unknown_component",
)


class ModelRefusedError(Exception):
    """A bundle broke a rule."""

    def __init__(self, reason: str, detail: str) -> None:
        """Say which rule, in one word of `REASONS`, and what was found."""
        assert reason in REASONS, f"{reason} is not a reason of the list"
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail = reason, detail


class ModelHungError(Exception):
    """A model was late where lateness must not change history: stop and say which."""

    def __init__(self, model: str, seconds: float) -> None:
        """Name the model by its digest."""
        super().__init__(
            f"model {model} gave no answer within {seconds:g} s. Nothing was recorded, so the same"
            f" run may be repeated on a less busy machine. If it hangs again, take its folder out"
            f" of the home's artifacts: a challenger's trial is closed, a champion rolled back"
        )
        self.model = model


class ChildHungError(Exception):
    """A child process was late; it was killed."""


class ChildDiedError(Exception):
    """A child process ended by itself."""

    def __init__(self, status: int, last_words: str) -> None:
        """Say how it ended (as `Popen.returncode`) and the end of what it wrote to stderr."""
        super().__init__(f"the process for models ended with status {status}. {last_words}".strip())
        self.status = status
