"""How a command ends: the meaning of its exit code, and one paragraph where something failed."""

from enum import IntEnum


class Exit(IntEnum):
    """What the caller may rely on."""

    DONE = 0  # done, or the answer is yes
    FAILED = 1
    USAGE = 2
    NO = 3  # a gate is closed, a verification differs, something is unhealthy
    TIMED_OUT = 5
    REFUSED = 6  # by a role, or by a conflict with what is there
    INTERRUPTED = 130


class CommandError(Exception):
    """A command cannot go on: what happened, where, what to do; and the code to end with."""

    def __init__(self, message: str, code: Exit = Exit.FAILED) -> None:
        """Keep both."""
        super().__init__(message)
        self.code = code


# Operating faults by their full name, so that nobody is imported to be caught.
_FAULTS = {
    "kingmaker.kernel.lane.LaneDamagedError": Exit.FAILED,
    "kingmaker.kernel.service.UndecodableError": Exit.FAILED,
    "kingmaker.runtime.audited.UnknownPromotionError": Exit.USAGE,
    "kingmaker.runtime.clock.UnsettledError": Exit.FAILED,
    "kingmaker.runtime.export_file.BadExportError": Exit.USAGE,
    "kingmaker.runtime.copying.CopyRefusedError": Exit.REFUSED,
    "kingmaker.runtime.home.HomeInUseError": Exit.REFUSED,
    "kingmaker.runtime.home.HomeError": Exit.FAILED,
    "kingmaker.runtime.keyring.KeyFileError": Exit.USAGE,
    "kingmaker.runtime.kafka.cluster.CredentialsError": Exit.USAGE,
    "kingmaker.runtime.kafka.log.LogRefusedError": Exit.REFUSED,
    "kingmaker.runtime.kafka.log.LogUnreachableError": Exit.FAILED,
    "kingmaker.runtime.kafka.topics.TopicsError": Exit.FAILED,
    "kingmaker.runtime.live.windows_worker.WorkerFailedError": Exit.FAILED,
    "kingmaker.runtime.log.NotAcceptedError": Exit.REFUSED,
    "kingmaker.runtime.log.StoreFailedError": Exit.FAILED,
    "kingmaker.runtime.models.bucket.BucketError": Exit.FAILED,
    "kingmaker.runtime.models.errors.ChildDiedError": Exit.FAILED,
    "kingmaker.runtime.models.errors.ChildHungError": Exit.FAILED,
    "kingmaker.runtime.models.errors.ModelHungError": Exit.FAILED,
    "kingmaker.runtime.models.errors.ModelRefusedError": Exit.FAILED,
    "kingmaker.runtime.returns_table.BadReturnsError": Exit.USAGE,
    "kingmaker.runtime.settings_sources.SettingsError": Exit.USAGE,
    "kingmaker.runtime.views.migrating.MigrationRefusedError": Exit.REFUSED,
    "kingmaker.runtime.views.store.DatabaseRefusedError": Exit.FAILED,
    "kingmaker.runtime.views.store.DatabaseUnreachableError": Exit.FAILED,
    "kingmaker.runtime.views.store.OtherLogError": Exit.REFUSED,
    "kingmaker.feed.sources.series.BadBarFileError": Exit.USAGE,
    "kingmaker.learners.checks.subject.OwnLearnerError": Exit.USAGE,
    "kingmaker.learners.experience.UnfitDataError": Exit.USAGE,
    "kingmaker.trader.checks.own_file.OwnFileError": Exit.USAGE,
    "sqlite3.DatabaseError": Exit.FAILED,
    "builtins.OSError": Exit.FAILED,
}


def of_fault(error: BaseException) -> tuple[Exit, str] | None:
    """Return code and words for an operating fault; None for what is a bug."""
    if isinstance(error, CommandError):
        return error.code, str(error)
    names = [f"{cls.__module__}.{cls.__name__}" for cls in type(error).__mro__]
    code = next((_FAULTS[name] for name in names if name in _FAULTS), None)
    if code is None:
        return None
    if {"sqlite3.DatabaseError", "builtins.OSError"} & set(names):
        return code, (
            f"{error}. Check that the disk of the home has room and is writable, then run the"
            f" command again: what was committed is safe."
        )
    return code, str(error)
