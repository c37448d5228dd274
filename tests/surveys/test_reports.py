"""The desk's reports: who reads them, what stands on them, and the files that are made of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from s11.organisations.enums import Variant
from s11.organisations.models import Officer, User
from surveys.document_requests import request_document
from surveys.documents import make_file_name
from surveys.enums import AuditStatus, CycleStatus, DocumentFormat, DocumentKind, Series
from surveys.models import Answer, Audit, Cycle, Document
from surveys.moderating import close_series, moderate_answer
from surveys.views import reports
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]

AGENCY = ("lead", "contributor", "signatory", "viewer", "stranger")
READS_AUDITS = ("administrator", "quality_officer", "scrutineer")
# For each person: the list, the overview, asking for a file, its page, the file itself, a chart, its table,
# and the heat map.
MAY = (
    dict.fromkeys((*AGENCY, "outsider"), (404,) * 8)
    | dict.fromkeys(("panel_member", "panel_chair"), (403,) * 8)
    | dict.fromkeys(READS_AUDITS, (200, 200, 302, 200, 200, 200, 200, 200))
    | {"publisher": (200, 200, 403, 403, 403, 403, 403, 403)}
)


@grounded
def cycle(cast: Cast) -> Cycle:
    """One audit below grade 2 with a critical 0, and a stranger's: the same in another partnership."""
    bank = factories.make_questionnaire()
    for partnership, organisation in (
        (cast.partnership, cast.organisation),
        (cast.elsewhere, factories.make_organisation("Fell School", partnership=cast.elsewhere)),
    ):
        cycle = factories.make_cycle(partnership, questionnaires=(bank,))
        factories.make_audit(cycle, organisation, scores=0, status=AuditStatus.SUBMITTED)
    return Cycle.objects.get(partnership=cast.partnership)


def make_file(cycle: Cycle, by: User, file_format: DocumentFormat = DocumentFormat.JSON) -> Document:
    document = request_document(
        kind=DocumentKind.OVERVIEW,
        file_format=file_format,
        by=by,
        partnership=cycle.partnership,
        cycle=cycle,
    )
    document.refresh_from_db()
    return document


def address(name: str, *more: object) -> str:
    return reverse(f"surveys:{name}", args=["harbour", *more])


def get_status(client: Client, url: str) -> int:
    response = client.get(url)
    b"".join(response)  # a file is open until it has been read
    return response.status_code


def test_who_may_do_what(
    cast: Cast,
    cycle: Cycle,
    sign_in: SignIn,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        document = make_file(cycle, cast.administrator)
    assert set(MAY) == set(cast.people)
    for name, person in cast.people.items():
        client = sign_in(person)
        statuses = (
            get_status(client, address("reports")),
            get_status(client, address("overview", "2026")),
            client.post(address("overview_file_request", "2026"), {"format": "csv"}).status_code,
            get_status(client, address("overview_document", document.pk)),
            get_status(client, address("overview_file", document.pk)),
            get_status(client, address("overview_chart", "2026", "grades")),
            get_status(client, address("overview_chart_table", "2026", "grades")),
            get_status(client, address("overview_heat_map", "2026")),
        )
        assert (name, statuses) == (name, MAY[name])


def test_anonymous_is_asked_to_sign_in(client: Client, cycle: Cycle) -> None:
    response = client.get(address("overview", "2026"))
    assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, "/accounts/login/")


