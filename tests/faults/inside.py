"""What is done and counted inside a site, in a process under its settings; `Site.inside` of the harness calls it."""

from __future__ import annotations

import datetime
from typing import Any, Final

from django.apps import apps
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accountability.models import Publication, PublishedFile, Report, Snapshot
from accountability.reporting import begin_report
from s11 import verifying
from s11.backups import get_models
from s11.organisations.enums import OfficerRole
from s11.organisations.models import Organisation, Participation, Session, User
from s11.organisations.session_store import SessionStore
from s11.verifying import FaultKind, verify
from s11.web.checksums import get_sum
from surveys.document_requests import request_audit_copy
from surveys.enums import AuditEventKind, AuditStatus, CycleStatus, DocumentFormat, MessageKind, Series
from surveys.models import (
    Answer,
    AnswerChange,
    Audit,
    AuditEvent,
    Cycle,
    Document,
    EvidenceVersion,
    Message,
    Scorecard,
    TableUpload,
)
from surveys.outbox import put_in_outbox
from surveys.reports import export_overview
from surveys.tasks import build_document
from tests import factories
from tests.accountability.reports import approve
from tests.conftest import Cast, add_beside_tables, make_cast
from tests.faults.harness import READY, SAVERS

REPORTS: Final = 3


# Building -------------------------------------------------------------------------------------------------------------


def make_tables() -> None:
    """From the models and what stands beside them, as in other tests: all migrations take a minute."""
    with override_settings(MIGRATION_MODULES=dict.fromkeys(one.label for one in apps.get_app_configs())):
        call_command("migrate", run_syncdb=True, verbosity=0)
    call_command("createcachetable", verbosity=0)
    add_beside_tables()


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
def build() -> None:
    """A cycle in which some agencies answer and some are ready to submit; and reports that are approved."""
    make_tables()
    with transaction.atomic():
        _build_rows()


def _build_rows() -> None:
    cast = make_cast()
    bank = factories.make_questionnaire(standards={"A1": 8, "A2": 8})
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    for kind, size in (("saver", SAVERS), ("ready", READY)):
        for number in range(size):
            name = f"{kind}-{number}"
            organisation = factories.make_organisation(name, slug=name, partnership=cast.partnership)
            factories.make_member(f"lead@{name}.example", organisation=organisation)
            audit = factories.make_audit(cycle, organisation, scores=2 if kind == "ready" else 0)
            audit.profile_answers.create(question=bank.profile_questions.get(), value="12")
    for number in range(REPORTS):
        make_approved(number, cast)


def make_approved(number: int, cast: Cast) -> Report:
    """In a partnership of its own, since each publishes one report at a time."""
    place = factories.make_partnership(f"Place {number}", slug=f"place-{number}")
    bank = factories.make_questionnaire(edition=f"of place {number}")
    cycle = factories.make_cycle(place, slug="2025", questionnaires=(bank,), status=CycleStatus.CLOSED)
    for index in range(8):
        slug = f"agency-{number}-{index}"
        organisation = factories.make_organisation(slug, slug=slug, partnership=place)
        scores = {"A1.1": 2, "A1.2": 2 if index % 3 else 1, "A2.1": 2, "A2.2": index % 2 + 1}
        factories.make_audit(cycle, organisation, scores=scores, status=AuditStatus.SUBMITTED)
    people = [
        factories.make_officer(f"{role}@place-{number}.example", partnership=place, role=role)
        for role in (OfficerRole.ADMINISTRATOR, OfficerRole.QUALITY_OFFICER, OfficerRole.PUBLISHER)
    ]
    report = begin_report(partnership=place, title=f"Report {number}", cycles=[cycle], by=people[0])
    return approve(report, author=people[0], approver=people[1])


def sign_in(email: str) -> str:
    """A session, without the way to it."""
    user = User.objects.get(email=email)
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


@transaction.atomic
def sign_in_all() -> dict[str, str]:
    return {user.email: sign_in(user.email) for user in User.objects.exclude(email__startswith="agency")}


# Counting -------------------------------------------------------------------------------------------------------------


def read_answers() -> dict[str, Any]:
    """By organisation and code: what stands there, its version, and how many changes its trail has."""
    rows = Answer.objects.annotate(steps=Count("changes")).values_list(
        "audit__invitee__organisation__slug", "indicator__code", "commentary", "version", "steps"
    )
    return {f"{slug} {code}": [said, version, steps] for slug, code, said, version, steps in rows}


def read_trail() -> dict[str, list[str]]:
    """What each answer was changed to, in the order of its versions and not of the clock."""
    found: dict[str, list[str]] = {}
    rows = AnswerChange.objects.order_by("answer", "version").values_list(
        "answer__audit__invitee__organisation__slug", "answer__indicator__code", "commentary_after"
    )
    for slug, code, said in rows:
        found.setdefault(f"{slug} {code}", []).append(said)
    return found


def read_files() -> list[list[str]]:
    """Of each row with a file: the organisation, its checksum, and the checksum of what lies there."""
    rows = EvidenceVersion.objects.exclude(file="").select_related("evidence__organisation")
    return [[row.evidence.organisation.slug, row.sha256, take_sum(str(row.file.name))] for row in rows]


def take_sum(name: str) -> str:
    if not default_storage.exists(name):
        return "not there"
    with default_storage.open(name) as file:
        return get_sum(file)


def read_submissions() -> dict[str, list[Any]]:
    """By organisation: the status, how often it was submitted, how often the trail says so, and its scorecards."""
    audits = Audit.objects.filter(invitee__cycle__slug="2026").select_related("invitee__organisation")
    return {
        audit.organisation.slug: [
            audit.status,
            audit.submission,
            AuditEvent.objects.filter(audit=audit, kind=AuditEventKind.SUBMITTED).count(),
            Scorecard.objects.filter(audit=audit).count(),
        ]
        for audit in audits
    }


