"""E-mails and files by their month, and what was removed: what has come due, and what goes with it."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest, TruncDate, TruncMonth
from django.utils import timezone

from accountability.models import AgencyReturnPicture
from s11.organisations.models import Organisation, Participation, Partnership, Removal
from s11.retention.record import Due
from s11.retention.walk import Reach, gather
from s11.web.dates import date
from surveys.enums import DocumentKind, MessageStatus
from surveys.freshness import add_months
from surveys.models import Document, Evidence, Message, OwnToolReturn

# What a worker made of what stands in the tables; papers of meetings and letters go with what they are about.
REMADE: Final = (
    DocumentKind.OVERVIEW,
    DocumentKind.EXECUTIVE,
    DocumentKind.ACTION_PLAN,
    DocumentKind.TABLE,
    DocumentKind.BLANK,
)
GONE: Final = (MessageStatus.SENT, MessageStatus.REFUSED, MessageStatus.FAILED, MessageStatus.CANCELLED)


def _list_months(rows: QuerySet[Any], moment: str, limit: datetime.date, words: str) -> Iterator[Due]:
    """A month is due once its last day is."""
    months = rows.order_by().annotate(month=TruncMonth(moment)).values_list("month", flat=True).distinct()
    for first in sorted(months):
        last = add_months(first.date(), 1) - datetime.timedelta(days=1)
        if last <= limit:
            yield Due(first.year * 100 + first.month, f"{words} of {first:%Y-%m}", last)


def in_month(rows: QuerySet[Any], moment: str, record: int) -> set[int]:
    year, month = divmod(record, 100)
    zone = timezone.get_default_timezone()
    begin = datetime.datetime(year, month, 1, tzinfo=zone)
    end = datetime.datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone)
    found = rows.filter(**{f"{moment}__gte": begin, f"{moment}__lt": end}).order_by()
    return set(found.values_list("pk", flat=True))


def name_months(records: Collection[int]) -> Mapping[int, str]:
    return {one: date(datetime.date(*divmod(one, 100), 1)).split(" ", 1)[1] for one in records}


def get_mails(partnership: Partnership) -> QuerySet[Message]:
    """Gone or given up, and named by no letter about lateness."""
    late = apps.get_model("accountability.LateLetter")._base_manager.filter(message=OuterRef("pk"))
    found = Message.objects.filter(~Exists(late), partnership=partnership, status__in=GONE)
    return found.annotate(moment=Coalesce("sent_at", "created_at"))


def list_mails(partnership: Partnership, limit: datetime.date) -> Iterator[Due]:
    return _list_months(get_mails(partnership), "moment", limit, "E-mails")


def gather_mails(partnership: Partnership, record: int) -> Reach:
    return gather({Message: in_month(get_mails(partnership), "moment", record)})


def get_files(partnership: Partnership) -> QuerySet[Document]:
    here = Q(partnership=partnership) | Q(participation__partnership=partnership)
    return Document.objects.filter(here, kind__in=REMADE, paper=None)


def list_files(partnership: Partnership, limit: datetime.date) -> Iterator[Due]:
    return _list_months(get_files(partnership), "requested_at", limit, "Files asked for")


def gather_files(partnership: Partnership, record: int) -> Reach:
    return gather({Document: in_month(get_files(partnership), "requested_at", record)})


# What was removed -----------------------------------------------------------------------------------------------------


def list_evidence(partnership: Partnership, limit: datetime.date) -> Iterator[Due]:
    """Of its organisations. Where one is in several partnerships, `get_removed_limit` is asked of each."""
    here = Participation.objects.filter(partnership=partnership).values("organisation")
    found = Evidence.objects.filter(
        organisation__in=here, answer_links=None, answer_changes=None, actions=None, versions__isnull=False
    ).exclude(
        Q(versions__in=OwnToolReturn.objects.values("version"))
        | Q(versions__in=AgencyReturnPicture.objects.values("version"))
    )
    removed = found.annotate(removed_on=TruncDate("removed_at")).filter(removed_on__lte=limit).distinct()
    for pk, organisation, day in removed.order_by("removed_on", "pk").values_list(
        "pk", "organisation", "removed_on"
    ):
        yield Due(pk, f"Evidence {pk}, organisation {organisation}", day)


def name_evidence(records: Collection[int]) -> Mapping[int, str]:
    rows = Evidence.objects.filter(pk__in=records).values_list("pk", "organisation__name", "title")
    return {pk: f"{organisation}: {title[:80]}" for pk, organisation, title in rows}


def gather_evidence(partnership: Partnership, record: int) -> Reach:
    here = Participation.objects.filter(partnership=partnership).values("organisation")
    Evidence.objects.get(pk=record, organisation__in=here, removed_at__isnull=False)
    return gather({Evidence: [record]})


def get_removals(partnership: Partnership) -> QuerySet[Removal]:
    """Its own; and those of an organisation that is in no other partnership."""
    elsewhere = Participation.objects.exclude(partnership=partnership).values("organisation")
    alone = Organisation.objects.filter(participations__partnership=partnership).exclude(pk__in=elsewhere)
    return Removal.objects.filter(Q(partnership=partnership) | Q(partnership=None, organisation__in=alone))


def list_removed(partnership: Partnership, limit: datetime.date) -> Iterator[Due]:
    found = get_removals(partnership).annotate(
        removed_on=TruncDate(Greatest("removed_at", Coalesce("restored_at", "removed_at")))
    )
    for pk, kind, day in (
        found.filter(removed_on__lte=limit)
        .order_by("removed_on", "pk")
        .values_list("pk", "kind", "removed_on")
    ):
        yield Due(pk, f"Removal {pk} ({kind})", day)


def name_removed(records: Collection[int]) -> Mapping[int, str]:
    return dict(Removal.objects.filter(pk__in=records).values_list("pk", "title"))


def gather_removal(partnership: Partnership, record: int) -> Reach:
    get_removals(partnership).get(pk=record)
    return gather({Removal: [record]})
