"""Kinds of record that have a period, and how far a destruction list and each thing on it has come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db.models import TextChoices


class Kind(TextChoices):
    """In the order in which they are destroyed: what names another kind's records goes before it."""

    MEETING = "meeting", "Meetings, minutes and letters"
    ACTION = "action", "Finished actions"
    AUDIT = "audit", "Audits: answers and evidence"
    SCORECARD = "scorecard", "Scorecards of audits"
    SURVEY = "survey", "What staff answered"
    VOICE = "voice", "What children and families said"
    MAIL = "mail", "E-mails that were sent"
    FILE = "file", "Files made on request"
    EVIDENCE = "evidence", "Evidence taken out of a library"
    REMOVED = "removed", "Things that were removed"


class ListStatus(TextChoices):
    DRAFT = "draft", "Draft"
    PROPOSED = "proposed", "To decide"
    APPROVED = "approved", "Being destroyed"
    DONE = "done", "Destroyed"
    WITHDRAWN = "withdrawn", "Withdrawn"


OPEN: Final = (ListStatus.DRAFT, ListStatus.PROPOSED, ListStatus.APPROVED)
# The verbs of `listing` and `destroying` that lead from a status, and where to.
LIST_MOVES: Final[Mapping[ListStatus, Mapping[str, ListStatus]]] = {
    ListStatus.DRAFT: {"propose_list": ListStatus.PROPOSED, "withdraw_list": ListStatus.WITHDRAWN},
    ListStatus.PROPOSED: {
        "return_list": ListStatus.DRAFT,
        "approve_list": ListStatus.APPROVED,
        "withdraw_list": ListStatus.WITHDRAWN,
    },
    ListStatus.APPROVED: {"finish_list": ListStatus.DONE},
    ListStatus.DONE: {},
    ListStatus.WITHDRAWN: {},
}


class ItemState(TextChoices):
    WAITING = "waiting", "Waiting"
    # Only ever inside the transaction that destroys it: nobody else sees it.
    UNDER_WAY = "under_way", "Running"
    DESTROYED = "destroyed", "Done"
    KEPT_BACK = "kept_back", "On hold"