def read_names() -> list[str]:
    """What the imported tables wrote: each writes one word to all rows."""
    return list(
        Participation.objects.filter(partnership__slug="harbour", organisation__slug__startswith="saver")
        .order_by("pk")
        .values_list("local_name", flat=True)
    )


def read_uploads() -> list[list[Any]]:
    rows = TableUpload.objects.order_by("pk")
    return [[row.pk, row.name, bool(row.saved_at), bool(row.confirmed_at), row.error] for row in rows]


def read_publications() -> list[dict[str, Any]]:
    """Of each report: all of it or nothing."""
    return [
        {
            "status": str(report.status),
            "number": report.number,
            "snapshots": Snapshot.objects.filter(report=report).count(),
            "files": PublishedFile.objects.filter(report=report).count(),
            "kinds": PublishedFile.objects.filter(report=report).values("kind").distinct().count(),
            "unfinished": Publication.objects.filter(report=report, finished_at=None).count(),
        }
        for report in Report.objects.filter(partnership__slug__startswith="place-").order_by("pk")
    ]


def find_faults() -> list[str]:
    return [f"{one.kind}: {one.what}" for one in verify() if one.kind != FaultKind.ORPHAN]


def count_orphans() -> int:
    """Files that no row names, however new."""
    verifying.SETTLED_AFTER = datetime.timedelta(seconds=-5)
    return sum(one.kind == FaultKind.ORPHAN for one in verify())


# Jobs and mail --------------------------------------------------------------------------------------------------------


def ask_documents(size: int) -> list[int]:
    """Copies of audits that a worker has to build."""
    audits = Audit.objects.filter(submission__gt=0)[:size]
    return [request_audit_copy(audit=audit, submission=1, by=None).pk for audit in audits]


def read_documents() -> list[list[Any]]:
    """Of each: its attempts, the checksum of its row, that of what lies there, and why it was given up."""
    return [
        [row.pk, row.attempts, row.sha256, take_sum(str(row.file.name)) if row.file else "", row.error]
        for row in Document.objects.order_by("pk")
    ]


def age(hours: int) -> None:
    """Everything that waits was asked for so long ago; `tick` then takes up what was left."""
    ago = timezone.now() - datetime.timedelta(hours=hours)
    Document.objects.filter(file="").update(queued_at=ago, next_try=None)
    Publication.objects.filter(finished_at=None).update(started_at=ago)
    TableUpload.objects.filter(saved_at=None).update(queued_at=ago)


def fill_outbox(size: int) -> None:
    cycle = Cycle.objects.get(slug="2026", partnership__slug="harbour")
    for number in range(size):
        put_in_outbox(
            kind=MessageKind.NOTICE,
            email=f"person{number}@elsewhere.example",
            subject=f"Message {number}",
            body="Words.",
            by=None,
            cycle=cycle,
        )


def get_own_messages() -> QuerySet[Message]:
    """Those that `fill_outbox` put there, and receipts: the clock writes its own beside them."""
    receipts = Q(email__startswith="lead@ready", kind=MessageKind.NOTICE)
    return Message.objects.filter(Q(email__startswith="person") | receipts)


def make_due() -> None:
    get_own_messages().filter(status="waiting").update(due_at=timezone.now() - datetime.timedelta(minutes=1))


def read_outbox() -> list[list[Any]]:
    rows = get_own_messages().order_by("pk")
    return [[row.email, str(row.status), row.attempts, row.error] for row in rows]


def read_figures() -> dict[str, dict[str, Any]]:
    """Every overview, byte for byte as the command writes it, of every cycle and series; and the rows of each table."""
    cycles = Cycle.objects.opened().select_related("partnership").order_by("pk")
    return {
        "figures": {
            f"{cycle.partnership.slug}/{cycle.slug}/{series}": export_overview(
                cycle, series, DocumentFormat.JSON
            ).decode()
            for cycle in cycles
            for series in Series
        },
        "rows": {model._meta.label: model._base_manager.count() for model in get_models()},
    }


def count_organisations() -> int:
    return Organisation.objects.count()


def queue_again(documents: list[int], times: int) -> None:
    """The same attempt of each once more, as two clocks might."""
    for pk in documents * times:
        build_document.enqueue(pk, 0)


def count_waiting() -> int:
    """Jobs that no worker has finished; one whose worker died stays at work for ever, and is not waited for."""
    return DBTaskResult.objects.filter(status="READY").count() + count_at_work()


def count_at_work() -> int:
    young = timezone.now() - datetime.timedelta(seconds=20)
    return DBTaskResult.objects.filter(status="RUNNING", started_at__gte=young).count()


def list_reports() -> list[int]:
    reports = Report.objects.filter(partnership__slug__startswith="place-").order_by("partnership__slug")
    return list(reports.values_list("pk", flat=True))


def find_publish(report: int) -> str:
    found = Report.objects.select_related("partnership").get(pk=report)
    return reverse("accountability:report_publish", args=[found.partnership.slug, report])


def read_versions() -> list[int]:
    return list(EvidenceVersion.objects.exclude(file="").order_by("pk").values_list("pk", flat=True))


def find_file(version: int) -> str:
    found = EvidenceVersion.objects.select_related("evidence__organisation").get(pk=version)
    return reverse("surveys:evidence_file", args=["harbour", found.evidence.organisation.slug, version])


def read_session(key: str) -> dict[str, float]:
    left = Session.objects.get(session_key=key).expire_date - timezone.now()
    return {"hours": left.total_seconds() / 3600}
