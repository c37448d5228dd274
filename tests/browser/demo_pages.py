"""The main pages, of the demonstration: who looks at what. For the pictures, and for the checks on real content."""

from __future__ import annotations

from collections.abc import Mapping

# By the login's address, empty for everybody: a page's name, and its path. `get_names` fills in what stands in braces.
P = "/p/harbourside"
AGENCY = f"{P}/o/{{agency}}"
AUDIT = f"{AGENCY}/audits/{{now}}"
DESK = f"{P}/desk"
HELD = f"{DESK}/meetings/{{before}}"
PAGES: Mapping[str, Mapping[str, str]] = {
    "": {
        "front": "/",
        "sign-in": "/accounts/login/",
        "first-password": "/accounts/password/reset/",
        "partnership": f"{P}/",
        "question-bank": f"{P}/question-banks/{{bank}}/",
        "published": f"{P}/reports/",
        "published-report": f"{P}/reports/1/",
        "accessibility": "/accessibility/",
        "privacy": f"{P}/privacy/",
        "cookies": "/cookies/",
        "contact": "/contact/",
        "contact-of": f"{P}/contact/",
    },
    "lead@bayview.example": {
        "home": "/home/",
        "own-details": "/home/details/",
        "agency": f"{AGENCY}/",
        "audit": f"{AUDIT}/",
        "profile": f"{AUDIT}/profile/",
        "standard-answered": f"{AUDIT}/standards/{{first}}/",
        "standard-empty": f"{AUDIT}/standards/{{last}}/",
        "check": f"{AUDIT}/check/",
        "sharing": f"{AUDIT}/sharing/",
        "read": f"{AUDIT}/read/",
        "submitted": f"{AGENCY}/audits/{{before}}/submitted/",
        "read-submitted": f"{AGENCY}/audits/{{before}}/read/",
        "copies": f"{AGENCY}/copies/",
        "members": f"{AGENCY}/people/",
        "hand-over": f"{AGENCY}/people/hand-over/",
        "member-invite": f"{AGENCY}/people/invite/",
        "details": f"{AGENCY}/details/",
        "own-meetings": f"{AGENCY}/meetings/",
        "own-meeting": f"{AGENCY}/meetings/{{before}}/",
        "own-minutes": f"{AGENCY}/meetings/{{before}}/minutes/",
        "own-letter": f"{AGENCY}/meetings/{{before}}/letter/",
        "own-recommendations": f"{AGENCY}/meetings/{{before}}/recommendations/",
        "own-recommendation": f"{AGENCY}/meetings/{{before}}/recommendations/1/",
        "feedback": f"{AGENCY}/feedback/",
        "annual-returns": f"{AGENCY}/returns/",
        "annual-return": f"{AGENCY}/returns/{{year}}/",
        "annual-return-picture": f"{AGENCY}/returns/{{year}}/pictures/add/",
        "own-voices": f"{AGENCY}/voice/",
        "not-found": f"{DESK}/",
    },
    "lead@northmoor.example": {
        "home-of-two": "/home/",
        "elsewhere": f"{P}/o/{{shared}}/audits/{{now}}/elsewhere/",
    },
    "head@bayview.example": {"check-as-signatory": f"{AUDIT}/check/", "audit-as-signatory": f"{AUDIT}/"},
    "administrator@harbourside.example": {
        "officer-home": "/home/",
        "desk": f"{DESK}/",
        "organisations": f"{DESK}/organisations/",
        "organisation": f"{DESK}/organisations/{{agency}}/",
        "organisation-add": f"{DESK}/organisations/add/",
        "registers": f"{DESK}/organisations/registers/",
        "organisation-invite": f"{DESK}/organisations/{{agency}}/invite/",
        "cycles": f"{DESK}/cycles/",
        "cycle-open": f"{DESK}/cycles/{{now}}/",
        "cycle-closed": f"{DESK}/cycles/{{before}}/",
        "cycle-new": f"{DESK}/cycles/new/",
        "cycle-invite": f"{DESK}/cycles/{{now}}/invite/",
        "cycle-invitee": f"{DESK}/cycles/{{now}}/invitees/{{agency}}/",
        "cycle-close": f"{DESK}/cycles/{{now}}/close/",
        "jobs": f"{DESK}/jobs/",
        "reports": f"{DESK}/reports/",
        "overview": f"{DESK}/reports/{{before}}/",
        "overview-open": f"{DESK}/reports/{{now}}/",
        "public-preview": f"{DESK}/reports/{{before}}/public/",
        "heat-map": f"{DESK}/reports/{{before}}/organisations/",
        "publication": f"{DESK}/publication/",
        "report": f"{DESK}/publication/{{report}}/",
        "report-preview": f"{DESK}/publication/{{report}}/preview/",
        "officer-reading": f"{AGENCY}/audits/{{before}}/read/",
        "meetings": f"{DESK}/meetings/{{now}}/",
        "meeting-days": f"{DESK}/meetings/{{now}}/days/",
        "panel-availability": f"{DESK}/meetings/{{now}}/availability/",
        "calls": f"{DESK}/meetings/{{now}}/calls/",
        "timetable": f"{DESK}/meetings/{{now}}/timetable/",
        "released-timetable": f"{DESK}/meetings/{{now}}/releases/1/",
        "held-meetings": f"{HELD}/",
        "held-meeting": f"{HELD}/{{agency}}/meeting/",
        "minutes": f"{HELD}/{{agency}}/minutes/",
        "letters": f"{HELD}/letters/",
        "letter": f"{HELD}/{{agency}}/letter/",
        "meetings-progress": f"{HELD}/progress/",
        "meetings-progress-list": f"{HELD}/progress/list/",
        "followed": f"{HELD}/{{agency}}/recommendations/1/",
        "findings": f"{DESK}/publication/{{published}}/findings/",
        "chapter": f"{DESK}/publication/{{published}}/board/chapter/",
        "feedback-reports": f"{DESK}/feedback/{{before}}/",
        "annual-report": f"{DESK}/annual-report/",
        "agencies-returns": f"{DESK}/annual-report/returns/{{year}}/",
        "agencys-return": f"{DESK}/annual-report/returns/{{year}}/agencies/{{returned}}/",
        "voices": f"{DESK}/annual-report/voice/{{year}}/",
        "officers": f"{DESK}/people/",
        "feed-tokens-here": f"{DESK}/people/feeds/",
        "settings": f"{DESK}/settings/",
    },
    "quality@harbourside.example": {
        "feed-tokens": "/home/details/feeds/",
        "feed-token-add": "/home/details/feeds/add/",
    },
    "panel@harbourside.example": {
        "panel-desk": f"{DESK}/",
        "own-availability": f"{DESK}/meetings/{{now}}/own-availability/",
        "not-allowed": f"{DESK}/settings/",
    },
}


