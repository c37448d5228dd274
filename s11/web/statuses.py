"""The one vocabulary of status tags: every word that the product may show in a tag, and the colour that goes with it.

A tag always carries its word; the colour only repeats it. Red is for a critical 0 and for what is overdue or broken.
"""

import re

WORDS = {
    # Nothing has happened yet, or nothing will any more
    "grey": """
        not started, not ready, cannot start yet, optional, not applicable, planned, closed, withdrawn, superseded,
        not offered, may, invited, exempt, inactive, ended, declined, revoked, cancelled, no grade, not invited,
        not registered, removed, dropped, stopped, refusal accepted, corrected,
        destroyed, withheld, retired, not quoted""",
    # It is going on
    "blue": """
        started, in progress, being made, being destroyed, being read, being applied, draft, open, in use, must,
        registered, scheduled, running, under way, statutory, full, core, topic, prepare, new this year, contacted,
        training offered, meeting arranged, called, locked, signed""",
    # Somebody has to do something, in their own time
    "yellow": """
        to confirm, to be checked, columns to be chosen, awaiting sign-off, extended, requested, expiring,
        being checked, stale, due soon, due again, to verify, proposed, unanswered, not answered, queried, to moderate,
        waiting, on hold, kept for now, kept back, being scanned, to review, in review, to schedule, to decide,
        to approve, nothing yet, changed since""",
    # It is as it should be
    "green": """
        complete, confirmed, signed off, submitted, own tool, on time, published, active, accepted, current, checked,
        done, applied, verified, agreed, answered, moderated, reported, held, approved, final, sent, ready, replied,
        worked, chosen, may be quoted""",
    # It went another way than planned
    "orange": """
        missing, notes missing, returned, recalled, stalled, expired, escalated, unplaced, postponed, disagreed,
        not sent, staff say less, did not work, worked in part""",
    "red": "critical, critical 0, overdue, late, refused, failed, infected",
}
COLOURS = {word.strip(): colour for colour, words in WORDS.items() for word in words.split(",")}
PROGRESS = re.compile(r"^(\d+) of (\d+) answered$")


def status_classes(word: str) -> str:
    """The tag's class; a count such as ‘3 of 8 answered’ is coloured by how far it is."""
    if progress := PROGRESS.match(word):
        done, of = (int(number) for number in progress.groups())
        word = "not started" if done == 0 else "complete" if done == of else "in progress"
    try:
        return f"govuk-tag--{COLOURS[word.lower()]}"
    except KeyError:
        raise KeyError(
            f"‘{word}’ is not a status: use a word of s11/web/statuses.py, or add it there."
        ) from None
