"""The desk's pages of a report, step by step, and what the public gets: frozen, without cookies, kept by caches."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from accountability.enums import FileKind, ReportEventKind, ReportStatus
from accountability.models import (
    Erratum,
    Publication,
    PublishedFile,
    Report,
    ReportComment,
    ReportSection,
)
from accountability.report_content import compose
from accountability.report_pages import say_decision
from accountability.reporting import begin_report, correct_report, withdraw_report, write_event
from s11.organisations.models import User
from surveys.models import Cycle
from tests.accountability.reports import approve, make_full_cycle, make_report, publish_now
from tests.conftest import Cast
from tests.ground import grounded

DESK = "/p/harbour/desk/publication/"
PUBLIC = "/p/harbour/reports/"
SignIn = Callable[[User], Client]


@grounded
def cycle(cast: Cast) -> Cycle:
    return make_full_cycle(cast, agencies=6)


@grounded
def draft(cast: Cast, cycle: Cycle) -> Report:
    return begin_report(
        partnership=cast.partnership, title="How safe are we?", cycles=[cycle], by=cast.administrator
    )


def publish_as(cast: Cast, report: Report) -> Report:
    approve(report, author=cast.administrator, approver=cast.quality_officer)
    with patch("accountability.report_files.render_pdf", return_value=b"%PDF-1.7"):
        return publish_now(report, by=cast.publisher)


@grounded
def published(cast: Cast, draft: Report) -> Report:
    return publish_as(cast, draft)


def read_digest(page: str) -> str:
    found = re.search(r'name="digest" value="(\w+)"', page)
    assert found is not None
    return found[1]


def file_url(report: Report, kind: FileKind) -> str:
    name = report.files.get(kind=kind).name
    return f"{PUBLIC}{report.number}/versions/{report.version}/{name}"


# The desk -------------------------------------------------------------------------------------------------------------


def test_a_report_is_begun_with_what_is_likeliest(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    client = sign_in(cast.administrator)
    offered = client.get(f"{DESK}new/").text
    assert f'value="{cycle.slug}" selected' in offered
    assert "Audit 2026: what we found" in offered
    given = {"cycle": cycle.slug, "series": "self", "title": "Ours", "licence": "cc_by"}
    page = client.post(f"{DESK}new/", given, follow=True)
    assert "Ours" in page.text
    report = Report.objects.get()
    assert (report.licence, report.sections.count()) == ("cc_by", 8)


def test_bad_input_begins_nothing(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    page = sign_in(cast.administrator).post(f"{DESK}new/", {"cycle": "elsewhere", "title": ""})
    assert "Enter a title" in page.text
    assert "Choose whose scores" in page.text
    assert not Report.objects.exists()


def test_from_draft_to_public_by_three_people(
    cast: Cast,
    draft: Report,
    sign_in: SignIn,
    client: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    page = f"{DESK}{draft.pk}/"
    sign_in(cast.administrator).post(f"{page}send/", {"note": "Ready."})
    assert "somebody else approves it" in client.get(page).text
    sign_in(cast.quality_officer)
    digest = read_digest(client.get(f"{page}preview/").text)
    client.post(f"{page}approve/", {"digest": digest})
    sign_in(cast.publisher)
    shown = client.get(f"{page}publish/")
    assert "nothing in it changes" in shown.text
    with (
        patch("accountability.report_files.render_pdf", return_value=b"%PDF-1.7"),
        django_capture_on_commit_callbacks(execute=True),
    ):
        client.post(f"{page}publish/", {"digest": read_digest(shown.text)})
    assert "Read it as the public does" in client.get(page).text
    client.logout()
    assert client.get(f"{PUBLIC}1/").status_code == 200


def test_a_page_that_is_too_old_publishes_nothing(cast: Cast, draft: Report, sign_in: SignIn) -> None:
    approve(draft, author=cast.administrator, approver=cast.quality_officer)
    page = sign_in(cast.publisher).post(f"{DESK}{draft.pk}/publish/", {"digest": "old"}, follow=True)
    assert "changed since you opened the page" in page.text
    assert not Publication.objects.exists()


def test_a_stale_save_shows_both_texts(cast: Cast, draft: Report, sign_in: SignIn) -> None:
    section = draft.sections.get(kind="overall")
    url = f"{DESK}{draft.pk}/sections/{section.pk}/"
    client = sign_in(cast.administrator)
    assert client.post(url, {"text": "First words.", "version": section.version}).status_code == 302
    late = client.post(url, {"text": "Other words.", "version": section.version})
    assert "First words." in late.text
    assert "Other words." in late.text
    section.refresh_from_db()
    assert section.text == "First words."
    client.post(url, {"text": "Both words.", "version": section.version})
    assert ReportSection.objects.get(pk=section.pk).text == "Both words."


def test_another_report_on_the_same_cycle_is_warned_of_and_not_forbidden(
    cast: Cast, published: Report, cycle: Cycle, sign_in: SignIn
) -> None:
    warned, link = "is published already:", f'href="{DESK}{published.pk}/"'
    begin = sign_in(cast.administrator).get(f"{DESK}new/").text
    assert warned in begin
    assert link in begin
    other = begin_report(partnership=cast.partnership, title="Again", cycles=[cycle], by=cast.administrator)
    approve(other, author=cast.administrator, approver=cast.quality_officer)
    page = sign_in(cast.publisher).get(f"{DESK}{other.pk}/publish/").text
    assert warned in page
    assert link in page
    assert "Publish it" in page
    # A correction takes its place, and stands beside none.
    correction = correct_report(report=published, erratum="It was 11.", by=cast.administrator)
    assert warned not in sign_in(cast.administrator).get(f"{DESK}{correction.pk}/preview/").text


def test_above_the_title_stands_draft_only_while_it_is_one(cast: Cast, draft: Report) -> None:
    assert draft.reference == "Draft"
    approve(draft, author=cast.administrator, approver=cast.quality_officer)
    assert draft.reference == "Not published yet"
    draft.corrects_id, draft.version = draft.pk, 2
    assert draft.reference == "Not published yet: version 2"


def test_what_was_open_at_publication_says_so(cast: Cast, draft: Report, sign_in: SignIn) -> None:
    section = draft.sections.all()[0]
    ReportComment.objects.create(section=section, text="Shorter.", by=cast.scrutineer)
    client = sign_in(cast.administrator)
    assert "1 open<" in client.get(f"{DESK}{draft.pk}/").text
    publish_as(cast, draft)
    page = client.get(f"{DESK}{draft.pk}/").text
    assert "1 open<" not in page
    assert "1 left open at publication" in page
    assert "Left open at publication" in client.get(f"{DESK}{draft.pk}/sections/{section.pk}/comments/").text


def test_a_decision_names_the_statement_and_not_a_bare_code() -> None:
    standards = [{"indicators": [{"code": "H6.2", "text": "Staff know whom to tell."}]}]
    figures = {"variants": [{"label": "Health", "standards": standards}]}
    for text, said in (
        ("H6.2: withheld.", "Health, H6.2 Staff know whom to tell: withheld."),
        ("Overall grades: withheld.", "Health, overall grades: withheld."),
        ("A1 Voice: withheld.", "Health, A1 Voice: withheld."),
        ("They are shown together.", "Health: They are shown together."),
    ):
        assert say_decision({"about": "Health", "text": text}, figures) == said


def test_a_reader_reads_and_changes_nothing(cast: Cast, draft: Report, sign_in: SignIn) -> None:
    client = sign_in(cast.scrutineer)
    page = client.get(f"{DESK}{draft.pk}/")
    assert "Send to review" not in page.text
    assert client.get(f"{DESK}{draft.pk}/preview/").status_code == 200


def test_the_list_costs_the_same_for_one_and_for_three(
    cast: Cast, cycle: Cycle, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(cast.administrator)
    for more in (1, 2):
        for _ in range(more):
            make_report(cycle, by=cast.administrator)
        with django_assert_num_queries(8):
            page = client.get(DESK)
    assert page.text.count("In review") == 0
    assert page.text.count("Draft") >= 3


def test_a_reports_page_costs_the_same_however_much_happened(
    cast: Cast, draft: Report, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(cast.quality_officer)
    section = draft.sections.first()
    assert section is not None
    for more in (1, 2):
        for number in range(more):
            write_event(draft, ReportEventKind.CHANGED, cast.administrator, f"Section {number}")
            ReportComment.objects.create(section=section, text="Shorter.", by=cast.scrutineer)
            Erratum.objects.create(report=draft, text="It was 11.", by=cast.administrator)
        with django_assert_num_queries(13):
            client.get(f"{DESK}{draft.pk}/")


def test_officers_of_another_partnership_find_no_report(cast: Cast, draft: Report, sign_in: SignIn) -> None:
    client = sign_in(cast.outsider)
    assert client.get(f"{DESK}{draft.pk}/").status_code == 404
    assert client.get(f"/p/moorland/desk/publication/{draft.pk}/").status_code == 404
    assert draft.title not in client.get("/p/moorland/desk/publication/").text


# The public -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "1/", "1/versions/1/"])
def test_public_pages_are_for_everybody_alike(
    path: str, cast: Cast, published: Report, sign_in: SignIn
) -> None:
    visitor = Client().get(f"{PUBLIC}{path}")
    member = sign_in(cast.administrator).get(f"{PUBLIC}{path}")
    for response in (visitor, member):
        assert not response.cookies
        assert "Cookie" not in response.headers.get("Vary", "")
        assert response.headers["Cache-Control"] == "public, max-age=300"
    assert visitor.content == member.content
    # One that closes too many leaves what follows outside the page's column and its landmark.
    assert visitor.text.count("<div") == visitor.text.count("</div>")


def test_public_pages_cost_the_same_whatever_was_published(
    cast: Cast,
    published: Report,
    cycle: Cycle,
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(4):
        assert published.title in client.get(PUBLIC).text
    with django_assert_num_queries(6):
        client.get(f"{PUBLIC}1/")
    for title in ("Second", "Third"):
        publish_as(
            cast,
            begin_report(partnership=cast.partnership, title=title, cycles=[cycle], by=cast.administrator),
        )
    with django_assert_num_queries(4):
        assert "Third" in client.get(PUBLIC).text
    with django_assert_num_queries(6):
        client.get(f"{PUBLIC}1/")


@pytest.mark.parametrize("status", [ReportStatus.DRAFT, ReportStatus.IN_REVIEW, ReportStatus.APPROVED])
def test_what_is_not_published_is_not_found(
    status: ReportStatus, cast: Cast, cycle: Cycle, client: Client
) -> None:
    make_report(cycle, by=cast.administrator, approver=cast.quality_officer, status=status, title="Not yet")
    assert client.get(f"{PUBLIC}1/").status_code == 404
    for path in ("/", "/p/harbour/", PUBLIC):
        assert "Not yet" not in client.get(path).text


def test_the_pages_say_what_was_frozen_whatever_has_changed_since(
    cast: Cast, published: Report, client: Client
) -> None:
    before = client.get(f"{PUBLIC}1/versions/1/").content
    Cycle.objects.update(title="Renamed")
    published.sections.update(drafted="Other words")
    published.sections.filter(edited_at=None).update(
        edited_at=timezone.now(), edited_by=cast.administrator, text="More words"
    )
    assert client.get(f"{PUBLIC}1/versions/1/").content == before


@pytest.mark.parametrize("kind", list(FileKind))
def test_a_file_is_handed_out_as_it_was_stored(kind: FileKind, published: Report, client: Client) -> None:
    response = client.get(file_url(published, kind))
    kept = published.files.get(kind=kind)
    with kept.file.open("rb") as file:
        assert response.content == file.read()
    assert response.headers["Cache-Control"] == "public, max-age=31536000, s-maxage=300, immutable"
    assert response.headers["ETag"] == f'"{kept.sha256}"'
    assert kept.name in response.headers["Content-Disposition"]
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    again = client.get(file_url(published, kind), headers={"If-None-Match": f'"{kept.sha256}"'})
    assert (again.status_code, again.content) == (304, b"")


def test_a_file_that_somebody_changed_on_the_disk_is_not_handed_out(
    published: Report, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    path = default_storage.path(str(PublishedFile.objects.get(kind=FileKind.CSV).file.name))
    with Path(path).open("ab") as file:
        file.write(b"one more line\n")
    response = client.get(file_url(published, FileKind.CSV))
    assert response.status_code == 500
    assert "immutable" not in response.headers.get("Cache-Control", "")
    assert "is not what was published" in caplog.text
    Path(path).unlink()
    assert client.get(file_url(published, FileKind.CSV)).status_code == 500


def test_both_versions_say_what_was_corrected(cast: Cast, published: Report, client: Client) -> None:
    draft = correct_report(report=published, erratum="Table 2 said 11.", by=cast.administrator)
    assert "Table 2 said 11." not in client.get(f"{PUBLIC}1/").text
    old_file = file_url(published, FileKind.JSON)
    before = client.get(old_file).content
    publish_as(cast, draft)
    old, new = (client.get(f"{PUBLIC}1/versions/{version}/").text for version in (1, 2))
    assert "Table 2 said 11." in old
    assert "Table 2 said 11." in new
    assert "This version was corrected." in old
    assert "This version was corrected." not in new
    assert "version 2" in client.get(f"{PUBLIC}1/").text
    assert client.get(old_file).content == before
    assert client.get(PUBLIC).text.count(published.title) == 1
    withdraw_report(report=draft, reason="It named a person.", by=cast.publisher)
    alone = client.get(f"{PUBLIC}1/versions/1/").text
    assert "The version that took its place was withdrawn" in alone
    assert f'rel="canonical" href="{PUBLIC}1/versions/1/"' in alone


def test_a_withdrawn_report_is_gone_and_says_why(cast: Cast, published: Report, client: Client) -> None:
    url = file_url(published, FileKind.PDF)
    withdraw_report(report=published, reason="It named a person.", by=cast.publisher)
    for path in (f"{PUBLIC}1/", url):
        page = client.get(path)
        assert page.status_code == 410
        assert "It named a person." in page.text
    assert published.title not in client.get(PUBLIC).text


def test_nothing_about_scores_reaches_the_page_but_the_public_figures(cast: Cast, client: Client) -> None:
    """Three agencies are too few for any figure about their scores."""
    cycle = make_full_cycle(cast, agencies=3, slug="few")
    report = begin_report(partnership=cast.partnership, title="Few", cycles=[cycle], by=cast.administrator)
    publish_as(cast, report)
    page = client.get(f"{PUBLIC}1/").text
    assert "Agency 0" not in page
    assert "withheld" in page
    rows = client.get(file_url(report, FileKind.CSV)).text.splitlines()[1:]
    about_scores = [row for row in rows if ",grade_" in row or ",scored_" in row or ",mean," in row]
    assert about_scores
    assert [row for row in about_scores if not row.endswith(",yes")] == []


def test_the_front_pages_show_the_newest(published: Report, client: Client) -> None:
    for path in ("/", "/p/harbour/"):
        assert published.title in client.get(path).text


def test_the_preview_shows_what_will_be_published(cast: Cast, draft: Report, sign_in: SignIn) -> None:
    approve(draft, author=cast.administrator, approver=cast.quality_officer)
    page = sign_in(cast.publisher).get(f"{DESK}{draft.pk}/publish/")
    for section in compose(draft).content["sections"]:
        assert section["title"] in page.text


def test_the_preview_tells_whom_the_text_names(cast: Cast, draft: Report, sign_in: SignIn) -> None:
    cast.lead.name = "Lea Holm"
    cast.lead.save()
    draft.sections.filter(kind="overall").update(
        drafted="ANCHOR  Trust is best, says Lea Holm; not Beacon Homestead."
    )
    page = sign_in(cast.scrutineer).get(f"{DESK}{draft.pk}/preview/").text
    assert "The text names Anchor Trust, Lea Holm." in page


def test_what_is_public_is_not_previewed_anew(cast: Cast, published: Report, sign_in: SignIn) -> None:
    response = sign_in(cast.scrutineer).get(f"{DESK}{published.pk}/preview/")
    assert response.headers["Location"] == f"{PUBLIC}1/versions/1/"


def test_a_report_on_several_cycles_shows_each(cast: Cast, cycle: Cycle, client: Client) -> None:
    earlier = make_full_cycle(cast, agencies=6, slug="2025")
    report = begin_report(
        partnership=cast.partnership, title="Two years", cycles=[cycle, earlier], by=cast.administrator
    )
    publish_as(cast, report)
    page = client.get(f"{PUBLIC}1/").text
    for title in ("Audit 2026", "Audit 2025"):
        assert re.search(rf'<th scope="col"[^>]*>{title}</th>', page)
    assert "Audit 2025: audits at grade 2 overall" in page
    rows = client.get(file_url(report, FileKind.CSV)).text
    assert ",2025,self," in rows
