"""Kinds that hang on no audit or meeting: what has come due of each, and that it goes alone."""

from __future__ import annotations

import datetime

from auditlog.models import LogEntry
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accountability.models import Voice, VoiceConsent
from accountability.voice_recording import choose_voice, withdraw_consent
from s11.organisations.models import Removal
from s11.retention.enums import ItemState, Kind
from s11.retention.models import DestructionItem
from s11.retention.schedules import find_due, set_period
from surveys.models import Audit, Evidence, PractitionerSurvey, Scorecard, SurveyTally
from tests import factories
from tests.accountability.voices import make_quotable, make_voice
from tests.conftest import Cast
from tests.retention.world import LONG_AGO, TODAY, approve, destroy, make_due_audit
from tests.surveys.practitioners import make_cycle_survey


def go(cast: Cast, *kinds: Kind) -> None:
    """These are due, one of each, and go."""
    found = destroy(approve(cast))
    assert sorted(item.kind for item in found.items.all()) == sorted(kinds)
    assert set(DestructionItem.objects.values_list("state", flat=True)) == {ItemState.DESTROYED}


def test_scorecards_go_when_their_own_time_is_over_and_only_after_the_answers(cast: Cast) -> None:
    audit = make_due_audit(cast)
    assert {kind for kind, _ in find_due(cast.partnership, TODAY)} == {Kind.AUDIT}
    go(cast, Kind.AUDIT)
    assert Scorecard.objects.exists()
    go(cast, Kind.SCORECARD)
    assert not Scorecard.objects.exists()
    assert Audit.objects.get(pk=audit.pk).submitted_at is not None
    assert list(find_due(cast.partnership, TODAY)) == []


def test_a_survey_goes_with_its_counts(cast: Cast) -> None:
    audit = make_due_audit(cast)
    asked = make_cycle_survey(audit.cycle, by=cast.administrator)
    survey = PractitionerSurvey.objects.create(
        invitee=audit.invitee, closes_on="2010-02-01", opened_by=cast.lead
    )
    survey.tallies.create(statement=asked.statements.earliest("pk"), yes=7)
    go(cast, Kind.AUDIT, Kind.SURVEY)
    assert not PractitionerSurvey.objects.exists()
    assert not SurveyTally.objects.exists()


def test_what_was_said_goes_with_its_consents_after_the_years_report(cast: Cast) -> None:
    long_ago = datetime.date(2023, 3, 1)
    gone = make_quotable(cast.organisation, by=cast.lead, heard_on=long_ago)
    withdraw_consent(voice=gone, by=cast.lead)
    choose_voice(voice=gone, seen_version=1, by=cast.administrator)
    kept = make_voice(cast.organisation, by=cast.lead, heard_on=datetime.date(2024, 4, 1))
    make_voice(cast.other_organisation, by=cast.lead, heard_on=long_ago)
    assert {one.counts_from for _, one in find_due(cast.partnership, TODAY)} == {datetime.date(2023, 3, 31)}
    go(cast, Kind.VOICE, Kind.VOICE)
    assert list(Voice.objects.all()) == [kept]
    assert not VoiceConsent.objects.exists()
    assert not LogEntry.objects.filter(object_repr=str(gone)).exists()


def test_evidence_goes_when_all_partnerships_of_its_organisation_let_it(cast: Cast) -> None:
    kept, gone = (factories.make_evidence(cast.organisation, title) for title in ("Kept", "Gone"))
    Evidence.objects.filter(pk=gone.pk).update(removed_at=LONG_AGO)
    name = str(gone.versions.get().file.name)
    cast.organisation.participations.create(partnership=cast.elsewhere)
    longer = {"partnership": cast.elsewhere, "kind": Kind.EVIDENCE, "why": "Policy", "by": cast.outsider}
    set_period(months=None, seen_version=0, **longer)  # type: ignore[arg-type]
    assert list(find_due(cast.partnership, TODAY)) == []
    set_period(months=12, seen_version=1, **longer)  # type: ignore[arg-type]
    go(cast, Kind.EVIDENCE)
    assert list(Evidence.objects.all()) == [kept]
    assert not default_storage.exists(name)


def test_a_removed_thing_goes_with_the_files_in_its_rows(cast: Cast) -> None:
    name = default_storage.save("documents/removed.pdf", ContentFile(b"%PDF-1.7"))
    rows = [{"model": "surveys.document", "pk": 7, "fields": {"file": name}}]
    there = {"kind": "saved_view", "partnership": cast.partnership, "removed_by": cast.lead}
    Removal.objects.create(title="The view Old", rows=rows, removed_at=LONG_AGO, **there)
    new = Removal.objects.create(title="The view New", removed_at=LONG_AGO, **there)
    Removal.objects.filter(pk=new.pk).update(restored_at=timezone.now(), restored_by=cast.lead)
    go(cast, Kind.REMOVED)
    assert list(Removal.objects.all()) == [new]
    assert not default_storage.exists(name)
    assert not LogEntry.objects.filter(object_repr="The view Old").exists()
