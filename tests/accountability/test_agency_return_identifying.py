"""What gives somebody away goes into no annual report: refused at its field or asked about, and kept in the draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accountability.agency_return_identifying import find_identifying
from accountability.agency_return_standing import Standing, get_standing
from accountability.agency_return_steps import approve_return, hand_in_return
from accountability.agency_return_writing import NotInThisState
from accountability.enums import AgencyReturnStatus, ReturnHeading
from accountability.identifying.finding import Kind, find_in_agency, list_doubtful, list_refused
from accountability.models import AgencyReturnPart, ReturnRequest
from s11.organisations.models import User
from tests.accountability.agency_returns import TEXTS, make_request, make_return
from tests.conftest import Cast

SignIn = Callable[[User], Client]
ABOUT, CELEBRATE, PRIORITIES = ReturnHeading
DRAFT, TO_APPROVE, APPROVED = (
    AgencyReturnStatus.DRAFT,
    AgencyReturnStatus.TO_APPROVE,
    AgencyReturnStatus.APPROVED,
)
NAMES = ("Anchor Trust", "Dr Hale’s Grammar School", "Harbourside Safeguarding Children Partnership")
PHONE, EMMA = "Ring us on 07700 900123.", "We told Emma what came of it."
REFUSED = (
    ("Ring 07700 900123.", "07700 900123"),
    ("Write to jo@example.org.", "jo@example.org"),
    ("NHS 943 476 5919", "943 476 5919"),
    ("born on 3 April 2014", "born on 3 April 2014"),
    ("see case number 4711", "case number 4711"),
    ("They live at SW1A 1AA.", "SW1A 1AA"),
    ("QQ 12 34 56 C", "QQ 12 34 56 C"),
)
ASKED = (
    ("We thanked Emma for it.", Kind.NAME, "Emma"),
    ("We thanked Mrs Okafor for it.", Kind.PERSON, "Mrs Okafor"),
    ("The garden was born in 2019.", Kind.BIRTH, "born in 2019"),
    ("We moved to 12 Harbour View Road.", Kind.ADDRESS, "12 Harbour View Road"),
    ("Our charity is number 1098765 of them.", Kind.NUMBER, "1098765"),
)
PASSED = (
    "The Anchor Trust and its Early Help Hub met Children’s Social Care on 3 April 2025.",
    "At Dr Hale’s Grammar School two children asked; ANCHOR TRUST listened.",
    "Families rang NHS 111, and read of the NHS 10-year plan at www.example.org.",
    "Six of 1,100 children aged 7 wrote to Harbourside.",
)


@pytest.mark.parametrize(("text", "words"), REFUSED)
def test_what_is_certain_is_refused(text: str, words: str) -> None:
    assert [one.words for one in list_refused(find_in_agency(text, NAMES))] == [words]


@pytest.mark.parametrize(("text", "kind", "words"), ASKED)
def test_what_may_be_a_service_is_only_asked_about(text: str, kind: Kind, words: str) -> None:
    found = find_in_agency(text, NAMES)
    assert list_refused(found) == []
    assert [(one.kind, one.words) for one in list_doubtful(found)] == [(kind, words)]


@pytest.mark.parametrize("text", PASSED)
def test_an_agency_may_name_itself_and_say_when(text: str) -> None:
    assert find_in_agency(text, NAMES) == ()


# Its pages ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(cast: Cast) -> ReturnRequest:
    return make_request(cast.partnership)


def url(name: str) -> str:
    place = {"partnership": "harbour", "organisation": "anchor", "year": "2025-26"}
    return reverse(f"accountability:{name}", kwargs=place)


def stand(cast: Cast, asked: ReturnRequest) -> Standing:
    return get_standing(asked, cast.organisation.participations.get(partnership=cast.partnership))


def write(client: Client, text: str, go: str = "") -> Any:
    texts = TEXTS | {CELEBRATE: text}
    data: dict[str, object] = {heading.value: words for heading, words in texts.items()}
    data |= {f"{heading.value}_version": 0 for heading in ReturnHeading}
    return client.post(url("agency_return"), data | {"go": go})


def approve(client: Client, standing: Standing, **more: str) -> Any:
    ticked = {"approved_as": "Chair", "names_nobody": "on", "is_for_public": "on", "seen": standing.seen}
    return client.post(url("agency_return_approve"), ticked | more)


def end_signatory(cast: Cast) -> None:
    cast.organisation.memberships.filter(user=cast.signatory).update(ended_at=timezone.now())


def test_a_draft_keeps_whatever_it_holds(cast: Cast, asked: ReturnRequest, sign_in: SignIn) -> None:
    client = sign_in(cast.contributor)
    assert write(client, PHONE).status_code == 302
    assert AgencyReturnPart.objects.get(heading=CELEBRATE).text == PHONE
    assert "Ring us on 07700 900123." in client.get(url("agency_return")).text


@pytest.mark.parametrize("go", ["hand_in", "approve"])
def test_what_is_refused_is_said_at_its_field_and_kept(
    cast: Cast, asked: ReturnRequest, sign_in: SignIn, go: str
) -> None:
    if go == "approve":
        end_signatory(cast)
    client = sign_in(cast.lead)
    response = write(client, PHONE, go)
    assert response.status_code == 422
    page = response.text
    assert '<a href="#id_celebrate">‘07700 900123’ looks like a phone number. Take it out</a>' in page
    for words in (
        'id="id_celebrate-error"',
        "Your draft is saved.",
        'name="celebrate_version" value="1"',
        PHONE,
    ):
        assert words in page, words
    assert AgencyReturnPart.objects.get(heading=CELEBRATE).text == PHONE
    # Nor by the page itself.
    page = client.get(url(f"agency_return_{go}")).text
    assert f'href="{url("agency_return")}#id_celebrate"' in page
    assert 'method="post" novalidate' not in page
    if go == "hand_in":
        client.post(url("agency_return_hand_in"))
    else:
        approve(client, stand(cast, asked))
    assert stand(cast, asked).status == DRAFT


def test_what_was_handed_in_before_it_was_looked_through_goes_back(
    cast: Cast, asked: ReturnRequest, sign_in: SignIn
) -> None:
    make_return(asked, cast.organisation, TO_APPROVE, by=cast.lead, texts=TEXTS | {ABOUT: PHONE})
    client = sign_in(cast.signatory)
    page = client.get(url("agency_return_approve")).text
    assert "‘07700 900123’ looks like a phone number. Take it out" in page
    assert 'href="#about"' in page
    assert "Send it back with a reason" in page
    approve(client, stand(cast, asked))
    assert stand(cast, asked).status == TO_APPROVE


def test_what_may_be_a_name_is_asked_about_before_it_is_handed_in(
    cast: Cast, asked: ReturnRequest, sign_in: SignIn
) -> None:
    client, address = sign_in(cast.lead), url("agency_return_hand_in")
    assert write(client, EMMA, "hand_in").headers["Location"] == address
    page = client.get(address).text
    assert "Perhaps a name: ‘Emma’" in page
    mark = find_identifying(stand(cast, asked)).mark
    assert f'name="looked_at" value="{mark}"' in page
    for ticked in (
        {},
        {"looked_at": mark},
        {"nobody": "on"},
        {"nobody": "on", "looked_at": "of other words"},
    ):
        response = client.post(address, ticked)
        assert response.status_code == 422
        assert '<a href="#id_nobody">Select that you have checked each of these' in response.text
    assert stand(cast, asked).status == DRAFT
    assert client.post(address, {"nobody": "on", "looked_at": mark}).status_code == 302
    assert stand(cast, asked).status == TO_APPROVE


def test_who_approves_is_asked_too(cast: Cast, asked: ReturnRequest, sign_in: SignIn) -> None:
    make_return(asked, cast.organisation, TO_APPROVE, by=cast.lead, texts=TEXTS | {CELEBRATE: EMMA})
    client, standing = sign_in(cast.signatory), stand(cast, asked)
    assert "Perhaps a name: ‘Emma’" in client.get(url("agency_return_approve")).text
    assert approve(client, standing).status_code == 422
    assert stand(cast, asked).status == TO_APPROVE
    approve(client, standing, nobody="on", looked_at=find_identifying(standing).mark)
    assert stand(cast, asked).status == APPROVED


def test_a_yes_is_to_no_words_that_came_meanwhile(cast: Cast, asked: ReturnRequest) -> None:
    make_return(asked, cast.organisation, by=cast.lead, texts=TEXTS | {CELEBRATE: EMMA})
    standing = stand(cast, asked)
    mark = find_identifying(standing).mark
    AgencyReturnPart.objects.filter(heading=CELEBRATE).update(text=f"{EMMA} And Liam.")
    with pytest.raises(NotInThisState, match="may be names"):
        hand_in_return(standing=standing, cleared=mark, by=cast.lead)
    AgencyReturnPart.objects.filter(heading=CELEBRATE).update(text=PHONE)
    with pytest.raises(NotInThisState, match="‘07700 900123’ looks like a phone number"):
        approve_return(standing=standing, approved_as="Chair", seen=standing.seen, by=cast.lead)


def test_what_may_be_names_is_a_line_a_kind(cast: Cast, asked: ReturnRequest) -> None:
    text = "We told Emma, Mrs Okafor, Liam and Emma."
    make_return(asked, cast.organisation, by=cast.lead, texts=TEXTS | {CELEBRATE: text})
    assert find_identifying(stand(cast, asked)).questions == [
        "Perhaps a name: ‘Emma’ and ‘Liam’",
        "Perhaps somebody’s name: ‘Mrs Okafor’",
    ]
