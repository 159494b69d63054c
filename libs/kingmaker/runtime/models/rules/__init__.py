"""The rules for model files, one a file: each looks at a candidate and raises or lets it pass.

Cheap ones first; those of `BY_SIGHT` run before any session is made, so what they refuse never ran.
"""

from collections.abc import Callable

from kingmaker.runtime.models.rules import (
    digest,
    external_data,
    finite,
    format_of_file,
    loads,
    memory,
    operators,
    parity,
    revision,
    signature,
    size,
    versions,
)
from kingmaker.runtime.models.rules.candidate import Candidate

type Rule = Callable[[Candidate], None]

BY_SIGHT: tuple[Rule, ...] = (
    size.check,
    format_of_file.check,
    digest.check,
    external_data.check,
    operators.check,
    versions.check,
    signature.check,
    memory.check,
)
BY_RUNNING: tuple[Rule, ...] = (loads.check, parity.check, finite.check, revision.check)
RULES = BY_SIGHT + BY_RUNNING
