"""Roles, from low to high. A higher role may do what a lower one may."""

VIEWER, OPERATOR, ADMIN = "viewer", "operator", "admin"
ROLES = (VIEWER, OPERATOR, ADMIN)


def reaches(role: str, needed: str) -> bool:
    """Tell whether a role is as high as the one that is needed."""
    return role in ROLES and ROLES.index(role) >= ROLES.index(needed)
