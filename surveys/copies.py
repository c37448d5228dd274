"""Copies on paper: an audit as it stands or was submitted, and a blank one to print."""

from __future__ import annotations

from surveys.models import Audit, Questionnaire


def render_audit_copy(audit: Audit) -> bytes:
    """A tagged PDF of the whole audit."""
    raise NotImplementedError


def render_blank(questionnaire: Questionnaire) -> bytes:
    """A tagged PDF of the questionnaire with room to write."""
    raise NotImplementedError
