"""The demonstration's returns for the annual report: two years, this one's in every state. All of it is made up.

Rows of their own, without the verbs: nobody is to be written to.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from accountability.agency_return_pictures import add_picture
from accountability.enums import AgencyReturnEventKind as Event
from accountability.enums import AgencyReturnStatus as Status
from accountability.enums import ReturnHeading
from accountability.models import (
    AgencyReturn,
    AgencyReturnEvent,
    AgencyReturnPart,
    ReturnRequest,
)
from accountability.reporting_years import ReportingYear
from s11.demo import content
from s11.demo.audits import at
from s11.organisations.enums import MembershipRole, OfficerRole
from s11.organisations.models import Organisation, Participation, Partnership, User

ABOUT, CELEBRATE, PRIORITIES = ReturnHeading
NOTE: Final = "The theme of this year’s report is what children told us: say what you changed because of it."
WHY_BACK: Final = (
    "It tells so much of one family that its neighbours would know it. Say what you learned instead."
)
ALT: Final = "A painted wall with boats and waves, made with pupils for the quiet corner of the library"


@dataclass(frozen=True, slots=True)
class DemoReturn:
    name: str
    status: Status
    texts: Mapping[ReturnHeading, str]
    approved_as: str = "Chief executive"


LAST: Final = (
    DemoReturn(
        content.HOME_ORGANISATION,
        Status.ACCEPTED,
        {
            ABOUT: "A primary school of two classes a year. A third of our families are new to the town.",
            CELEBRATE: "Our worry box became a worry hour: on Thursdays two adults sit in the library, and anybody "
            "may come. In the summer term pupils used it 61 times, mostly about friendships; we heard earlier of what "
            "used to reach us late.\n\nStaff say in supervision that they write concerns down on the same day now.",
            PRIORITIES: "- Every supply teacher knows on the first morning whom to tell\n"
            "- Pupils write the page of our policy that is for pupils\n- A second worry hour, by the school council",
        },
        "Headteacher",
    ),
    DemoReturn(
        "Saltmarsh Sailing Club",
        Status.ACCEPTED,
        {
            ABOUT: "Forty volunteers teach children to sail, mostly at weekends.",
            CELEBRATE: "Every volunteer renewed the safeguarding course before the season, in the boathouse and in the "
            "evening, so that nobody lost a day’s pay over it.",
            PRIORITIES: "Write down what we do when a parent is late, and ask children whether it works.",
        },
        "Commodore",
    ),
)
NOW: Final = (
    DemoReturn(
        content.HOME_ORGANISATION,
        Status.DRAFT,
        {
            ABOUT: LAST[0].texts[ABOUT],
            CELEBRATE: "Supply teachers get a card with two names and a telephone number before they get a timetable. "
            "We asked nine of them in June: all knew whom to tell.",
            PRIORITIES: "",
        },
    ),
    DemoReturn(
        "Harbour Lights Sports Trust",
        Status.TO_APPROVE,
        {
            ABOUT: "Coaching for 1,100 children in eleven halls.",
            CELEBRATE: "Children said that changing rooms felt unsafe, so we asked them to redraw the rules. The rules "
            "hang there now in their words, and coaches sign them.",
            PRIORITIES: "- Coaches of visiting clubs sign the rules too\n- Ask again in spring",
        },
    ),
    DemoReturn(
        "Lanternlight Family Support",
        Status.APPROVED,
        {
            ABOUT: "A charity of nine people. We visit families at home, before anybody else has to.",
            CELEBRATE: "Parents told us that our letters frightened them. Six of them rewrote the letters with us. "
            "Since then more families open the door at the first visit.",
            PRIORITIES: "- The same for our text messages\n- A parent on each panel that recruits",
        },
        "Director",
    ),
    DemoReturn(
        "Harbourside Fire and Rescue",
        Status.ACCEPTED,
        {
            ABOUT: "Crews visit 2,000 homes a year to fit alarms.",
            CELEBRATE: "Every crew has a card with five questions about children whom they see at a visit. Concerns "
            "that crews passed on were useful because they say what was seen, and when.",
            PRIORITIES: "Tell crews what came of the concerns that they passed on.",
        },
        "Assistant chief fire officer",
    ),
    DemoReturn(
        "Pebble Bay Hospice",
        Status.RETURNED,
        {
            ABOUT: "Care for people near the end of life, and for the children around them.",
            CELEBRATE: "Children come to a group of their own while a parent is ill.",
            PRIORITIES: "Ask the children of the group what schools should know.",
        },
    ),
)


def make_agency_returns(partnership: Partnership, today: datetime.date) -> None:
    officer = User.objects.filter(
        offices__partnership=partnership, offices__role=OfficerRole.QUALITY_OFFICER
    ).earliest("pk")
    for years, told, note in ((1, LAST, ""), (0, NOW, NOTE)):
        due_on = today + datetime.timedelta(days=16 - 364 * years)
        asked = ReturnRequest.objects.create(
            partnership=partnership,
            begins=ReportingYear.of(today).before.begins - years,
            due_on=due_on,
            note=note,
            asked_by=officer,
            asked_at=at(due_on - datetime.timedelta(days=42), 9, 30),
        )
        for one in told:
            make_return(asked, one, officer)
    add_mural(asked)


def make_return(asked: ReturnRequest, one: DemoReturn, officer: User) -> None:
    place = Participation.objects.get(partnership=asked.partnership, organisation__name=one.name)
    lead = find_person(place.organisation, MembershipRole.LEAD)
    approver = find_person(place.organisation, MembershipRole.SIGNATORY) or lead
    is_approved = one.status in {Status.APPROVED, Status.ACCEPTED}
    begun, approved = (asked.asked_at + datetime.timedelta(days=days, hours=2) for days in (9, 16))
    found = AgencyReturn.objects.create(
        request=asked,
        participation=place,
        status=one.status,
        begun_at=begun,
        **(
            {"approved_by": approver, "approved_as": one.approved_as, "approved_at": approved}
            if is_approved
            else {}
        ),
    )
    AgencyReturnPart.objects.bulk_create(
        AgencyReturnPart(agency_return=found, heading=heading, text=text, changed_by=lead, changed_at=begun)
        for heading, text in one.texts.items()
        if text
    )
    happened = {
        Status.DRAFT: (),
        Status.TO_APPROVE: ((Event.HANDED_IN, lead),),
        Status.APPROVED: ((Event.APPROVED, approver),),
        Status.ACCEPTED: ((Event.APPROVED, approver), (Event.ACCEPTED, officer)),
        Status.RETURNED: ((Event.APPROVED, approver), (Event.RETURNED, officer)),
    }[one.status]
    AgencyReturnEvent.objects.bulk_create(
        AgencyReturnEvent(
            agency_return=found,
            kind=kind,
            text=WHY_BACK if kind == Event.RETURNED else "",
            by=by,
            at=approved + datetime.timedelta(days=2 * number),
        )
        for number, (kind, by) in enumerate(happened)
    )


def find_person(organisation: Organisation, role: MembershipRole) -> User | None:
    found = organisation.memberships.active().filter(role=role).select_related("user").order_by("pk").first()
    return found.user if found is not None else None


def add_mural(asked: ReturnRequest) -> None:
    """To the home organisation’s draft."""
    place = Participation.objects.get(
        partnership=asked.partnership, organisation__name=content.HOME_ORGANISATION
    )
    lead = find_person(place.organisation, MembershipRole.LEAD)
    assert lead is not None  # whose login is printed
    file = ContentFile(draw_mural(), "library wall.png")
    add_picture(request=asked, participation=place, file=file, alt=ALT, by=lead)


def draw_mural() -> bytes:
    """Two boats on three waves: nobody is in it."""
    picture = Image.new("RGB", (640, 360), "#f3ead3")
    draw = ImageDraw.Draw(picture)
    for number, colour in enumerate(("#7fb4c9", "#3f86a8", "#1d4a6d")):
        top = 230 + 40 * number
        draw.rectangle((0, top + 20, 640, 360), fill=colour)
        for left in range(-40 - 20 * number, 640, 80):
            draw.pieslice((left, top, left + 80, top + 50), 180, 360, fill=colour)
    for left, colour in ((120, "#c2562d"), (390, "#e0a526")):
        draw.polygon(((left, 215), (left + 130, 215), (left + 100, 250), (left + 25, 250)), fill=colour)
        draw.polygon(((left + 62, 90), (left + 62, 205), (left + 120, 205)), fill="#ffffff")
        draw.line((left + 60, 85, left + 60, 215), fill="#4a3324", width=5)
    target = io.BytesIO()
    picture.save(target, "PNG", optimize=True)
    return target.getvalue()
