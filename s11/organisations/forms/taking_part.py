"""The short steps of asking to take part, and what an officer says to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from s11.organisations.enums import Variant
from s11.organisations.forms.fields import AddressField, LineField
from s11.organisations.forms.organisations import IdentifiersForm
from s11.organisations.mail_domains import make_ascii, refuse
from s11.organisations.models import MailDomain, Organisation
from s11.organisations.registration import FEWEST_LETTERS, Suggestion
from s11.web.forms import Look

NONE_OF_THESE = "none"
NEW = "new"
# What stands in a name goes out by e-mail to an address that nobody has verified: it must carry no advertisement.
LINK = re.compile(r"://|www\.|@|\.(?:com|net|org|info|biz|ru|cn)\b", re.IGNORECASE)


def refuse_links(text: str) -> None:
    if LINK.search(text):
        raise ValidationError("Enter a name only, without web or e-mail addresses")


class FindForm(forms.Form):
    """Step one."""

    words = LineField(
        label="What is your organisation called?",
        max_length=200,
        help_text="Its name or a part of it, or its URN, ODS code or Ofsted number. "
        f"With fewer than {FEWEST_LETTERS} letters we find a whole name or number only.",
        error_messages={"required": "Enter your organisation’s name or number"},
    )
    looks = {"words": Look(label_size="m")}


def describe_organisation(organisation: Organisation) -> str:
    """What tells two of the same name apart: national facts, which anybody can look up."""
    facts = (
        ("URN", organisation.urn),
        ("ODS code", organisation.ods_code),
        ("Ofsted number", organisation.ofsted_number),
    )
    return ", ".join(f"{label} {value}" for label, value in facts if value)


class ChooseForm(forms.Form):
    """Step two, where something was found: which of them. By its slug, which is in addresses anyway."""

    organisation = forms.ChoiceField(
        label="Which is it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select your organisation, or that it is none of these"},
    )

    def __init__(self, *args: Any, found: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*((one.slug, one.name) for one in found), (NONE_OF_THESE, "None of these")]
        hints = {one.slug: describe_organisation(one) for one in found}
        self.looks = {
            "organisation": Look(
                label_size="m",
                divider_before=NONE_OF_THESE,
                item_hints={slug: hint for slug, hint in hints.items() if hint}
                | {NONE_OF_THESE: "You enter its name next."},
            )
        }


class EnterForm(IdentifiersForm):
    """An organisation that was not found."""

    name = LineField(label="Name of your organisation", max_length=200, validators=[refuse_links])
    field_order = ("name", "urn", "ods_code", "ofsted_number")


# In the order in which they decide: the first yes does.
QUESTIONS = (
    (
        "is_school",
        "Is it a school or a college?",
        "Also an academy, a nursery school or a sixth form.",
        Variant.SCHOOL,
    ),
    (
        "is_health",
        "Is it an NHS body or another provider of health care?",
        "A trust, a GP practice, a hospice or a private provider.",
        Variant.HEALTH,
    ),
    ("is_home", "Is it a children’s home?", "Registered with Ofsted.", Variant.CARE_HOME),
)
# What each variant is, said to somebody who has never heard of variants.
IN_WORDS = {
    Variant.STANDARD: "The standard questions, as councils, police and charities answer them",
    Variant.HEALTH: "The questions for health providers",
    Variant.CARE_HOME: "The questions for children’s homes",
    Variant.SCHOOL: "The questions for schools and colleges",
}


def make_question(label: str, hint: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect,
        error_messages={"required": f"Select yes or no: {label[0].lower()}{label[1:]}"},
    )


class ProfileForm(forms.Form):
    """What it is, which decides what it is asked."""

    is_school, is_health, is_home = (make_question(label, hint) for _, label, hint, _ in QUESTIONS)
    looks = {name: Look(label_size="m", is_inline=True) for name, *_ in QUESTIONS}

    @staticmethod
    def pick_variant(answers: dict[str, str]) -> Variant:
        """Standard, where nothing else is said."""
        return next(
            (variant for name, _, _, variant in QUESTIONS if answers.get(name) == "yes"), Variant.STANDARD
        )

    @staticmethod
    def make_profile(answers: dict[str, str]) -> list[dict[str, str]]:
        """In the words of the page."""
        return [
            {"question": label, "answer": "Yes" if answers.get(name) == "yes" else "No"}
            for name, label, _, _ in QUESTIONS
        ]


class LeadForm(forms.Form):
    """Who asks, and is to lead."""

    name = LineField(
        label="Your name",
        max_length=150,
        validators=[refuse_links],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    job_title = LineField(
        label="Your job title",
        max_length=200,
        help_text="Such as designated safeguarding lead.",
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    email = AddressField(
        label="Your work e-mail address",
        help_text="We send a link to it. It becomes what you sign in with.",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    note = forms.CharField(
        label="Anything that helps to recognise you",
        required=False,
        max_length=1_000,
        help_text="Such as whom you follow as lead. Nothing about a child or a family.",
        widget=forms.Textarea,
    )
    looks = {"note": Look(rows=3)}


class CheckForm(forms.Form):
    """The last step asks nothing more."""


# The desk -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CycleChoice:
    """An open cycle that has the variant, as the app above knows it."""

    value: str
    label: str


class AcceptForm(forms.Form):
    """Which organisation it is, and what it is invited to."""

    organisation = forms.ChoiceField(
        label="Which organisation is it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select which organisation it is, or that it is new"},
    )
    is_statutory = forms.TypedChoiceField(
        label="Is it statutory?",
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        help_text="Whether the law names it, so that it must take part. It changes nothing if it takes part already.",
        error_messages={"required": "Select yes if the law names it"},
    )
    cycles = forms.MultipleChoiceField(
        label="Invite it to",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Those it is invited to already stay as they are.",
    )
    marks_optional = False

    def __init__(
        self,
        *args: Any,
        suggestions: Sequence[Suggestion],
        new_name: str,
        cycles: Sequence[CycleChoice],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        known = {str(one.organisation.pk): one for one in suggestions}
        choices = [(value, one.organisation.name) for value, one in known.items()]
        # An identifier belongs to one organisation in the whole country: then it is that one.
        is_identified = any(one.is_identified for one in suggestions)
        if not is_identified:
            choices.append((NEW, f"A new organisation: {new_name}"))
        field, wanted = self.fields["organisation"], self.fields["cycles"]
        assert isinstance(field, forms.ChoiceField)
        assert isinstance(wanted, forms.MultipleChoiceField)
        field.choices = choices
        if len(choices) == 1:
            field.initial = choices[0][0]
        self.known = {value: one.organisation for value, one in known.items()}
        wanted.choices = [(one.value, one.label) for one in cycles]
        if not cycles:
            del self.fields["cycles"]
        self.looks = {
            "organisation": Look(
                label_size="m", item_hints={value: one.hint for value, one in known.items()}
            ),
            "is_statutory": Look(label_size="m", is_inline=True),
            "cycles": Look(label_size="m"),
        }

    @property
    def chosen(self) -> Organisation | None:
        """None: a new one."""
        return self.known.get(self.cleaned_data["organisation"])


class DeclineForm(forms.Form):
    """Why not: it is mailed."""

    reason = LineField(
        label="Why do you decline?",
        max_length=500,
        widget=forms.Textarea,
        help_text="The person reads it in an e-mail. Say what they can do instead.",
        error_messages={"required": "Say why: the person reads it"},
    )
    looks = {"reason": Look(label_size="m", rows=3)}


class MailDomainForm(forms.Form):
    """A domain that is this organisation's alone."""

    domain = forms.CharField(
        label="Mail domain",
        max_length=254,
        help_text="What stands after the @, such as anchor-trust.org.uk. Only addresses with exactly this domain "
        "count: staff.anchor-trust.org.uk is another one. Confirm it only if all its mailboxes belong to this "
        "organisation; we know the large shared ones, but not one that a trust’s schools, or a council and its "
        "services, share.",
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation

    def clean_domain(self) -> str:
        domain = make_ascii(str(self.cleaned_data["domain"]).strip().removeprefix("@"))
        if refusal := refuse(domain):
            raise ValidationError(refusal)
        held = MailDomain.objects.filter(domain=domain).first()
        if held is not None:
            # Whose it is concerns nobody but its own partnership.
            is_own = held.organisation_id == self.organisation.pk
            raise ValidationError(
                f"{domain} is confirmed already"
                if is_own
                else f"{domain} is another organisation’s, so it is shared"
            )
        return domain
