"""One upload in two workers' hands, and two files at the very same moment: nothing is saved twice.

Needs a server that serves both at once; SQLite's tests hold one connection in memory, and its writers queue anyway.
"""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from s11.organisations.enums import ContactKind
from s11.organisations.models import Contact, Organisation, User
from surveys.enums import AuditStatus, DocumentFormat
from surveys.models import TableUpload
from surveys.resources.base import CHANGED_MEANWHILE
from surveys.resources.files import write_table
from surveys.resources.tables import TABLES
from surveys.resources.uploads import keep_table, save_upload
from tests import factories
from tests.conftest import Cast
from tests.surveys.at_once import meanwhile
from tests.surveys.table_files import make_csv

pytestmark = pytest.mark.django_db(transaction=True)
NEW = {"Key": "", "Name": "Quay School", "Variant": "School", "Statutory": "no"}


@pytest.fixture(autouse=True)
def _needs_a_server(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two connections at once need PostgreSQL")


def make_confirmed(cast: Cast, by: User) -> TableUpload:
    file = SimpleUploadedFile("new.csv", make_csv(NEW))
    upload = keep_table(table="organisations", partnership=cast.partnership, cycle=None, file=file, by=by)
    upload.confirmed_at = timezone.now()
    upload.save()
    return upload


def test_two_workers_have_one_upload(cast: Cast) -> None:
    upload = make_confirmed(cast, cast.administrator)
    other = TableUpload.objects.get(pk=upload.pk)
    meanwhile(lambda: save_upload(upload), lambda: save_upload(other))
    assert Organisation.objects.filter(name="Quay School").count() == 1
    kept = TableUpload.objects.get()
    assert kept.is_saved
    assert kept.error == ""


def test_two_officers_bring_in_the_same_new_row(cast: Cast) -> None:
    first = make_confirmed(cast, cast.administrator)
    second = make_confirmed(cast, cast.quality_officer)
    meanwhile(lambda: save_upload(first), lambda: save_upload(second))
    assert Organisation.objects.filter(name="Quay School").count() == 1
    second.refresh_from_db()
    assert (second.is_saved, second.confirmed_at, second.error) == (False, None, CHANGED_MEANWHILE)
    assert second.preview is not None
    assert "an organisation here has this name" in second.preview["faults"][0]


@pytest.mark.parametrize("slug", [slug for slug, table in TABLES.items() if table.can_import])
def test_a_file_is_checked_outside_any_transaction(cast: Cast, slug: str) -> None:
    """As by a request, in which a server refuses to lock rows: looking locks none."""
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    factories.make_audit(cycle, cast.organisation, scores=1, status=AuditStatus.SUBMITTED)
    of_cycle = cycle if TABLES[slug].needs_cycle else None
    table = TABLES[slug](partnership=cast.partnership, by=cast.administrator, cycle=of_cycle)
    Contact.objects.create(
        participation=cast.organisation.participations.get(partnership=cast.partnership),
        kind=ContactKind.OTHER,
        name="Kit",
        email="kit@anchor.example",
    )
    file = SimpleUploadedFile("table.csv", write_table(table, DocumentFormat.CSV))
    upload = keep_table(
        table=slug, partnership=cast.partnership, cycle=of_cycle, file=file, by=cast.administrator
    )
    assert upload.is_checked
