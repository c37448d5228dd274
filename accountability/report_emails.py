"""E-mails to officers about a report, where somebody has to act; through the outbox, in the verb's own transaction."""

from __future__ import annotations

from collections.abc import Iterable

from accountability.enums import AUTHORING, ReportEventKind
from accountability.models import Poster, Report
from s11.organisations.emails import make_email, make_link
from s11.organisations.enums import ORGANISERS, OfficerRole
from s11.organisations.models import Officer, User
from surveys.enums import MessageKind
from surveys.outbox import put_in_outbox


def tell_approvers(report: Report, note: str, by: User) -> list[User]:
    """Those who may: who wrote some of it may not. Returns them, for there may be none."""
    authors = list_author_ids(report)
    people = [one for one in list_officers(report, ORGANISERS) if one.pk not in authors]
    _tell("report_to_review", report, people, by, note=note)
    return people


def tell_authors(report: Report, reason: str, by: User) -> None:
    """Who sent it, else who began it: one person, who takes it on."""
    sent = report.events.filter(kind=ReportEventKind.SENT).select_related("by").last()
    author = sent.by if sent is not None and sent.by is not None else report.created_by
    if author != by:
        _tell("report_returned", report, [author], by, reason=reason)


def tell_publishers(report: Report, by: User) -> list[User]:
    """Returns them, likewise."""
    people = list_officers(report, {OfficerRole.PUBLISHER})
    _tell("report_to_publish", report, people, by)
    return people


def tell_failed(report: Report, person: User, error: str) -> None:
    """To who asked for it to be published."""
    _tell("report_failed", report, [person], None, error=error)


def tell_poster_failed(poster: Poster, person: User, error: str) -> None:
    """To who asked for it to be published."""
    if poster.report is None:
        return
    link = make_link("accountability:poster", poster.partnership.slug, str(poster.report_id), str(poster.pk))
    _tell("poster_failed", poster.report, [person], None, link=link, poster=poster.title, error=error)


def list_author_ids(report: Report) -> set[int]:
    events = report.events.filter(kind__in=AUTHORING, by__isnull=False)
    return {report.created_by_id, *events.values_list("by", flat=True)}


def list_officers(report: Report, roles: Iterable[OfficerRole]) -> list[User]:
    """Each once, in the order of their addresses."""
    offices = Officer.objects.active().filter(
        partnership=report.partnership, role__in=list(roles), user__is_active=True
    )
    return list(User.objects.filter(pk__in=offices.values("user")).order_by("email"))


def _tell(template: str, report: Report, people: Iterable[User], by: User | None, **context: str) -> None:
    about = report.report_cycles.select_related("cycle__partnership").first()
    if about is None:
        return
    context.setdefault("link", make_link("accountability:report", report.partnership.slug, str(report.pk)))
    for person in people:
        mail = make_email(
            f"accountability/{template}",
            to=[person.email],
            partnership=report.partnership,
            report=report,
            by=by,
            **context,
        )
        put_in_outbox(
            kind=MessageKind.NOTICE,
            cycle=about.cycle,
            email=person.email,
            user=person,
            subject=str(mail.subject),
            body=str(mail.body),
            by=by,
        )
