"""What each command asks for."""

from collections.abc import Mapping

from kingmaker.governance.roles import ADMIN, OPERATOR

NEEDED: Mapping[str, str] = {
    "Rollback": OPERATOR,
    "Freeze": OPERATOR,
    "Thaw": OPERATOR,
    "Veto": OPERATOR,
    "Approve": OPERATOR,
    "ReplaceTrial": OPERATOR,
    "DirectPromotion": ADMIN,
    "TrustKey": ADMIN,
    "RevokeKey": ADMIN,
    "SkipInput": ADMIN,
}
