"""Organisations in a cycle, and mail that came back, for the pipeline's tests."""

from __future__ import annotations

from typing import Any

from surveys.enums import MessageKind, MessageStatus
from surveys.models import Cycle, Invitee, Message
from tests import factories
from tests.conftest import Cast


def invite(cast: Cast, cycle: Cycle, name: str, *, has_member: bool = False) -> Invitee:
    organisation = factories.make_organisation(name, partnership=cast.partnership)
    if has_member:
        factories.make_member(f"{organisation.slug}@example.org", organisation=organisation)
    return factories.make_invitee(cycle, organisation)


def refuse(place: Invitee, **columns: Any) -> Message:
    return Message.objects.create(
        **{
            "partnership": place.cycle.partnership,
            "cycle": place.cycle,
            "invitee": place,
            "organisation": place.organisation,
            "kind": MessageKind.OPENING,
            "email": "gone@example.org",
            "subject": "Open",
            "body": "Open",
            "status": MessageStatus.REFUSED,
            **columns,
        }
    )
