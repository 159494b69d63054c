"""What each command asks for: who may stop a desk need not be one who may start it again."""

from collections.abc import Mapping

from kingmaker.governance.roles import ADMIN, OPERATOR

NEEDED: Mapping[str, str] = {"Kill": OPERATOR, "Resume": ADMIN}
