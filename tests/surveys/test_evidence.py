"""The evidence library: what is added, found, replaced and removed; who sees which version; downloads."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.backups import walk
from s11.organisations.models import User
from s11.web.errors import NotInThisState
from surveys import evidence_library
from surveys.enums import AuditStatus, EvidenceKind, ScanState
from surveys.evidence import get_backings, get_evidence_counts
from surveys.evidence_library import erase, replace_file, take_out
from surveys.evidence_limits import LARGEST_FILE
from surveys.evidence_links import link_evidence, unlink_evidence
from surveys.models import AnswerEvidence, Audit, Evidence, EvidenceVersion
from surveys.workflow import recall_audit, submit_audit
from tests import factories
from tests.conftest import Cast
from tests.surveys.audit_pages import address, make_complete, make_draft, summary_of
from tests.surveys.evidence_samples import GOOD, HTML, PDF, PROGRAM

SignIn = Callable[[User], Client]
PLACE = {"partnership": "harbour", "organisation": "anchor"}
CARD = address("audit_standard", code="A1") + "#A1.1"


def room(name: str, **more: Any) -> str:
    return reverse(f"surveys:{name}", kwargs=PLACE | more)


ADD = "/p/harbour/o/anchor/evidence/add/file/"


def ask(client: Client, page: str) -> int:
    """The status; read to its end, the test client closes the file."""
    response = client.get(page)
    if response.streaming:
        assert b"".join(response.streaming_content)  # type: ignore[attr-defined]
    return int(response.status_code)


@pytest.fixture(autouse=True)
def _no_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("surveys.documents.render_audit_copy", lambda audit, submission: PDF)


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def lead(cast: Cast, sign_in: SignIn) -> Client:
    """Beacon Homes keeps evidence too, so that a leak could happen."""
    factories.make_evidence(cast.other_organisation, "Beacon’s own policy")
    return sign_in(cast.lead)


def add(client: Client, *files: SimpleUploadedFile, to: str = ADD, **more: str) -> Any:
    return client.post(to, {"uploads": list(files), **more})


def own(cast: Cast) -> list[Evidence]:
    return list(Evidence.objects.of(cast.organisation))


# Adding ---------------------------------------------------------------------------------------------------------------


def test_several_files_are_added_at_once(cast: Cast, lead: Client) -> None:
    response = add(
        lead,
        upload("Policy.pdf", PDF),
        upload("Staff.xlsx", GOOD["xlsx"][1]),
        effective_on_day="1",
        effective_on_month="3",
        effective_on_year="2027",
    )
    assert response.status_code == 302
    assert [item.title for item in own(cast)] == ["Policy", "Staff"]
    version = own(cast)[0].versions.get()
    assert (version.number, version.name, version.content_type) == (1, "Policy.pdf", "application/pdf")
    assert (version.size, version.added_by) == (len(PDF), cast.lead)
    assert own(cast)[1].effective_on == datetime.date(2027, 3, 1)
    assert "2 files are added." in lead.get(response.url).text


def test_nothing_of_the_name_is_in_the_storage(cast: Cast, lead: Client) -> None:
    add(lead, upload("Jo Smith.pdf", PDF))
    name = str(own(cast)[0].versions.get().file.name)
    assert re.fullmatch(r"evidence/\d{4}/\d{2}/[0-9a-f]{32}", name)


def test_good_files_are_kept_and_each_wrong_one_is_named(cast: Cast, lead: Client) -> None:
    response = add(
        lead,
        upload("Policy.pdf", PDF),
        upload("Page.pdf", HTML),
        upload("Empty.docx", b""),
        upload("Tool.exe", PROGRAM),
    )
    assert response.status_code == 422
    assert [item.title for item in own(cast)] == ["Policy"]
    sentences = [text for _, text in summary_of(response.text)]
    assert [sentence.partition(" is ")[0] for sentence in sentences] == [
        "‘Page.pdf’",
        "‘Empty.docx’",
        "‘Tool.exe’",
    ]
    assert "‘Policy.pdf’ is added." in response.text


def test_a_file_that_is_too_large_never_reaches_the_disk(
    cast: Cast, lead: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.UPLOAD_MAX_SIZE = 1_000
    written = []

    def receive(self: MemoryFileUploadHandler, data: bytes, start: int) -> None:
        written.append(data)
        self.file.write(data)

    monkeypatch.setattr(MemoryFileUploadHandler, "receive_data_chunk", receive)
    response = add(
        lead, upload("Small.pdf", PDF), upload("Film.pdf", b"x" * 3_000), upload("Notes.txt", b"Hello")
    )
    assert response.status_code == 422
    assert [text for _, text in summary_of(response.text)] == [
        f"‘Film.pdf’ is larger than {LARGEST_FILE >> 20} MB: make it smaller, or add a link to where it is kept."
    ]
    assert sorted(item.title for item in own(cast)) == ["Notes", "Small"]
    assert b"x" * 1_001 not in b"".join(written)


def test_a_request_larger_than_any_upload_is_not_read(lead: Client, settings: Any) -> None:
    settings.UPLOAD_MAX_SIZE, settings.UPLOAD_MAX_FILES = 0, 0
    assert add(lead, upload("Film.pdf", b"x" * (11 << 20))).status_code == 400


def test_more_files_than_may_come_at_once(cast: Cast, lead: Client) -> None:
    files = [upload(f"{number}.txt", f"Minutes {number}".encode()) for number in range(22)]
    response = add(lead, *files)
    assert len(own(cast)) == 20
    assert [text for _, text in summary_of(response.text)] == [
        f"‘{number}.txt’ was one too many at once: choose it again." for number in (20, 21)
    ]


def test_a_full_library_takes_nothing_more(cast: Cast, lead: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_library, "MOST_ITEMS", 1)
    response = add(lead, upload("Policy.pdf", PDF), upload("Notes.txt", b"Hello"))
    assert [item.title for item in own(cast)] == ["Policy"]
    assert "The library holds 1 items, which is the most" in response.text
    assert len(list(walk(default_storage))) == 2, (
        "one of each organisation: what was refused is not left behind"
    )
    words = {"title": "Site", "url": "https://www.example.org/"}
    assert lead.post(room("evidence_add", kind="link"), words).status_code == 422


def test_the_same_content_is_not_stored_twice(cast: Cast, lead: Client) -> None:
    add(lead, upload("Policy.pdf", PDF))
    before = list(walk(default_storage))
    response = add(lead, upload("Other name.pdf", PDF), upload("Again.pdf", PDF))
    assert list(walk(default_storage)) == before
    assert len(own(cast)) == 1
    page = lead.get(response.url).text
    assert "You have ‘Other name.pdf’ already, as ‘Policy’." in page
    assert "You have ‘Again.pdf’ already, as ‘Policy’." in page


def test_another_organisation_s_files_are_not_recognised(cast: Cast, lead: Client) -> None:
    theirs = factories.make_evidence(cast.other_organisation, "Secret", content=PDF)
    response = add(lead, upload("Policy.pdf", PDF))
    assert "already" not in lead.get(response.url).text
    assert own(cast)[0].pk != theirs.pk


def test_no_file_and_a_wrong_date_are_said(cast: Cast, lead: Client) -> None:
    assert "Choose at least one file" in add(lead).text
    page = add(
        lead, upload("Policy.pdf", PDF), expires_on_day="31", expires_on_month="2", expires_on_year="2027"
    )
    assert page.status_code == 422
    assert not own(cast)
    earlier = add(
        lead,
        upload("Policy.pdf", PDF),
        effective_on_day="2",
        effective_on_month="2",
        effective_on_year="2027",
        expires_on_day="1",
        expires_on_month="2",
        expires_on_year="2027",
    )
    assert "Expires on must be the day it holds from, or later" in earlier.text


def test_the_script_hears_of_each_file(cast: Cast, lead: Client) -> None:
    def send(*files: SimpleUploadedFile) -> tuple[int, Any]:
        response = lead.post(ADD, {"uploads": list(files)}, headers={"Accept": "application/json"})
        return response.status_code, response.json()

    assert send(upload("Policy.pdf", PDF)) == (
        200,
        {"is_kept": True, "sentences": ["‘Policy.pdf’ is added."]},
    )
    status, answer = send(upload("Page.pdf", HTML))
    assert (status, answer["is_kept"]) == (422, False)
    assert "web page" in answer["sentences"][0]
    assert send() == (422, {"is_kept": False, "sentences": ["Choose at least one file"]})


def test_links_and_references(cast: Cast, lead: Client) -> None:
    lead.post(room("evidence_add", kind="link"), {"title": "Site", "url": "www.example.org/policy"})
    lead.post(room("evidence_add", kind="reference"), {"title": "Record", "reference": "On shelf 3"})
    found = {item.title: item.versions.get() for item in own(cast)}
    assert found["Site"].url == "https://www.example.org/policy"
    assert found["Record"].reference == "On shelf 3"
    wrong = lead.post(room("evidence_add", kind="link"), {"title": "Bad", "url": "javascript:alert(1)"})
    assert wrong.status_code == 422
    assert lead.get(room("evidence_add", kind="song")).status_code == 404


def test_a_reminder_stands_beside_every_upload(cast: Cast, lead: Client) -> None:
    make_draft(cast)
    item = factories.make_evidence(cast.organisation)
    for page in (ADD, room("evidence_replace", item=item.pk), address("audit_evidence", code="A1.1")):
        text = lead.get(page).text
        assert "Nothing here may show who a child or family is" in text
        assert "Up to 20 MB a file" in text


# The list and one item ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 3])
def test_the_list_asks_as_much_whatever_its_length(
    cast: Cast, lead: Client, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(size):
        factories.make_evidence(cast.organisation, f"Policy {number}")
    with django_assert_num_queries(7):  # session, person, roles, place, count, items, versions
        page = lead.get(room("evidence_list")).text
    assert "Policy 0" in page
    assert "Beacon" not in page


def test_the_list_is_paged_and_filtered(cast: Cast, lead: Client) -> None:
    today = timezone.localdate()
    for number in range(55):
        factories.make_evidence(cast.organisation, f"Minutes {number:02}", kind=EvidenceKind.REFERENCE)
    for title, days in (("Old", -1), ("Due", 10), ("Later", 100)):
        item = factories.make_evidence(cast.organisation, title)
        item.expires_on = today + datetime.timedelta(days=days)
        item.save()

    def titles(**query: Any) -> list[str]:
        page = lead.get(room("evidence_list"), query).text
        return re.findall(r'evidence/\d+/">([^<]+)</a>', page)

    assert len(titles()) == 50
    assert len(titles(page=2)) == 8
    assert titles(state="expired") == ["Old"]
    assert titles(state="expiring") == ["Due"]
    assert titles(kind="file") == ["Due", "Later", "Old"]
    assert titles(search="minutes 54") == ["Minutes 54"]
    assert titles(search="nothing like it") == []
    assert len(titles(kind="wrong")) == 50, "what cannot be understood filters nothing"


def test_title_and_dates_are_changed_without_a_version(cast: Cast, lead: Client) -> None:
    item = factories.make_evidence(cast.organisation)
    changed = {
        "title": "New title",
        "expires_on_day": "1",
        "expires_on_month": "4",
        "expires_on_year": "2030",
    }
    assert lead.post(room("evidence_change", item=item.pk), changed).status_code == 302
    item.refresh_from_db()
    assert (item.title, item.expires_on, item.versions.count()) == ("New title", datetime.date(2030, 4, 1), 1)
    assert lead.post(room("evidence_change", item=item.pk), {"title": ""}).status_code == 422


def test_another_organisation_s_items_are_not_there(cast: Cast, lead: Client) -> None:
    theirs = factories.make_evidence(cast.other_organisation, "Theirs")
    for name in ("evidence_item", "evidence_change", "evidence_replace", "evidence_remove"):
        assert lead.get(room(name, item=theirs.pk)).status_code == 404
        assert lead.post(room(name, item=theirs.pk)).status_code in {404, 405}
    assert lead.get(room("evidence_file", version=theirs.versions.get().pk)).status_code == 404


# Replacing ------------------------------------------------------------------------------------------------------------


def replace(client: Client, item: Evidence, name: str, content: bytes) -> Any:
    return client.post(room("evidence_replace", item=item.pk), {"file": upload(name, content)})


def test_a_replaced_item_keeps_its_earlier_versions(cast: Cast, lead: Client) -> None:
    item = factories.make_evidence(cast.organisation, content=b"First words")
    assert replace(lead, item, "New.pdf", PDF).status_code == 302
    first, second = item.versions.order_by("number")
    assert (second.number, second.name) == (2, "New.pdf")
    page = lead.get(room("evidence_item", item=item.pk)).text
    for version in (first, second):
        link = room("evidence_file", version=version.pk)
        assert link in page
        assert b"".join(lead.get(link).streaming_content)  # type: ignore[attr-defined]


def test_a_replacement_is_checked_too(cast: Cast, lead: Client) -> None:
    item = factories.make_evidence(cast.organisation, content=b"First words")
    other = factories.make_evidence(cast.organisation, "Other", content=PDF)
    for name, content, words in (
        ("New.pdf", HTML, "is a web page"),
        ("New.pdf", b"", "is empty"),
        ("New.txt", b"First words", "is the file that you have here already"),
        ("New.pdf", PDF, "is kept already, as ‘Other’: use that item instead"),
    ):
        response = replace(lead, item, name, content)
        assert response.status_code == 422
        assert words in response.text
    assert (item.versions.count(), other.versions.count()) == (1, 1)


def test_back_to_an_earlier_version_stores_nothing_twice(cast: Cast, lead: Client) -> None:
    item = factories.make_evidence(cast.organisation, content=b"First words")
    replace(lead, item, "New.pdf", PDF)
    before = list(walk(default_storage))
    replace(lead, item, "Old.txt", b"First words")
    assert list(walk(default_storage)) == before
    assert item.versions.order_by("number").values_list("sha256", flat=True).distinct().count() == 2
    assert item.versions.count() == 3


def test_a_link_is_replaced_by_another(cast: Cast, lead: Client) -> None:
    item = factories.make_evidence(cast.organisation, kind=EvidenceKind.LINK)
    lead.post(room("evidence_replace", item=item.pk), {"url": "https://www.example.org/new"})
    assert item.versions.get(number=2).url == "https://www.example.org/new"


@pytest.mark.parametrize(
    ("given", "expected"),
    [("", None), ("27 3 2037", datetime.date(2037, 3, 27))],
    ids=["without a day", "with one"],
)
def test_a_new_version_has_its_own_days(
    cast: Cast, lead: Client, given: str, expected: datetime.date | None
) -> None:
    item = factories.make_evidence(cast.organisation, content=b"First words")
    item.effective_on, item.expires_on = datetime.date(2020, 3, 1), datetime.date(2021, 3, 1)
    item.save()
    page = lead.get(room("evidence_replace", item=item.pk)).text
    assert "which expires on 1 March 2021, are not kept" in page
    assert 'value="2021"' not in page
    days = dict(zip(("expires_on_day", "expires_on_month", "expires_on_year"), given.split(), strict=False))
    response = lead.post(room("evidence_replace", item=item.pk), {"file": upload("New.pdf", PDF), **days})
    assert response.status_code == 302
    item.refresh_from_db()
    assert [item.effective_on, item.expires_on] == [None, expected]


# What backs an answer, and what a submission pins ---------------------------------------------------------------------


def make_backed(cast: Cast, audit: Audit, title: str = "Policy") -> Evidence:
    item = factories.make_evidence(cast.organisation, title)
    link_evidence(audit=audit, indicator=get_indicator(audit), items=[item.pk], by=cast.lead)
    return item


def get_indicator(audit: Audit) -> Any:
    return audit.questionnaire.indicators.get(code="A1.1")


def test_evidence_may_come_before_the_answer(cast: Cast, lead: Client) -> None:
    audit = make_draft(cast)
    page = address("audit_evidence", code="A1.1")
    item = factories.make_evidence(cast.organisation)
    response = add(lead, upload("Policy.pdf", PDF), to=page, items=str(item.pk))
    assert (response.status_code, response.url) == (302, CARD)
    answer = audit.answers.get()
    assert (answer.version, answer.is_answered) == (0, False)
    assert get_evidence_counts(audit) == {answer.pk: 2}
    card = lead.get(address("audit_standard", code="A1")).text
    assert "Policy" in card
    assert "Safer recruitment policy" in card
    saved = {"A1.1-score": "2", "A1.1-commentary": "", "A1.1-version": "0"}
    assert lead.post(address("audit_standard", code="A1"), saved).status_code == 302
    assert audit.answers.get().score == 2


def test_the_card_s_button_saves_the_page_first(cast: Cast, lead: Client) -> None:
    audit = make_draft(cast)
    saved = {"A1.1-score": "1", "A1.1-commentary": "Words", "A1.1-version": "0", "go": "evidence:A1.1"}
    response = lead.post(address("audit_standard", code="A1"), saved)
    assert response.headers["Location"] == address("audit_evidence", code="A1.1")
    assert audit.answers.get().commentary == "Words"


def test_a_file_that_is_there_already_is_used(cast: Cast, lead: Client) -> None:
    audit = make_draft(cast)
    item = factories.make_evidence(cast.organisation, content=PDF)
    add(lead, upload("Same.pdf", PDF), to=address("audit_evidence", code="A1.1"))
    assert [link.evidence for link in AnswerEvidence.objects.filter(answer__audit=audit)] == [item]
    assert "You have ‘Same.pdf’ already" in lead.get(address("audit_standard", code="A1")).text


def test_a_wrong_file_keeps_nothing_from_the_right_ones(cast: Cast, lead: Client) -> None:
    audit = make_draft(cast)
    page = address("audit_evidence", code="A1.1")
    response = add(lead, upload("Policy.pdf", PDF), upload("Page.pdf", HTML), to=page)
    assert response.status_code == 422
    assert "‘Page.pdf’ is a web page" in response.text
    assert sum(get_evidence_counts(audit).values()) == 1
    assert lead.post(page, {}).status_code == 422


def test_a_link_or_reference_is_added_where_it_is_needed(cast: Cast, lead: Client) -> None:
    audit = make_draft(cast)
    page = address("audit_evidence", code="A1.1")
    link = {"what": "link", "title": "Site", "url": "https://www.example.org/"}
    assert lead.post(page, link).headers["Location"] == CARD
    assert lead.post(page, {"what": "reference", "title": "", "reference": "Shelf"}).status_code == 422
    lead.post(page, {"what": "reference", "title": "Record", "reference": "Shelf"})
    assert sum(get_evidence_counts(audit).values()) == 2


def test_what_belongs_to_others_backs_nothing(cast: Cast, lead: Client) -> None:
    audit = make_draft(cast)
    theirs = Evidence.objects.get(organisation=cast.other_organisation)
    page = address("audit_evidence", code="A1.1")
    assert theirs.title not in lead.get(page).text
    lead.post(page, {"items": [str(theirs.pk), "9" * 17]})
    assert get_evidence_counts(audit) == {}
    assert lead.post(page, {"items": ["x", "-1", "٣"]}).status_code == 422
    assert lead.get(address("audit_evidence", code="A9.9")).status_code == 404
    assert lead.post(address("audit_evidence_remove", code="A1.1", item=theirs.pk)).status_code == 404


@pytest.mark.parametrize("size", [1, 3])
def test_the_pages_ask_as_much_however_much_evidence_there_is(
    cast: Cast, lead: Client, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    audit = make_draft(cast, 2)
    for number in range(size):
        item = make_backed(cast, audit, f"Policy {number}")
        factories.make_evidence(cast.organisation, f"Other {number}")
    with django_assert_num_queries(14):
        lead.get(address("audit_evidence", code="A1.1"))
    with django_assert_num_queries(8):
        lead.get(room("evidence_item", item=item.pk))
    assert audit.slugs, "at hand on every page"
    with django_assert_num_queries(2):
        assert len(get_backings(audit, submission=None)) == 1
    with django_assert_num_queries(1):
        assert list(get_evidence_counts(audit).values()) == [size]


def test_a_submission_pins_the_newest_version_and_keeps_it(cast: Cast, sign_in: SignIn) -> None:
    audit = make_complete(cast)
    item = make_backed(cast, audit)
    replace_file(evidence=item, file=upload("Second.pdf", PDF), by=cast.lead)
    submit_audit(audit=audit, by=cast.lead)
    replace_file(evidence=item, file=upload("Third.txt", b"Third"), by=cast.lead)
    first, second, third = item.versions.order_by("number")
    assert AnswerEvidence.objects.get().submitted_version == second
    officer = sign_in(cast.quality_officer)
    page = officer.get(address("audit_read")).text
    assert room("evidence_file", version=second.pk) in page
    assert "(PDF, version 2, 1 KB)" in page
    seen = [ask(officer, room("evidence_file", version=one.pk)) for one in (first, second, third)]
    assert seen == [404, 200, 404]


def test_what_is_taken_off_a_returned_audit_stands_until_it_is_submitted_again(cast: Cast) -> None:
    audit = make_complete(cast)
    item = make_backed(cast, audit)
    submit_audit(audit=audit, by=cast.lead)
    Audit.objects.filter(pk=audit.pk).update(status=AuditStatus.RETURNED)
    audit = Audit.objects.get(pk=audit.pk)
    unlink_evidence(audit=audit, link=AnswerEvidence.objects.get(), by=cast.lead)
    assert get_backings(audit, submission=None) == {}
    version = item.versions.get()
    visible = EvidenceVersion.objects.visible_to(cast.quality_officer)
    assert list(visible) == [version]
    assert [one.version for (one,) in get_backings(audit, submission=1).values()] == [version]
    link_evidence(audit=audit, indicator=get_indicator(audit), items=[item.pk], by=cast.lead)
    assert len(get_backings(audit, submission=None)) == 1
    unlink_evidence(audit=audit, link=AnswerEvidence.objects.get(), by=cast.lead)
    submit_audit(audit=audit, by=cast.lead)
    assert not visible.all().exists()
    assert not AnswerEvidence.objects.exists()


def test_a_recall_unpins(cast: Cast) -> None:
    audit = make_complete(cast)
    make_backed(cast, audit)
    gone = make_backed(cast, audit, "Gone")
    submit_audit(audit=audit, by=cast.lead)
    take_out(evidence=gone, by=cast.lead)
    assert len(next(iter(get_backings(audit, submission=1).values()))) == 2
    recall_audit(audit=audit, by=cast.lead)
    link = AnswerEvidence.objects.get()
    assert (link.evidence.title, link.submitted_version) == ("Policy", None)
    assert not EvidenceVersion.objects.visible_to(cast.quality_officer).exists()


def test_evidence_for_what_is_no_longer_asked_is_not_submitted(cast: Cast) -> None:
    audit = make_complete(cast)
    make_backed(cast, audit)
    audit.questionnaire.indicators.filter(code="A1.1").update(applies_if={"P1": "13"})
    submit_audit(audit=audit, by=cast.lead)
    assert AnswerEvidence.objects.get().submitted_version is None


# Removing -------------------------------------------------------------------------------------------------------------


def test_what_is_taken_out_leaves_drafts_and_can_be_put_back(cast: Cast, lead: Client) -> None:
    audit = make_draft(cast, 2)
    item = factories.make_evidence(cast.organisation, content=PDF)
    link_evidence(audit=audit, indicator=get_indicator(audit), items=[item.pk], by=cast.lead)
    lead.post(room("evidence_remove", item=item.pk), {"what": "take_out"})
    assert not own(cast)
    assert get_evidence_counts(audit) == {}
    assert item.title in lead.get(room("evidence_list"), {"state": "removed"}).text
    assert lead.get(room("evidence_change", item=item.pk)).status_code == 302
    response = add(lead, upload("Again.pdf", PDF))
    assert "is in the library again" in lead.get(response.url).text
    assert own(cast) == [item]


def test_what_is_erased_is_gone_everywhere_and_its_row_says_so(cast: Cast, sign_in: SignIn) -> None:
    audit = make_complete(cast)
    item = make_backed(cast, audit, "Jo Smith’s plan")
    replace_file(evidence=item, file=upload("Jo Smith.pdf", PDF), by=cast.lead)
    submit_audit(audit=audit, by=cast.lead)
    names = list(item.versions.values_list("file", flat=True))
    client = sign_in(cast.lead)
    page = client.post(room("evidence_remove", item=item.pk), {"what": "erase", "reason": ""})
    assert page.status_code == 422
    client.post(room("evidence_remove", item=item.pk), {"what": "erase", "reason": "A child is named"})
    assert not any(default_storage.exists(name) for name in names)
    for text in (
        client.get(room("evidence_item", item=item.pk)).text,
        client.get(address("audit_read")).text,
    ):
        assert "A child is named" in text
        assert "Jo Smith" not in text
    officer = sign_in(cast.quality_officer)
    assert "A child is named" in officer.get(address("audit_read")).text
    for version in item.versions.all():
        assert officer.get(room("evidence_file", version=version.pk)).status_code == 404
    again = add(sign_in(cast.lead), upload("Plan.pdf", PDF))
    assert "‘Plan.pdf’ was removed on" in again.text
    assert "(A child is named): choose a copy without what it showed." in again.text


def test_where_the_storage_fails_no_row_says_that_a_file_is_gone(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = factories.make_evidence(cast.organisation)

    def fail(name: str) -> None:
        raise OSError("No such bucket")

    monkeypatch.setattr(default_storage, "delete", fail)
    with pytest.raises(OSError, match="bucket"):
        erase(evidence=item, reason="A child is named", by=cast.lead)
    item = Evidence.objects.get(pk=item.pk)
    assert item.removed_at is None
    assert item.versions.get().file


def test_who_comes_second_is_told(cast: Cast, lead: Client) -> None:
    item = factories.make_evidence(cast.organisation)
    take_out(evidence=Evidence.objects.get(pk=item.pk), by=cast.lead)
    with pytest.raises(NotInThisState, match=r"was removed on .* so nothing was changed"):
        take_out(evidence=item, by=cast.contributor)
    with pytest.raises(NotInThisState):
        replace_file(evidence=item, file=upload("New.pdf", PDF), by=cast.contributor)
    assert len([name for name in walk(default_storage) if name]) == 2, "what was not taken is not left behind"


# Downloads ------------------------------------------------------------------------------------------------------------


def test_a_download_is_an_attachment_and_nothing_runs(cast: Cast, lead: Client) -> None:
    add(lead, upload("Café „plan“.pdf", PDF))
    version = own(cast)[0].versions.get()
    response = lead.get(room("evidence_file", version=version.pk))
    assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
    assert response.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''Caf%C3%A9%20%E2%80%9Eplan%E2%80%9C.pdf"
    )
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "private, no-store"


def test_what_a_scanner_found_or_a_storage_lost_is_not_there(cast: Cast, lead: Client) -> None:
    version = factories.make_evidence(cast.organisation).versions.get()
    page = room("evidence_file", version=version.pk)
    EvidenceVersion.objects.update(scan_state=ScanState.INFECTED)
    assert lead.get(page).status_code == 404
    EvidenceVersion.objects.update(scan_state=ScanState.CLEAN)
    default_storage.delete(str(version.file.name))
    assert lead.get(page).status_code == 404


def test_officers_elsewhere_and_strangers_download_nothing(cast: Cast, sign_in: SignIn) -> None:
    audit = make_complete(cast)
    version = make_backed(cast, audit).versions.get()
    submit_audit(audit=audit, by=cast.lead)
    page = room("evidence_file", version=version.pk)
    allowed = {"lead", "contributor", "signatory", "viewer", "administrator", "quality_officer", "scrutineer"}
    found = {name for name, person in cast.people.items() if ask(sign_in(person), page) == 200}
    assert found == allowed
