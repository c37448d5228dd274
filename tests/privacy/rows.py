"""Rows that addresses of people's own data name: see tests/test_every_address.py."""

from __future__ import annotations

import json

from django.core.files.base import ContentFile
from django.utils import timezone

from s11.organisations.enums import AnonymisationReason, MembershipRole
from s11.organisations.models import Anonymisation, DataExport, Membership, Partnership, User
from tests import factories
from tests.conftest import Cast


def make_privacy_rows(cast: Cast) -> dict[str, int]:
    leaver = factories.make_user("leaver@anchor.example")
    now = timezone.now()
    Membership.objects.create(
        user=leaver,
        organisation=cast.organisation,
        role=MembershipRole.VIEWER,
        started_at=now,
        ended_at=now,
    )
    Anonymisation.objects.create(user=leaver, reason=AnonymisationReason.LEFT, asked_by=cast.administrator)
    return {
        "leaver": leaver.pk,
        "data_export": make_export(cast.partnership, leaver, by=cast.administrator).pk,
        "own_export": make_export(None, cast.lead, by=cast.lead).pk,
    }


def make_export(partnership: Partnership | None, user: User, *, by: User) -> DataExport:
    export = DataExport(partnership=partnership, user=user, requested_by=by, gathered_at=timezone.now())
    material = {"tables": [], "mentions": [], "more": False}
    export.material.save("material", ContentFile(json.dumps(material).encode()), save=False)
    export.file.save("export.zip", ContentFile(b"PK"), save=False)
    export.save()
    return export
