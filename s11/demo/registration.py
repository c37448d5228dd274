"""The demonstration's requests to take part: a new organisation, and one that may be known under another name."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from s11.demo.audits import at
from s11.organisations.forms.taking_part import ProfileForm
from s11.organisations.models import Application, Partnership
from s11.organisations.models.invitations import hash_token


@dataclass(frozen=True, slots=True)
class Asked:
    """What one person entered."""

    organisation: str
    name: str
    job_title: str
    email: str
    note: str = ""
    ofsted_number: str = ""
    answers: dict[str, str] = field(default_factory=dict)


ASKED = (
    Asked(
        "Kelp Street Youth Project",
        "Tamsin Reed",
        "Project manager",
        "tamsin.reed@kelp-street.example",
        "We opened in September and work with two of the schools.",
    ),
    # On the list as Gull Cottage, where nobody has registered.
    Asked(
        "Gull Cottage Children’s Home",
        "Mara Finch",
        "Registered manager",
        "mara.finch@gull-cottage.example",
        ofsted_number="SC990002",
        answers={"is_home": "yes"},
    ),
)


def make_applications(partnership: Partnership, today: datetime.date) -> None:
    """Two wait for an officer. Nobody has their links, so what is hashed opens nothing."""
    for days, asked in enumerate(ASKED, start=1):
        moment = at(today - datetime.timedelta(days=days), 11)
        Application.objects.create(
            partnership=partnership,
            organisation_name=asked.organisation,
            variant=ProfileForm.pick_variant(asked.answers),
            ofsted_number=asked.ofsted_number,
            profile=ProfileForm.make_profile(asked.answers),
            name=asked.name,
            job_title=asked.job_title,
            email=asked.email,
            note=asked.note,
            token_hash=hash_token(f"{partnership.slug} {asked.email}"),
            created_at=moment,
            verified_at=moment + datetime.timedelta(minutes=4),
        )