def test_the_list_names_opened_cycles_with_their_returns(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    factories.make_cycle(cast.partnership, slug="2027", status=CycleStatus.PLANNED)
    client = sign_in(cast.administrator)
    page = client.get(address("reports")).content.decode()
    assert "Audit 2026" in page
    assert "1 of 1 (100%)" in page
    assert "Audit 2027" not in page
    assert client.get(address("overview", "2027")).status_code == 404


def test_an_empty_list_says_what_will_be_there(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.administrator).get(address("reports")).content.decode()
    assert "will be here as soon as the cycle is open" in page


def test_the_overview_says_what_it_is_and_what_it_shows(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    page = sign_in(cast.quality_officer).get(address("overview", "2026")).content.decode()
    assert "Self-assessed scores as submitted. Figures are as at" in page
    assert "while the cycle is open" in page
    assert "1 of 1 (100%) invited organisations have submitted" in page
    assert "0 of 1 (0%) audits are at grade 2 overall, 1 at grade 0" in page
    assert "A critical indicator is scored 0 once" in page
    link = reverse("surveys:audit_read", args=["harbour", "anchor", "2026"])
    assert page.count(f'<a class="govuk-link" href="{link}">Anchor Trust</a>') == 2  # the zero; below grade 2
    assert "Fell School" not in page


def test_a_publisher_reads_figures_and_no_name(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    client = sign_in(cast.publisher)
    page = client.get(address("overview", "2026")).content.decode()
    assert "Anchor" not in page
    assert "/o/anchor" not in page
    assert "0 of 1 (0%) audits are at grade 2 overall" in page
    zeros = page[page.index('id="critical-zeros"') :]
    assert re.search(r"A1\.1</th>.*Statement A1\.1.*numeric\">1</td>", zeros, re.DOTALL)
    assert "Ask an administrator for one" in page
    assert 'name="format"' not in page
    refused = client.post(address("overview_file_request", "2026"), {"format": "pdf"})
    assert b"The files name organisations" in refused.content
    assert not Document.objects.exists()


def test_a_cycle_without_audits_says_what_will_be_there(cast: Cast, sign_in: SignIn) -> None:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    factories.make_invitee(cycle, cast.organisation)
    page = sign_in(cast.administrator).get(address("overview", "2026")).content.decode()
    assert "The one invited organisation has not submitted yet" in page
    assert "will be here as soon as the first audit is submitted" in page


def test_a_closed_cycle_without_audits_promises_none(cast: Cast, sign_in: SignIn) -> None:
    bank = factories.make_questionnaire()
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,), status=CycleStatus.CLOSED)
    factories.make_invitee(cycle, cast.organisation)
    page = sign_in(cast.administrator).get(address("overview", "2026")).content.decode()
    assert "No audit was submitted before the cycle was closed" in page
    assert "as soon as" not in page
    assert "1 of 1 did not submit and had not started." in page


def test_a_closed_cycle_says_so(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    Cycle.objects.filter(pk=cycle.pk).update(status=CycleStatus.CLOSED, closed_at=timezone.now())
    page = sign_in(cast.administrator).get(address("overview", "2026")).content.decode()
    assert "while the cycle is open" not in page
    assert "when an officer closed the cycle" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow(
    cast: Cast, sign_in: SignIn, rows: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    banks = (factories.make_questionnaire(), factories.make_questionnaire(Variant.SCHOOL))
    for number in range(rows):
        cycle = factories.make_cycle(cast.partnership, slug=f"cycle-{number}", questionnaires=banks)
        for row in range(rows):
            organisation = factories.make_organisation(
                f"{number} {row}", variant=(Variant.STANDARD, Variant.SCHOOL)[row % 2]
            )
            factories.make_audit(cycle, organisation, scores=0, status=AuditStatus.SUBMITTED)
            make_file(cycle, factories.make_user(f"{number}.{row}@example.org"))
    client = sign_in(cast.administrator)
    with django_assert_num_queries(6):  # session, person, desk, count, cycles, returns
        client.get(address("reports"))
    with django_assert_num_queries(14):  # session, person, desk, cycle, 9 of the figures, files
        client.get(address("overview", "cycle-0"))


def test_a_file_is_asked_for_made_and_handed_out(
    cast: Cast,
    cycle: Cycle,
    sign_in: SignIn,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    client = sign_in(cast.scrutineer)
    with django_capture_on_commit_callbacks() as callbacks:
        response = client.post(address("overview_file_request", "2026"), {"format": "csv"})
    document = Document.objects.get()
    assert response.headers["Location"] == address("overview_document", document.pk)
    page = client.get(response.headers["Location"]).content.decode()
    assert "Being made" in page
    assert 'hx-trigger="every 2s"' in page
    assert client.get(address("overview_file", document.pk)).status_code == 404
    for callback in callbacks:
        callback()
    page = client.get(response.headers["Location"]).content.decode()
    assert "Ready" in page
    assert "hx-trigger" not in page
    file = client.get(address("overview_file", document.pk))
    assert file.headers["Content-Disposition"] == (
        f'attachment; filename="audit-2026-overview-{timezone.localdate()}.csv"'
    )
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert b"Anchor Trust" in b"".join(file)
    assert address("overview_file", document.pk) in client.get(address("overview", "2026")).content.decode()


def test_asking_twice_while_it_is_made_gives_the_same_file(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    client = sign_in(cast.administrator)
    for _ in range(2):
        client.post(address("overview_file_request", "2026"), {"format": "xlsx"})
    assert Document.objects.count() == 1


def test_the_zip_of_the_charts_has_one_name(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    """On its button, on its page and in the list of files."""
    client = sign_in(cast.administrator)
    assert "Make the charts (zip)" in client.get(address("overview", "2026")).text
    made = client.post(address("overview_file_request", "2026"), {"format": "zip"}, follow=True).text
    assert ">Charts (zip)" in made
    assert "Zip of everything" not in made
    assert ">Charts (zip), self-assessed" in client.get(address("overview", "2026")).text


@pytest.mark.parametrize("posted", [{}, {"format": ""}, {"format": "html"}, {"format": "exe"}])
def test_an_unknown_format_makes_nothing(
    cast: Cast, cycle: Cycle, sign_in: SignIn, posted: dict[str, str]
) -> None:
    response = sign_in(cast.administrator).post(address("overview_file_request", "2026"), posted, follow=True)
    assert "Choose one of these: PDF, Excel workbook, CSV, JSON, Charts." in response.content.decode()
    assert not Document.objects.exists()


def test_a_failed_file_is_said_and_can_be_asked_for_again(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    document = make_file(cycle, cast.administrator)
    Document.objects.filter(pk=document.pk).update(error="The file could not be built.")
    page = sign_in(cast.administrator).get(address("overview_document", document.pk)).content.decode()
    assert "The file could not be built." in page
    assert "Make the file again" in page
    assert "hx-trigger" not in page


def test_files_of_another_partnership_are_not_found(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    """Also for somebody who works for both, under the wrong address."""
    factories.make_officer(cast.outsider.email, partnership=cast.partnership)
    theirs = make_file(Cycle.objects.get(partnership=cast.elsewhere), cast.outsider)
    client = sign_in(cast.outsider)
    assert client.get(address("overview_document", theirs.pk)).status_code == 404
    assert client.get(reverse("surveys:overview_document", args=["moorland", theirs.pk])).status_code == 200


def test_who_has_left_the_desk_has_no_file_any_more(
    cast: Cast,
    cycle: Cycle,
    sign_in: SignIn,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        document = make_file(cycle, cast.administrator)
    client = sign_in(cast.administrator)
    assert get_status(client, address("overview_file", document.pk)) == 200
    Officer.objects.filter(user=cast.administrator).update(ended_at=timezone.now())
    assert client.get(address("overview_file", document.pk)).status_code == 404


def test_the_page_shows_the_newest_files_alone(
    cast: Cast, cycle: Cycle, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "FILES_SHOWN", 2)
    files = [make_file(cycle, cast.administrator, one) for one in (DocumentFormat.PDF, *DocumentFormat)[1:4]]
    page = sign_in(cast.administrator).get(address("overview", "2026")).content.decode()
    shown = [address("overview_document", file.pk) in page for file in files]
    assert shown == [False, True, True]


def test_the_page_is_of_the_scores_that_were_chosen(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.quality_officer)
    url = reverse("surveys:overview", args=["harbour", cycle.slug])
    own = client.get(url, {"series": "nonsense"}).content.decode()
    assert "Self-assessed scores as submitted." in own
    none_yet = client.get(url, {"series": "moderated"}).content.decode()
    assert "No submitted audit has moderated scores yet" in none_yet
    audit = Audit.objects.get(invitee__cycle=cycle)
    answer = Answer.objects.select_related("audit__invitee__cycle").get(audit=audit, indicator__code="A1.1")
    moderate_answer(answer=answer, seen=0, score=2, reason="Seen in place.", by=cast.quality_officer)
    close_series(audit=audit, by=cast.quality_officer)
    text = " ".join(client.get(url, {"series": "moderated"}).content.decode().split())
    assert "Moderated scores: 1 of 1 (100%) submitted audits have them" in text
    assert 'name="series" value="moderated"' in text
    assert "No critical indicator" in text
    none_yet = " ".join(client.get(url, {"series": "panel"}).content.decode().split())
    assert "No submitted audit has panel scores yet" in none_yet
    close_series(audit=audit, by=cast.quality_officer, series=Series.PANEL)
    text = " ".join(client.get(url, {"series": "panel"}).content.decode().split())
    assert "Panel scores: 1 of 1 (100%) submitted audits have them, those whose minutes are final" in text
    assert "No critical indicator" not in " ".join(client.get(url).content.decode().split())


def test_a_file_is_of_the_scores_that_its_page_showed(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.quality_officer)
    url = reverse("surveys:overview_file_request", args=["harbour", cycle.slug])
    for series in ("moderated", "", "nonsense"):
        client.post(url, {"format": "json", "series": series})
    found = list(Document.objects.order_by("pk"))
    assert [one.series for one in found] == [Series.MODERATED, Series.SELF]
    day = timezone.localdate()
    assert make_file_name(found[0]) == f"audit-2026-overview-moderated-{day}.json"
