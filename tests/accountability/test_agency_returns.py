"""An agency's return: written together, handed in, approved by name, and each way back."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from accountability.agency_return_permissions import (
    check_can_add_picture,
    check_can_approve_return,
    check_can_hand_in_return,
    check_can_send_return_back,
    check_can_take_return_back,
    check_can_write_return,
)
from accountability.agency_return_standing import Standing, get_standing
from accountability.agency_return_steps import accept_return, approve_return, hand_in_return, take_return_back
from accountability.agency_return_writing import NotInThisState, Typed, save_return
from accountability.enums import AGENCY_RETURN_MOVES, AgencyReturnEventKind, AgencyReturnStatus, ReturnHeading
from accountability.models import AgencyReturn, AgencyReturnPart, ReturnRequest
from s11.organisations.models import User
from s11.organisations.queries import get_agency_or_404
from s11.web.errors import reason_why_not
from surveys.models import Message
from tests.accountability.agency_returns import TEXTS, make_picture, make_request, make_return
from tests.conftest import Cast

SignIn = Callable[[User], Client]
ABOUT, CELEBRATE, PRIORITIES = ReturnHeading
DRAFT, TO_APPROVE, APPROVED, ACCEPTED, RETURNED = AgencyReturnStatus
MEMBERS = ("lead", "contributor", "signatory", "viewer")


@pytest.fixture
def asked(cast: Cast) -> ReturnRequest:
    """Beacon Homes has written too, which nobody here may see."""
    asked = make_request(cast.partnership, note="Say what children told you.")
    theirs = dict.fromkeys(ReturnHeading, "Puffin")
    make_return(asked, cast.other_organisation, by=cast.stranger, texts=theirs)
    return asked


def url(name: str = "agency_return", **more: Any) -> str:
    place = {"partnership": "harbour", "organisation": "anchor", "year": "2025-26"}
    return reverse(f"accountability:{name}", kwargs=place | more)


def stand(cast: Cast, asked: ReturnRequest) -> Standing:
    return get_standing(asked, cast.organisation.participations.get(partnership=cast.partnership))


def post(client: Client, texts: dict[ReturnHeading, str], versions: tuple[int, int, int] = (0, 0, 0)) -> Any:
    data: dict[str, object] = {heading.value: texts.get(heading, "") for heading in ReturnHeading}
    data |= {f"{one.value}_version": seen for one, seen in zip(ReturnHeading, versions, strict=True)}
    return client.post(url(), data)


# Writing --------------------------------------------------------------------------------------------------------------


def test_every_post_saves_a_draft_and_says_how_many_words_there_are(
    cast: Cast, asked: ReturnRequest, sign_in: SignIn
) -> None:
    client = sign_in(cast.contributor)
    page = client.get(url()).text
    for words in (
        "Due by",
        "Say what children told you.",
        "Nothing saved yet",
        "Up to 300 words is enough",
        "Not started",
    ):
        assert words in page
    assert "Puffin" not in page
    assert not AgencyReturn.objects.of(cast.organisation.participations.get()).exists(), (
        "reading begins nothing"
    )
    response = post(client, {CELEBRATE: "Children redrew\r\nthe rules."})
    assert response.headers["Location"] == url()
    part = AgencyReturnPart.objects.get(changed_by=cast.contributor)
    assert (part.heading, part.text, part.version) == (CELEBRATE, "Children redrew\nthe rules.", 1)
    page = client.get(url()).text
    assert "4 words saved." in page
    assert "A lead hands" not in page.partition("</form>")[0].rpartition("</details>")[2]
    assert "Only a lead hands the return in" in page


def test_what_colleagues_save_meanwhile_is_never_overwritten(
    cast: Cast, asked: ReturnRequest, sign_in: SignIn
) -> None:
    make_return(asked, cast.organisation, by=cast.lead)
    others = cast.organisation.participations.get()
    save_return(
        request=asked, participation=others, typed=[Typed(CELEBRATE, "Theirs.", 1)], by=cast.contributor
    )
    response = post(sign_in(cast.lead), {**TEXTS, ABOUT: "New.", CELEBRATE: "Mine."}, (1, 1, 1))
    assert response.status_code == 409
    page = response.text
    for words in ("Theirs.", "Mine.", "Not everything is saved", 'name="celebrate_version" value="2"'):
        assert words in page, words
    assert "Your words under the other headings are saved" in page
    saved = dict(
        AgencyReturnPart.objects.filter(agency_return__participation=others).values_list("heading", "text")
    )
    assert saved == {**TEXTS, ABOUT: "New.", CELEBRATE: "Theirs."}
    again = post(sign_in(cast.lead), {**TEXTS, ABOUT: "New.", CELEBRATE: "Both."}, (2, 2, 1))
    assert again.status_code == 302
    assert (
        AgencyReturnPart.objects.get(agency_return__participation=others, heading=CELEBRATE).text == "Both."
    )


def test_what_is_too_long_is_kept_on_the_page(cast: Cast, asked: ReturnRequest, sign_in: SignIn) -> None:
    response = post(sign_in(cast.lead), {ABOUT: "wren " * 2_001})
    assert response.status_code == 422
    assert "wren wren" in response.text
    assert not AgencyReturnPart.objects.filter(changed_by=cast.lead).exists()


def test_who_comes_too_late_has_their_words_to_copy(
    cast: Cast, asked: ReturnRequest, sign_in: SignIn
) -> None:
    found = make_return(asked, cast.organisation, TO_APPROVE, by=cast.lead)
    response = sign_in(cast.contributor).post(
        url(),
        {"about": "What I typed for an hour", "about_version": 1},
        headers={"origin": "http://testserver"},
    )
    assert response.status_code == 403
    assert "What I typed for an hour" in response.text
    with pytest.raises(NotInThisState, match="to approve"):
        save_return(
            request=asked,
            participation=found.participation,
            typed=[Typed(ABOUT, "Late.", 1)],
            by=cast.contributor,
        )


def test_last_years_priorities_stand_beside_this_years_work(
    cast: Cast, asked: ReturnRequest, sign_in: SignIn
) -> None:
    before = make_request(cast.partnership, begins=2024)
    make_return(
        before, cast.organisation, ACCEPTED, by=cast.signatory, texts={PRIORITIES: "Ask every child."}
    )
    longer = make_request(cast.partnership, begins=2023)
    make_return(longer, cast.organisation, ACCEPTED, by=cast.signatory, texts={PRIORITIES: "Long ago."})
    page = sign_in(cast.lead).get(url()).text
    assert "What you said a year ago that you would do" in page
    assert page.index("Ask every child.") < page.index("What we did this year and want to celebrate")
    assert "Long ago." not in page


# Handed in, approved --------------------------------------------------------------------------------------------------


def test_from_the_draft_to_an_approval_by_name(
    cast: Cast,
    asked: ReturnRequest,
    sign_in: SignIn,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    found = make_return(asked, cast.organisation, by=cast.lead)
    assert "Hand it in" in sign_in(cast.lead).get(url("agency_return_hand_in")).text
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(cast.lead).post(url("agency_return_hand_in"))
    assert [one.to for one in mail.outbox] == [[cast.signatory.email]]
    assert not Message.objects.exists(), "what its people ask of each other is kept nowhere"
    page = sign_in(cast.signatory).get(url("agency_return_approve")).text
    assert "Children redrew the rules" in page
    seen = stand(cast, asked).seen
    wrong = sign_in(cast.signatory).post(url("agency_return_approve"), {"approved_as": "Chair", "seen": seen})
    assert wrong.status_code == 422
    assert "Select that nobody can be recognised" in wrong.text
    ticked = {"approved_as": "Chair", "names_nobody": "on", "is_for_public": "on", "seen": seen}
    done = sign_in(cast.signatory).post(url("agency_return_approve"), ticked)
    assert done.headers["Location"] == url()
    found.refresh_from_db()
    assert (found.status, found.approved_by, found.approved_as) == (APPROVED, cast.signatory, "Chair")
    page = sign_in(cast.viewer).get(url()).text
    assert "approved it for the public" in page
    assert "Chair" in page
    kinds = list(found.events.values_list("kind", flat=True))
    assert kinds == [AgencyReturnEventKind.HANDED_IN, AgencyReturnEventKind.APPROVED]


def test_without_a_signatory_a_lead_approves(cast: Cast, asked: ReturnRequest, sign_in: SignIn) -> None:
    cast.organisation.memberships.filter(user=cast.signatory).update(ended_at=timezone.now())
    make_return(asked, cast.organisation, by=cast.lead)
    client = sign_in(cast.lead)
    assert "Save, check and approve" in client.get(url()).text
    assert client.get(url("agency_return_hand_in")).status_code == 403
    data = {
        "approved_as": "Lead",
        "names_nobody": "on",
        "is_for_public": "on",
        "seen": stand(cast, asked).seen,
    }
    client.post(url("agency_return_approve"), data)
    assert stand(cast, asked).status == APPROVED


def test_nobody_approves_what_they_have_not_read(cast: Cast, asked: ReturnRequest) -> None:
    found = make_return(asked, cast.organisation, TO_APPROVE, by=cast.lead)
    read = stand(cast, asked)
    take_return_back(found=found, by=cast.lead)
    save_return(
        request=asked, participation=found.participation, typed=[Typed(ABOUT, "Otherwise.", 1)], by=cast.lead
    )
    hand_in_return(standing=stand(cast, asked), by=cast.lead)
    with pytest.raises(NotInThisState, match="Read it again"):
        approve_return(standing=read, approved_as="Chair", seen=read.seen, by=cast.signatory)
    make_picture(found)
    assert stand(cast, asked).seen != read.seen


@pytest.mark.parametrize("texts", [{}, {ABOUT: "We swim.", CELEBRATE: " "}])
def test_what_is_missing_is_said_and_goes_nowhere(
    cast: Cast, asked: ReturnRequest, sign_in: SignIn, texts: dict[ReturnHeading, str]
) -> None:
    make_return(asked, cast.organisation, by=cast.lead, texts=texts)
    page = sign_in(cast.lead).get(url("agency_return_hand_in")).text
    assert "Nothing stands yet under" in page
    assert f"{url('agency_return')}#id_{CELEBRATE if texts else ABOUT}" in page
    assert "Hand it in" not in page
    sign_in(cast.lead).post(url("agency_return_hand_in"))
    assert stand(cast, asked).status == DRAFT


def test_nothing_is_handed_in_that_nobody_began(cast: Cast, asked: ReturnRequest, sign_in: SignIn) -> None:
    page = sign_in(cast.lead).post(url("agency_return_hand_in"), follow=True).text
    assert "Nothing stands yet under" in page


def test_sent_back_with_a_reason_and_taken_back(
    cast: Cast,
    asked: ReturnRequest,
    sign_in: SignIn,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    make_return(asked, cast.organisation, TO_APPROVE, by=cast.lead)
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(cast.signatory).post(url("agency_return_send_back"), {"reason": "Leave the second line out."})
    assert [one.to for one in mail.outbox] == [[cast.lead.email]]
    assert "Leave the second line out." in mail.outbox[0].body
    assert "Leave the second line out." in sign_in(cast.contributor).get(url()).text
    hand_in_return(standing=stand(cast, asked), by=cast.lead)
    assert stand(cast, asked).reason is None
    sign_in(cast.lead).post(url("agency_return_take_back"))
    assert stand(cast, asked).status == DRAFT


def test_an_approval_is_void_once_it_is_taken_back_and_accepted_stays(
    cast: Cast, asked: ReturnRequest
) -> None:
    found = make_return(asked, cast.organisation, APPROVED, by=cast.signatory)
    take_return_back(found=found, by=cast.lead)
    found.refresh_from_db()
    assert (found.status, found.approved_by, found.approved_as) == (DRAFT, None, "")
    approved = make_return(
        make_request(cast.partnership, begins=2024), cast.organisation, APPROVED, by=cast.lead
    )
    standing = get_standing(approved.request, approved.participation)
    accept_return(found=approved, seen=standing.seen, by=cast.quality_officer)
    with pytest.raises(NotInThisState, match="Somebody was quicker"):
        take_return_back(found=approved, by=cast.lead)


def test_each_verb_leads_to_one_state(cast: Cast) -> None:
    """`lock_for` takes the first that fits."""
    leads: dict[tuple[str, str], set[str]] = {}
    for (before, after), verbs in AGENCY_RETURN_MOVES.items():
        for verb in verbs:
            leads.setdefault((before, verb), set()).add(after)
    assert all(len(ends) == 1 for ends in leads.values())


# Who may --------------------------------------------------------------------------------------------------------------

# By step and state, who may take it; ‘none’ is what nobody has begun.
TABLE = {
    "write": {"none": "lc", DRAFT: "lc", TO_APPROVE: "", APPROVED: "", ACCEPTED: "", RETURNED: "lc"},
    "picture": {"none": "lc", DRAFT: "lc", TO_APPROVE: "", APPROVED: "", ACCEPTED: "", RETURNED: "lc"},
    "hand_in": {"none": "l", DRAFT: "l", TO_APPROVE: "", APPROVED: "", ACCEPTED: "", RETURNED: "l"},
    "approve": {"none": "", DRAFT: "", TO_APPROVE: "s", APPROVED: "", ACCEPTED: "", RETURNED: ""},
    "send_back": {"none": "", DRAFT: "", TO_APPROVE: "s", APPROVED: "", ACCEPTED: "", RETURNED: ""},
    "take_back": {"none": "", DRAFT: "", TO_APPROVE: "l", APPROVED: "l", ACCEPTED: "", RETURNED: ""},
}
CHECKS = {
    "write": check_can_write_return,
    "picture": check_can_add_picture,
    "hand_in": check_can_hand_in_return,
    "approve": check_can_approve_return,
    "send_back": check_can_send_return_back,
    "take_back": check_can_take_return_back,
}


@pytest.mark.parametrize("state", ["none", *AgencyReturnStatus])
def test_truth_table(cast: Cast, state: str) -> None:
    asked = make_request(cast.partnership)
    if state != "none":
        make_return(asked, cast.organisation, AgencyReturnStatus(state), by=cast.signatory)
    standing = stand(cast, asked)
    for step, check in CHECKS.items():
        for person in MEMBERS:
            agency = get_agency_or_404(cast.people[person], "harbour", "anchor")
            may = not reason_why_not(check, agency, standing)
            assert may == (person[0] in TABLE[step][state]), (step, person, state)


def test_who_no_longer_takes_part_only_reads(cast: Cast, asked: ReturnRequest, sign_in: SignIn) -> None:
    make_return(asked, cast.organisation, by=cast.lead)
    cast.organisation.participations.update(is_active=False)
    client = sign_in(cast.lead)
    page = client.get(url()).text
    assert "no longer takes part" in page
    assert "Children redrew the rules" in page
    assert post(client, TEXTS, (1, 1, 1)).status_code == 403


@pytest.mark.parametrize("year", ["2024-25", "2025-27", "2025", "none"])
def test_a_year_that_nobody_asked_for_is_not_there(
    cast: Cast, asked: ReturnRequest, sign_in: SignIn, year: str
) -> None:
    assert sign_in(cast.lead).get(url(year=year)).status_code == 404


# Its room, and home ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for number in range(rows):
        asked = make_request(cast.partnership, begins=2025 - number)
        found = make_return(asked, cast.organisation, by=cast.lead)
        make_return(asked, cast.other_organisation, by=cast.stranger)
    for number in range(rows):
        make_picture(found, f"A pool {number}")
    client, last = sign_in(cast.lead), f"{2026 - rows}-{27 - rows}"
    with django_assert_num_queries(6):
        client.get(reverse("accountability:agency_returns", args=["harbour", "anchor"]))
    with django_assert_num_queries(11):
        client.get(url(year=last))


def test_the_room_lists_years_and_what_is_done_with_them(
    cast: Cast, asked: ReturnRequest, sign_in: SignIn
) -> None:
    room = reverse("accountability:agency_returns", args=["harbour", "anchor"])
    before = make_request(cast.partnership, begins=2024)
    make_return(before, cast.organisation, ACCEPTED, by=cast.signatory)
    make_request(cast.elsewhere, begins=2021)
    page = sign_in(cast.viewer).get(room).text
    assert page.index("2025 to 2026") < page.index("2024 to 2025")
    assert "2021" not in page
    for words in ("Not started", "Accepted", "What is done with your return"):
        assert words in page


def test_home_says_what_waits_for_whom(cast: Cast, asked: ReturnRequest, sign_in: SignIn) -> None:
    write, approve = "Write the return of Anchor Trust", "Approve the return of Anchor Trust"

    def read(person: User) -> str:
        return sign_in(person).get(reverse("home")).text

    assert write in read(cast.contributor)
    assert write in sign_in(cast.lead).get(reverse("agency", args=["harbour", "anchor"])).text
    assert write not in read(cast.signatory)
    found = make_return(asked, cast.organisation, TO_APPROVE, by=cast.lead)
    assert approve in read(cast.signatory)
    assert "the return of Anchor Trust" not in read(cast.lead)
    AgencyReturn.objects.filter(pk=found.pk).update(status=RETURNED)
    assert "Finish the return of Anchor Trust" in read(cast.lead)
    asked.due_on -= datetime.timedelta(days=120)
    asked.save()
    assert "the return of Anchor Trust" not in read(cast.lead)
