"""Roles, and what each command asks for. A higher role may do what a lower one may."""

from collections.abc import Mapping

VIEWER, OPERATOR, ADMIN = "viewer", "operator", "admin"
ROLES = (VIEWER, OPERATOR, ADMIN)  # from low to high

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


def may(role: str, command: str) -> bool:
    """Tell whether a role is high enough for a command."""
    return role in ROLES and ROLES.index(role) >= ROLES.index(NEEDED[command])
