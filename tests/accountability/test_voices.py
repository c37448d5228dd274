"""What children and families said is kept without them: words, consent to quote them, and what its end undoes."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from accountability.enums import ReportStatus
from accountability.models import BoardPaper, Publication, Report, Voice, VoiceChoice
from accountability.reporting import discard_draft
from accountability.reporting_years import ReportingYear
from accountability.voice_chapter import get_chapter_part
from accountability.voice_enums import ConsentGiver, ConsentKind, VoiceGroup
from accountability.voice_quotes import TAKEN_OUT, quote
from accountability.voice_recording import (
    NotInThisState,
    change_voice,
    choose_voice,
    drop_choice,
    record_consent,
    remove_voice,
    withdraw_consent,
)
from s11.organisations.removals import put_back
from surveys.models import Cycle, Questionnaire, Theme
from tests import factories
from tests.accountability.reports import make_report, make_snapshot
from tests.accountability.voices import JUNE, QUOTATION, make_input, make_quotable, make_voice
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

YEAR = ReportingYear(2025)
QUOTED = f"Before.\n\n{quote(QUOTATION, 'a young person')}\n\nAfter."


@pytest.fixture
def cycle(cast: Cast) -> Cycle:
    return factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))


def kinds(voice: Voice) -> list[str]:
    return [one.kind for one in voice.consents.all()]


# Words ----------------------------------------------------------------------------------------------------------------


def test_a_day_becomes_its_month(cast: Cast) -> None:
    voice = make_voice(cast.organisation, by=cast.lead, heard_on=datetime.date(2025, 6, 17))
    voice.refresh_from_db()
    assert voice.heard_on == JUNE
    assert voice.year == YEAR
    assert str(voice) == "Young people, June 2025"


def test_the_record_of_changes_keeps_no_words(cast: Cast) -> None:
    voice = make_quotable(cast.organisation, by=cast.lead)
    change_voice(voice=voice, entered=make_input(told="Otherwise."), seen_version=1, by=cast.lead)
    remove_voice(voice=voice, by=cast.lead)
    said = json.dumps([one.changes for one in LogEntry.objects.get_for_model(Voice)])
    assert "consent_giver" in said
    for words in (QUOTATION, "Meetings", "Otherwise"):
        assert words not in said


def test_what_is_removed_leaves_drafts_and_an_old_paper_leaves_its_file(cast: Cast, cycle: Cycle) -> None:
    voice = make_quotable(cast.organisation, by=cast.lead, told="Children said that nobody asks them.")
    public = make_published(cycle, cast, "Nothing.")
    told = "Heard: Children said that nobody asks them."
    # A correction of what is published would begin with its sections.
    section = public.sections.create(kind="introduction", title="x", position=1, drafted=told)
    paper = BoardPaper(
        report=public, kind="chapter", drafted="Anew.", version=2, pdf_version=1, pdf_made_at=JUNE_NOON
    )
    paper.pdf.save("x", ContentFile(b"%PDF-1.7"))
    remove_voice(voice=voice, by=cast.lead)
    section.refresh_from_db()
    paper.refresh_from_db()
    assert section.drafted == f"Heard: {TAKEN_OUT}"
    assert not paper.pdf


def test_short_words_leave_a_chapter_that_took_them_over(cast: Cast, cycle: Cycle) -> None:
    voice = make_voice(cast.organisation, by=cast.lead, told="Nobody asked.", changed="We ask.", quotation="")
    choose_voice(voice=voice, seen_version=1, by=cast.quality_officer)
    part = get_chapter_part(cast.partnership, YEAR)
    assert part is not None
    public = make_published(cycle, cast, "Nothing.")
    paper = BoardPaper.objects.create(
        report=public, kind="chapter", drafted=f"{part.text}\n\nNow we ask. And we hear."
    )
    remove_voice(voice=voice, by=cast.lead)
    paper.refresh_from_db()
    assert f"**Young people said:** {TAKEN_OUT}\n\n**What changed:** {TAKEN_OUT}" in paper.drafted
    assert paper.drafted.endswith("Now we ask. And we hear.")


def test_who_comes_second_sees_what_the_first_saved(cast: Cast) -> None:
    voice = make_voice(cast.organisation, by=cast.lead)
    assert change_voice(voice=voice, entered=make_input(told="First."), seen_version=1, by=cast.lead) is None
    theirs = change_voice(
        voice=voice, entered=make_input(told="Second."), seen_version=1, by=cast.contributor
    )
    assert theirs is not None
    assert (theirs.told, theirs.changed_by) == ("First.", cast.lead)


def test_what_is_removed_is_empty_at_once(cast: Cast) -> None:
    voice = make_quotable(cast.organisation, by=cast.lead)
    choose_voice(voice=voice, seen_version=1, by=cast.quality_officer)
    remove_voice(voice=voice, by=cast.contributor)
    voice.refresh_from_db()
    assert (voice.told, voice.changed, voice.quotation, voice.consent_giver) == ("", "", "", "")
    assert voice.removed_by == cast.contributor
    assert kinds(voice) == [ConsentKind.GIVEN, ConsentKind.REMOVED]
    assert not VoiceChoice.objects.exists()
    with pytest.raises(NotInThisState, match="removed"):
        change_voice(voice=voice, entered=make_input(), seen_version=2, by=cast.lead)


# Consent --------------------------------------------------------------------------------------------------------------


def test_consent_is_to_the_words_that_were_shown(cast: Cast) -> None:
    voice = make_voice(cast.organisation, by=cast.lead)
    change_voice(voice=voice, entered=make_input(quotation="Other words."), seen_version=1, by=cast.lead)
    giving: dict[str, Any] = {"voice": voice, "giver": ConsentGiver.CARER, "consented_on": JUNE}
    with pytest.raises(NotInThisState, match="changed the words"):
        record_consent(**giving, seen_version=1, by=cast.lead)
    record_consent(**giving, seen_version=2, by=cast.lead)
    with pytest.raises(NotInThisState, match="quicker"):
        record_consent(**giving, seen_version=2, by=cast.lead)
    assert kinds(voice) == [ConsentKind.GIVEN]


def test_other_words_need_consent_anew_and_other_facts_do_not(cast: Cast) -> None:
    voice = make_quotable(cast.organisation, by=cast.lead)
    change_voice(voice=voice, entered=make_input(told="More."), seen_version=1, by=cast.lead)
    voice.refresh_from_db()
    assert voice.is_quotable
    change_voice(voice=voice, entered=make_input(quotation="Other."), seen_version=2, by=cast.lead)
    voice = Voice.objects.get()
    assert not voice.is_quotable
    assert kinds(voice) == [ConsentKind.GIVEN, ConsentKind.CHANGED]


@pytest.mark.parametrize(
    "columns",
    [
        {"consent_giver": "person"},
        {"consented_on": JUNE},
        {"quotation": ""},
        {"told": ""},
        {"why_not": "Both."},
        {"changed": ""},
        {"group": "boy"},
    ],
    ids=str,
)
def test_the_database_refuses_half_of_it(cast: Cast, columns: dict[str, Any]) -> None:
    """Of a quotable state without its consent, of words without what changed, of a group that is none."""
    made = make_quotable if columns == {"quotation": ""} else make_voice
    voice = made(cast.organisation, by=cast.lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        Voice.objects.filter(pk=voice.pk).update(**columns)


def test_drafts_and_papers_lose_the_words_at_once(
    cast: Cast, cycle: Cycle, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    voice = make_quotable(cast.organisation, by=cast.lead)
    draft = make_report(cycle, by=cast.administrator)
    section = draft.sections.create(kind="introduction", title="x", position=1, drafted=QUOTED)
    public = make_published(cycle, cast, "Nothing.")
    paper = BoardPaper(report=public, kind="chapter", drafted=QUOTED, pdf_version=1, pdf_made_at=JUNE_NOON)
    paper.pdf.save("x", ContentFile(b"%PDF-1.7"))
    name = str(paper.pdf.name)
    with django_capture_on_commit_callbacks(execute=True):
        assert withdraw_consent(voice=voice, by=cast.lead) == []
    section.refresh_from_db()
    paper.refresh_from_db()
    assert (section.drafted, section.version) == ("Before.\n\nAfter.", 2)
    assert (paper.drafted, paper.version) == ("Before.\n\nAfter.", 2)
    assert not paper.pdf
    assert not default_storage.exists(name)
    assert kinds(voice) == [ConsentKind.GIVEN, ConsentKind.WITHDRAWN]


@pytest.mark.parametrize("end", [withdraw_consent, remove_voice])
def test_what_was_thrown_away_comes_back_without_the_words(
    cast: Cast, cycle: Cycle, end: Callable[..., list[str]]
) -> None:
    """After a removal nobody knows any more what to look for."""
    voice = make_quotable(cast.organisation, by=cast.lead, told="Children said that nobody asks them.")
    draft = make_report(cycle, by=cast.administrator)
    told = f"Children said that nobody asks them.\n\n{QUOTED}"
    draft.sections.create(kind="introduction", title="x", position=1, drafted=told)
    away = discard_draft(report=draft, by=cast.administrator)
    elsewhere = factories.make_cycle(cast.elsewhere, questionnaires=(Questionnaire.objects.get(),))
    theirs = make_report(elsewhere, by=cast.outsider)
    theirs.sections.create(kind="introduction", title="x", position=1, drafted=told)
    apart = discard_draft(report=theirs, by=cast.outsider)
    end(voice=voice, by=cast.lead)
    away.refresh_from_db()
    assert QUOTATION not in json.dumps(away.rows)
    put_back(removal=away, by=cast.administrator)
    section = draft.sections.get()
    kept = "Children said that nobody asks them." if end is withdraw_consent else TAKEN_OUT
    assert (section.drafted, section.version) == (
        f"{kept}\n\nBefore.\n\nAfter.",
        2 if end is withdraw_consent else 3,
    )
    apart.refresh_from_db()
    assert QUOTATION in json.dumps(apart.rows)


JUNE_NOON = datetime.datetime(2025, 6, 20, 12, tzinfo=datetime.UTC)


def make_published(cycle: Cycle, cast: Cast, text: str, **columns: Any) -> Report:
    report = make_report(
        cycle,
        by=cast.administrator,
        status=ReportStatus.PUBLISHED,
        approver=cast.quality_officer,
        title="How safe?",
        **columns,
    )
    make_snapshot(report, json.dumps({"format": 2, "sections": [{"text": text}]}))
    return report


def test_what_is_published_stays_and_is_named(cast: Cast, cycle: Cycle) -> None:
    voice = make_quotable(cast.organisation, by=cast.lead)
    report = make_published(cycle, cast, QUOTED)
    soon = make_report(cycle, by=cast.administrator, title="Soon out")
    Publication.objects.create(
        report=soon, content=report.snapshot.content, ledger="", asked_by=cast.publisher
    )
    elsewhere = factories.make_cycle(cast.elsewhere, questionnaires=(Questionnaire.objects.get(),))
    make_published(elsewhere, cast, QUOTED)
    shown = withdraw_consent(voice=voice, by=cast.lead)
    assert shown == ["Report 1: How safe?", "Soon out, which is being published at this moment"]
    assert voice.consents.latest("pk").still_quoted == "\n".join(shown)
    report.snapshot.refresh_from_db()
    assert QUOTATION in report.snapshot.content


# The annual report ----------------------------------------------------------------------------------------------------


def test_only_what_still_reads_as_it_was_chosen_is_in_the_chapter(cast: Cast) -> None:
    voice = make_voice(cast.organisation, by=cast.lead)
    assert get_chapter_part(cast.partnership, YEAR) is None
    with pytest.raises(NotInThisState, match="changed it meanwhile"):
        choose_voice(voice=voice, seen_version=7, by=cast.quality_officer)
    choose_voice(voice=voice, seen_version=1, by=cast.quality_officer)
    assert get_chapter_part(cast.partnership, YEAR) is not None
    assert get_chapter_part(cast.partnership, YEAR.next) is None
    assert get_chapter_part(cast.elsewhere, YEAR) is None
    change_voice(voice=voice, entered=make_input(told="Otherwise."), seen_version=1, by=cast.lead)
    assert get_chapter_part(cast.partnership, YEAR) is None
    choose_voice(voice=voice, seen_version=2, by=cast.administrator)
    assert VoiceChoice.objects.get().by == cast.administrator
    drop_choice(voice=voice)
    assert get_chapter_part(cast.partnership, YEAR) is None


@pytest.mark.parametrize("name", ["Anchor Trust", "Beacon Homes"])
def test_what_names_an_agency_is_not_chosen(cast: Cast, name: str) -> None:
    voice = make_voice(cast.organisation, by=cast.lead, told=f"Nobody at {name} asked them.")
    with pytest.raises(NotInThisState, match=f"It names {name}"):
        choose_voice(voice=voice, seen_version=1, by=cast.quality_officer)


def test_the_chapter_quotes_with_consent_and_names_no_agency(cast: Cast) -> None:
    theme = Theme.objects.create(code="T3", title="Voice of children and families", position=3)
    chosen = [
        make_quotable(cast.organisation, by=cast.lead, theme=theme),
        make_voice(
            cast.organisation,
            by=cast.lead,
            group=VoiceGroup.PARENTS,
            quotation="Not to be read.",
            why_not="No time.",
        ),
    ]
    for voice in chosen:
        choose_voice(voice=voice, seen_version=1, by=cast.quality_officer)
    part = get_chapter_part(cast.partnership, YEAR)
    assert part is not None
    assert part.title == "What children and families said"
    assert part.text == (
        "Organisations of the area recorded this year what children and families told them, and what changed "
        "because of it.\n\n"
        "### Voice of children and families\n\n"
        "**Young people said:** Meetings were held without them.\n\n"
        f"> {QUOTATION}\n>\n> — A young person\n\n"
        "**What changed:** Meetings are held after school.\n\n"
        "### Other things that they said\n\n"
        "**Parents and carers said:** Meetings were held without them.\n\n"
        "**Nothing has changed yet:** No time."
    )
    withdraw_consent(voice=chosen[0], by=cast.lead)
    now = get_chapter_part(cast.partnership, YEAR)
    assert now is not None
    assert QUOTATION not in now.text
    assert "Meetings are held after school." in now.text


@pytest.mark.parametrize(("agencies", "begin"), [(4, "Organisations of the area"), (5, "5 organisations")])
def test_agencies_are_counted_from_five_on(
    cast: Cast, agencies: int, begin: str, django_assert_num_queries: Any
) -> None:
    for number in range(agencies):
        agency = factories.make_organisation(
            f"Wren House {number}", slug=f"wren-{number}", partnership=cast.partnership
        )
        for _ in range(2):
            voice = make_voice(agency, by=cast.lead)
    choose_voice(voice=voice, seen_version=1, by=cast.quality_officer)
    with django_assert_num_queries(2):
        part = get_chapter_part(cast.partnership, YEAR)
    assert part is not None
    assert part.text.startswith(begin)


@pytest.mark.parametrize(
    ("giver", "whose"), [(ConsentGiver.PERSON, "a family"), (ConsentGiver.GROUP, "families")]
)
def test_words_are_of_one_or_of_the_group(cast: Cast, giver: ConsentGiver, whose: str) -> None:
    voice = make_voice(cast.organisation, by=cast.lead, group=VoiceGroup.FAMILIES)
    record_consent(voice=voice, giver=giver, consented_on=JUNE, seen_version=1, by=cast.lead)
    voice.refresh_from_db()
    assert voice.whose == whose
