"""What came of the meetings: minutes, recommendations with every answer, letters, and what was chased."""

from __future__ import annotations

from collections.abc import Iterator

from accountability.exports.columns import keep, name_meeting, name_people
from accountability.models import (
    Chase,
    Correction,
    LateLetter,
    Letter,
    Minutes,
    Passage,
    Recommendation,
    RecommendationEvent,
)
from s11.organisations.models import Partnership
from surveys.exports.tables import Table, make_table


def list_outcome_tables(partnership: Partnership) -> Iterator[Table]:
    yield from _list_minutes(partnership)
    yield from _list_recommendations(partnership)
    yield from _list_letters(partnership)


def _list_minutes(partnership: Partnership) -> Iterator[Table]:
    here = {"meeting__panel__cycle__partnership": partnership}
    of_minutes = {f"minutes__{path}": value for path, value in here.items()}
    yield make_table(
        "minutes",
        "how far the minutes of each meeting have come",
        Minutes.objects.filter(**here),
        name_meeting("meeting__")
        | keep("status", "created_at", "draft_sent_at")
        | {"draft_sent_to": "draft_sent_to_id"}
        | name_people("agreed_by")
        | keep("agreed_at", "corrections_until")
        | name_people("final_by")
        | keep("final_at"),
    )
    yield make_table(
        "minutes-passages",
        "what they say of each item; item is an id in agenda-items",
        Passage.objects.filter(**of_minutes),
        {"id": "pk"}
        | name_meeting("minutes__meeting__")
        | {"item": "item_id"}
        | keep("text", "version")
        | name_people("updated_by")
        | keep("updated_at"),
    )
    yield make_table(
        "minutes-corrections",
        "what those who came asked to have put right; passage is an id in minutes-passages",
        Correction.objects.filter(**{f"passage__{path}": value for path, value in of_minutes.items()}),
        {"passage": "passage_id"}
        | keep("text", "by_name")
        | name_people("by")
        | keep("at", "decision", "reply")
        | name_people("decided_by")
        | keep("decided_at"),
    )


def _list_recommendations(partnership: Partnership) -> Iterator[Table]:
    here = {"meeting__panel__cycle__partnership": partnership}
    of_one = {f"recommendation__{path}": value for path, value in here.items()}
    yield make_table(
        "recommendations",
        "what panels asked for, and how it was answered; action is an id in actions",
        Recommendation.objects.filter(**here),
        {"id": "pk"}
        | name_meeting("meeting__")
        | keep("number", "text")
        | {"theme": "theme__code", "indicator": "indicator__key"}
        | keep("due_on", "respond_by")
        | name_people("created_by")
        | keep("created_at", "response")
        | {"action": "action_id", "refusal": "refusal"}
        | name_people("responded_by")
        | keep("responded_at", "decision", "decision_note")
        | name_people("decided_by")
        | keep("decided_at"),
    )
    yield make_table(
        "recommendation-events",
        "each answer and decision in the words of that day; recommendation is an id in recommendations",
        RecommendationEvent.objects.filter(**of_one),
        {"recommendation": "recommendation_id"} | keep("kind", "text") | name_people("by") | keep("at"),
    )
    yield make_table(
        "chases",
        "each step about a day that was missed; letter is an id in late-letters",
        Chase.objects.filter(**of_one),
        {"recommendation": "recommendation_id"}
        | keep("about", "step", "due_on", "people")
        | {"letter": "letter_id"}
        | name_people("by")
        | keep("at"),
    )


def _list_letters(partnership: Partnership) -> Iterator[Table]:
    here = {"meeting__panel__cycle__partnership": partnership}
    yield make_table(
        "meeting-letters",
        "the letter after each meeting",
        Letter.objects.filter(**here),
        name_meeting("meeting__")
        | keep("status", "subject", "body", "version", "due_on", "created_at")
        | name_people("signed_by")
        | keep("signed_as", "signed_at", "sent_at"),
    )
    yield make_table(
        "late-letters",
        "what was written to a contact after reminders; message is an id in messages",
        LateLetter.objects.filter(**here),
        {"id": "pk"}
        | name_meeting("meeting__")
        | {"contact": "contact__email", "message": "message_id"}
        | keep("subject", "body")
        | name_people("by")
        | keep("at"),
    )
