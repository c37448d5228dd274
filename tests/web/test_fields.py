"""Every kind of field: its macro, what describes it, what is wrong with it, and that no words break out of it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import mark_safe

from s11.web.date_fields import DatePartsField
from s11.web.fields import form_errors
from s11.web.forms import Look
from s11.web.languages import speaking
from tests.web.rendering import Tags, render

HOSTILE = '"><script>alert(1)</script>'
SCORES = [("0", "No progress"), ("1", "Working towards"), ("2", "Achieved"), ("NA", "Not applicable")]


class EveryKind(forms.Form):
    name = forms.CharField(max_length=40, help_text="As on the register")
    email = forms.EmailField(widget=forms.EmailInput(attrs={"autocomplete": "email", "placeholder": "x"}))
    staff = forms.IntegerField(label="Number of staff", min_value=1, max_value=9)
    hours = forms.DecimalField(required=False)
    password = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))
    score = forms.ChoiceField(choices=SCORES, widget=forms.RadioSelect)
    reason = forms.CharField(required=False, widget=forms.Textarea)
    commentary = forms.CharField(required=False, widget=forms.Textarea(attrs={"hx-post": "/save/"}))
    summary = forms.CharField(max_length=200, widget=forms.Textarea)
    variants = forms.MultipleChoiceField(choices=SCORES, widget=forms.CheckboxSelectMultiple)
    sites = forms.MultipleChoiceField(choices=SCORES)
    confirm = forms.BooleanField(label="I confirm this", help_text="Your name is kept")
    kind = forms.ChoiceField(choices=[("", "---------"), ("Group", [("a", "One"), ("b", "Two")])])
    starts = forms.TimeField()
    evidence = forms.FileField()
    closes = DatePartsField(label="Closing date", help_text="For example, 27 3 2027")
    token = forms.CharField(widget=forms.HiddenInput)
    moment = forms.SplitDateTimeField(required=False)

    looks = {
        "score": Look(item_hints={"0": "Nobody"}, reveals={"NA": "reason"}, divider_before="NA"),
        "commentary": Look(words=150),
        "staff": Look(width=4, suffix="people"),
        "variants": Look(is_small=True, is_inline=True),
        "name": Look(label_size="l", is_heading=True),
    }


@pytest.fixture(scope="module")
def blank() -> Tags:
    return Tags(str(EveryKind()))


@pytest.fixture(scope="module")
def refused() -> str:
    return render(
        '{% from "components/error_summary.html" import error_summary %}{{ error_summary(form) }}{{ form }}',
        form=EveryKind({}),
    )


@pytest.mark.parametrize(
    ("field_id", "expected"),
    [
        ("id_name", {"type": "text", "aria-describedby": "id_name-hint"}),
        ("id_email", {"type": "email", "autocomplete": "email", "spellcheck": "false"}),
        ("id_staff", {"type": "text", "inputmode": "numeric"}),
        ("id_hours", {"type": "text", "inputmode": "decimal"}),
        ("id_password", {"type": "password", "autocomplete": "new-password"}),
        ("id_score", {"type": "radio", "value": "0", "aria-describedby": "id_score-item-hint"}),
        ("id_score-4", {"type": "radio", "value": "NA"}),
        ("id_commentary", {"hx-post": "/save/", "aria-describedby": "id_commentary-info"}),
        ("id_variants-2", {"type": "checkbox", "name": "variants", "value": "1"}),
        ("id_sites-3", {"type": "checkbox", "name": "sites", "value": "2"}),
        ("id_confirm", {"type": "checkbox", "aria-describedby": "id_confirm-item-hint"}),
        ("id_starts", {"type": "text"}),
        ("id_evidence", {"type": "file"}),
        ("id_closes_day", {"name": "closes_day", "inputmode": "numeric"}),
        ("id_token", {"type": "hidden"}),
        ("id_moment_0", {"name": "moment_0"}),
    ],
)
def test_a_field_is_drawn_as_its_kind(blank: Tags, field_id: str, expected: dict[str, str]) -> None:
    assert expected.items() <= blank.with_id(field_id).items()


def test_ids_are_unique_and_every_description_exists(blank: Tags, refused: str) -> None:
    for tags in (blank, Tags(refused)):
        assert len(tags.ids) == len(set(tags.ids))
        described = " ".join(attrs.get("aria-describedby") or "" for _, attrs in tags.all).split()
        labelled = [attrs["for"] for attrs in tags.named("label")]
        assert described
        assert set(described) | set(labelled) <= set(tags.ids) | {"id_moment"}  # a field of unknown kind


def test_the_browser_neither_cuts_nor_refuses_by_itself() -> None:
    shown = str(EveryKind()).replace(str(EveryKind()["moment"]), "")
    assert not re.findall(
        r'\s(?:required|maxlength="\d+"|min=|max=|step=|placeholder)', shown.split('id="id_moment')[0]
    )


def test_a_field_that_a_choice_reveals_is_drawn_there_and_nowhere_else(blank: Tags) -> None:
    assert blank.ids.count("id_reason") == 1
    order = [attrs.get("id") for _, attrs in blank.all]
    assert order.index("conditional-id_score-4") < order.index("id_reason") < order.index("id_commentary")
    # ARIA has no `aria-expanded` on a radio, which the design system's script would put where it finds this.
    assert not [attrs for _, attrs in blank.all if "data-aria-controls" in attrs]


def test_optional_fields_say_so_unless_the_form_says_otherwise(blank: Tags) -> None:
    class Draft(EveryKind):
        marks_optional = False

    assert "Commentary (optional)" in blank.text
    assert "Summary (optional)" not in blank.text
    assert "(optional)" not in Tags(str(Draft())).text


def test_a_label_can_be_the_pages_heading_and_a_group_its_legend(blank: Tags) -> None:
    assert [attrs["class"] for attrs in blank.named("h1")] == ["govuk-label-wrapper"]
    assert len(blank.named("legend")) == 4  # score, variants, sites, closing date


def test_what_was_typed_is_still_there() -> None:
    data = {
        "name": "Hilltop", "score": "NA", "reason": "\n  two spaces\nlast ", "kind": "b", "variants": ["0", "2"],
        "password": "secret", "confirm": "on", "closes_day": "31", "closes_month": "feb", "closes_year": "2027",
        "staff": "many", "moment_0": "then",
    }  # fmt: skip
    shown = str(
        EveryKind(
            MultiValueDict(
                {key: value if isinstance(value, list) else [value] for key, value in data.items()}
            )
        )
    )
    tags = Tags(shown)
    assert tags.with_id("id_name")["value"] == "Hilltop"
    assert tags.with_id("id_staff")["value"] == "many"
    assert "checked" in tags.with_id("id_score-4")
    assert ["checked" in tags.with_id(f"id_variants{part}") for part in ("", "-2", "-3")] == [
        True,
        False,
        True,
    ]
    assert "checked" in tags.with_id("id_confirm")
    assert [option["value"] for option in tags.named("option") if "selected" in option] == ["b"]
    assert [tags.with_id(f"id_closes_{part}")["value"] for part in ("day", "month", "year")] == [
        "31",
        "feb",
        "2027",
    ]
    # A browser drops the first line break of a text area, so there is one more; nothing else is added.
    assert ">\n\n  two spaces\nlast </textarea>" in shown
    assert "secret" not in shown


@pytest.mark.parametrize(
    ("field", "data", "sentence"),
    [
        ("name", {}, "Enter the name"),
        ("name", {"name": "x" * 41}, "Name must be 40 characters or fewer; this has 41"),
        ("email", {"email": "x"}, "Enter an e-mail address in the right format, like name@example.org"),
        ("email", {}, "Enter the e-mail address"),
        ("staff", {"staff": "x"}, "Number of staff must be a whole number"),
        ("staff", {"staff": "0"}, "Number of staff must be 1 or more"),
        ("staff", {"staff": "10"}, "Number of staff must be 9 or less"),
        ("hours", {"hours": "x"}, "Hours must be a number"),
        ("score", {}, "Select the score"),
        ("score", {"score": "3"}, "Select one of the choices for ‘Score’"),
        ("variants", {"variants": "7"}, "Select one of the choices for ‘Variants’"),
        ("confirm", {}, "Tick ‘I confirm this’ to go on"),
        ("starts", {"starts": "x"}, "Starts must be a time, like 14:30"),
        ("evidence", {}, "Select the evidence"),
        ("closes", {}, "Enter the closing date"),
        ("closes", {"closes_day": "1", "closes_month": "2"}, "Closing date must include a year"),
        ("closes", {"closes_year": "2027"}, "Closing date must include a day and a month"),
        (
            "closes",
            {"closes_day": "30", "closes_month": "2", "closes_year": "2027"},
            "Closing date must be a real date",
        ),
        (
            "closes",
            {"closes_day": "²", "closes_month": "x", "closes_year": "9" * 5000},
            "Closing date must be a real date",
        ),
    ],
)
def test_an_error_names_the_field_and_says_what_to_do(
    field: str, data: dict[str, str], sentence: str
) -> None:
    form = EveryKind(MultiValueDict({key: [value] for key, value in data.items()}), MultiValueDict())
    assert sentence in [error["text"] for error in form_errors(form)]
    assert sentence in Tags(form[field].as_field_group()).text


def test_a_question_and_a_statement_are_quoted() -> None:
    class Questions(forms.Form):
        why = forms.CharField(label="Why does it not apply?")
        lead = forms.ChoiceField(
            label="There is a named lead for safeguarding", choices=SCORES, widget=forms.RadioSelect
        )
        urn = forms.CharField(label="URN")
        own = forms.CharField(label="Your role")

    assert [error["text"] for error in form_errors(Questions({}))] == [
        "Enter an answer to ‘Why does it not apply?’",
        "Select an answer to ‘There is a named lead for safeguarding’",
        "Enter the URN",
        "Enter your role",
    ]


def test_a_question_does_not_begin_a_sentence() -> None:
    class Question(forms.Form):
        why = forms.CharField(label="Why?", max_length=3)

    assert [error["text"] for error in form_errors(Question({"why": "Four"}))] == [
        "Your answer to ‘Why?’ must be 3 characters or fewer; this has 4"
    ]


def test_an_empty_file_and_own_messages() -> None:
    class Own(forms.Form):
        file = forms.FileField()
        name = forms.CharField(error_messages={"required": "Who are you?"})

    form = Own({}, MultiValueDict({"file": [SimpleUploadedFile("a.pdf", b"")]}))
    assert [error["text"] for error in form_errors(form)] == [
        "The file is empty: choose another",
        "Who are you?",
    ]


def test_the_summary_leads_to_each_field_in_the_order_of_the_page(refused: str) -> None:
    tags = Tags(refused)
    targets = [
        str(attrs["href"]).removeprefix("#") for attrs in tags.named("a") if attrs.get("href", "#") != "#"
    ]
    assert (
        len(targets) == sum(field.required for field in EveryKind.base_fields.values()) - 1
    )  # the hidden one
    places = [tags.ids.index(target) for target in targets]
    assert places == sorted(places)
    assert "Token: Enter the token" in tags.text


def test_the_summary_takes_several_forms_and_formsets_and_is_silent_when_all_is_well() -> None:
    class Name(forms.Form):
        name = forms.CharField()

        def clean(self) -> None:
            self.add_error(None, "Nothing fits")

    management = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2"}
    formset = forms.formset_factory(Name)(management)
    assert [error.get("href") for error in form_errors(Name({}, prefix="a"), formset)] == [
        None, "#id_a-name", None, "#id_form-0-name", None, "#id_form-1-name",
    ]  # fmt: skip
    source = '{% from "components/error_summary.html" import error_summary %}{{ error_summary(form) }}'
    assert render(source, form=Name()).strip() == ""


def test_each_of_several_errors_has_its_line_and_is_announced_alike() -> None:
    class Twice(forms.Form):
        name = forms.CharField()
        moment = forms.SplitDateTimeField(required=False)

        def clean(self) -> None:
            for field in self.fields:
                self.add_error(field, ["One is too long", "Another is <b>wrong</b>"])

    form, said = Twice({"name": "x"}), ["One is too long", "Another is <b>wrong</b>"]
    assert [error["text"] for error in form_errors(form)] == said * 2
    for field in ("name", "moment"):
        group = str(form[field].as_field_group())
        (error,) = re.findall(rf'<p[^>]*id="id_{field}-error".*?</p>', group, re.DOTALL)
        assert [Tags(line).text for line in error.split("<br>")] == [f"Error: {one}" for one in said]
    assert "id_name-error" in str(
        Tags(str(form["name"].as_field_group())).with_id("id_name")["aria-describedby"]
    )
    with speaking("cy"):
        assert Tags(str(form["name"].as_field_group())).words.count("Gwall:") == 2


def test_only_the_wrong_part_of_a_date_is_marked() -> None:
    tags = Tags(
        str(
            EveryKind({"closes_day": "1", "closes_month": "13", "closes_year": "2027"})[
                "closes"
            ].as_field_group()
        )
    )
    marked = [
        name
        for name in ("day", "month", "year")
        if "input--error" in str(tags.with_id(f"id_closes_{name}")["class"])
    ]
    assert marked == ["month"]


@pytest.mark.parametrize(("month", "number"), [("3", 3), ("03", 3), ("Mar", 3), ("MARCH", 3), ("sept", 9)])
def test_a_month_may_be_a_word(month: str, number: int) -> None:
    class Closes(forms.Form):
        closes = DatePartsField(required=False)

    form = Closes(
        {"closes_day": "4", "closes_month": month, "closes_year": "2027"},
        initial={"closes": dt.date(2027, number, 4)},
    )
    assert form.is_valid()
    assert form.cleaned_data["closes"] == dt.date(2027, number, 4)
    assert not form.has_changed()
    assert Closes({}).is_valid()
    assert (
        Tags(str(Closes(initial={"closes": dt.date(2027, 3, 4)}))).with_id("id_closes_month")["value"] == "3"
    )


def test_no_words_break_out_of_a_field() -> None:
    class Hostile(forms.Form):
        text = forms.CharField(label=HOSTILE, help_text=HOSTILE)
        score = forms.ChoiceField(
            label=HOSTILE, choices=[(HOSTILE, HOSTILE)], widget=forms.RadioSelect, help_text=HOSTILE
        )
        kind = forms.ChoiceField(label=HOSTILE, choices=[(HOSTILE, HOSTILE)])
        agree = forms.BooleanField(label=HOSTILE, help_text=HOSTILE)
        closes = DatePartsField(label=HOSTILE)
        long = forms.CharField(label=HOSTILE, widget=forms.Textarea(attrs={"data-x": HOSTILE}))
        moment = forms.SplitDateTimeField(label=HOSTILE, help_text=HOSTILE)
        looks = {"score": Look(item_hints={HOSTILE: HOSTILE}), "text": Look(prefix=HOSTILE, suffix=HOSTILE)}

    data: dict[str, Any] = dict.fromkeys(["text", "score", "kind", "closes_day", "long", "moment_0"], HOSTILE)
    source = (
        '{% from "components/error_summary.html" import error_summary %}{{ error_summary(form) }}{{ form }}'
    )
    for form in (Hostile(), Hostile(data), Hostile({})):
        assert "script" not in [tag for tag, _ in Tags(render(source, form=form)).all]


def test_help_that_a_developer_marked_safe_stays_markup() -> None:
    class Rules(forms.Form):
        password = forms.CharField(help_text=mark_safe("<ul><li>12 characters</li></ul>"))

    assert Tags(str(Rules())).named("li")


def test_a_file_that_is_there_is_named_and_can_be_removed() -> None:
    class Stored:
        url = "/files/policy.pdf"

        def __str__(self) -> str:
            return "policy.pdf"

    class Upload(forms.Form):
        logo = forms.FileField(required=False)

    shown = Tags(str(Upload(initial={"logo": Stored()})))
    assert shown.named("a")[0]["href"] == "/files/policy.pdf"
    assert shown.with_id("logo-clear_id")["name"] == "logo-clear"