def get_names() -> dict[str, str]:
    # Imported when called: the pictures are taken with settings that are made after this module is read.
    from accountability.models import Report, ReturnRequest, Voice  # noqa: PLC0415
    from s11.demo import content  # noqa: PLC0415
    from s11.organisations.models import Organisation  # noqa: PLC0415
    from surveys.models import Cycle  # noqa: PLC0415

    before, now = Cycle.objects.filter(partnership__slug=content.HARBOURSIDE, kind="full").order_by(
        "opens_on"
    )
    agency = Organisation.objects.get(name=content.HOME_ORGANISATION)
    bank = now.cycle_questionnaires.get(variant=agency.variant).questionnaire
    asked = ReturnRequest.objects.latest("begins")
    standards = list(bank.standards.values_list("code", flat=True))
    return {
        "before": before.slug,
        "now": now.slug,
        "agency": agency.slug,
        "shared": Organisation.objects.get(name=content.SHARED_LEAD[2]).slug,
        "bank": str(bank.pk),
        "first": standards[0],
        "last": standards[-1],
        "report": str(Report.objects.get(status="draft").pk),
        "year": asked.year.slug,
        "returned": asked.returns.get(status="approved").participation.organisation.slug,
        "heard": Voice.objects.chosen().latest("pk").year.slug,
        "published": str(Report.objects.get(number=1, version=1).pk),
    }
