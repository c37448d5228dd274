"""How every table here names what a row is about."""

from __future__ import annotations


def keep(*names: str) -> dict[str, str]:
    """Columns under their own names."""
    return {name: name for name in names}


def name_meeting(path: str) -> dict[str, str]:
    """One agency has one meeting a cycle, so that these two name it; `path` leads there, with its last two dashes."""
    return {"organisation": f"{path}invitee__organisation__slug", "cycle": f"{path}panel__cycle__slug"}


def name_people(*names: str) -> dict[str, str]:
    """Each by the address that they sign in with."""
    return {name: f"{name}__email" for name in names}
