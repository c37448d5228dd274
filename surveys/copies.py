"""Copies on paper: an audit as it stands or was submitted, and a blank one to print."""

from __future__ import annotations

from surveys.models import Audit, Questionnaire


def render_audit_copy(audit: Audit, submission: int | None) -> bytes:
    """A tagged PDF of the whole audit: what this submission said, or as the audit stands now (None)."""
    raise NotImplementedError


def render_blank(questionnaire: Questionnaire) -> bytes:
    """A tagged PDF of the questionnaire with room to write."""
    raise NotImplementedError
