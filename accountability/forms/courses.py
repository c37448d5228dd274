"""Forms of the risk list and of courses: narrowing the list, and what a course is and answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accountability.agency_risk_facts import SECTOR_WORDS
from accountability.course_catalogue import Catalogue
from accountability.course_register import CourseInput
from accountability.forms.meeting import TextField, make_version_field
from accountability.models import Course, CourseSubject
from accountability.risk_list import RiskKind, Standing, Wanted
from s11.organisations.enums import Variant
from s11.web.forms import Look
from surveys.forms.filters import CycleFilterForm
from surveys.models import Cycle, Standard

NOTHING_ANSWERED = "Choose at least one standard or indicator that the course answers"


class RiskFilterForm(CycleFilterForm):
    """Which agencies of the risk list: by name, what they are, what is weak and how it was the year before."""

    search = forms.CharField(label="Name", max_length=200, required=False)
    variant = forms.ChoiceField(required=False)
    sector = forms.ChoiceField(choices=[("", "All"), *SECTOR_WORDS.items()], required=False)
    standard = forms.ChoiceField(required=False)
    reason = forms.ChoiceField(choices=[("", "All"), *RiskKind.choices], required=False)
    standing = forms.ChoiceField(
        label="The year before", choices=[("", "All"), *Standing.choices], required=False
    )
    marks_optional = False

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, cycle=cycle, **kwargs)
        rows = Standard.objects.filter(questionnaire__cycle_questionnaires__cycle=cycle).order_by(
            "questionnaire__variant", "position"
        )
        labels = dict(Variant.choices)
        field = self.fields["standard"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", "All"),
            *(
                (f"{variant}:{code}", f"{labels[variant]}: {code} {title}")
                for variant, code, title in rows.values_list("questionnaire__variant", "code", "title")
            ),
        ]

    @property
    def wanted(self) -> Wanted:
        return Wanted(**self.get_filters())


class CourseForm(forms.Form):
    """A course; what it answers is a field a variant for standards, and one a theme for single indicators."""

    name = forms.CharField(
        label="Name of the course", max_length=200, error_messages={"required": "Enter the course’s name"}
    )
    description = TextField("What it is", "Enter what it is", most=2_000)
    audience = forms.CharField(
        label="Who it is for",
        max_length=300,
        help_text="Such as ‘everybody who recruits staff or volunteers’.",
        error_messages={"required": "Enter who it is for"},
    )
    link = forms.URLField(
        label="Where to book it, if it has a page",
        max_length=1_000,
        assume_scheme="https",
        required=False,
        help_text="An address that agencies can open, such as https://www.example.org/courses",
    )
    version = make_version_field(required=False)
    marks_optional = False

    def __init__(self, *args: Any, catalogue: Catalogue, course: Course | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.looks = {"description": Look(rows=3)}
        subjects = list(course.subjects.all()) if course is not None else []
        self.standard_fields = {
            f"standards-{variant.value}": variant for variant in Variant if variant in catalogue.standards
        }
        for name, variant in self.standard_fields.items():
            held = [one.code for one in subjects if one.variant == variant]
            label = f"Standards: {variant.label}"
            self._add(name, label, catalogue.standards[variant], held)
        self.indicator_fields = [f"indicators-{number}" for number, _ in enumerate(catalogue.indicators)]
        self.themes = dict(zip(self.indicator_fields, catalogue.indicators, strict=True))
        keys = {one.key for one in subjects if one.key}
        for name, theme in self.themes.items():
            choices = catalogue.indicators[theme]
            held = [key for key, _ in choices if key in keys]
            self._add(name, f"Indicators: {theme}", choices, held)
        self.kept = [one for one in subjects if not self._is_offered(one, catalogue)]

    def _add(self, name: str, label: str, choices: Any, held: list[str]) -> None:
        self.looks[name] = Look(is_small=True, is_label_hidden=True)
        self.fields[name] = forms.MultipleChoiceField(
            label=label, choices=choices, initial=held, required=False, widget=forms.CheckboxSelectMultiple
        )

    @staticmethod
    def _is_offered(subject: CourseSubject, catalogue: Catalogue) -> bool:
        """What no bank asks any more stays with the course: it cannot be seen here, so it cannot be taken off."""
        if subject.key:
            return any(subject.key in dict(choices) for choices in catalogue.indicators.values())
        return subject.code in dict(catalogue.standards.get(Variant(subject.variant), []))

    @property
    def by_theme(self) -> list[tuple[str, forms.BoundField, int]]:
        """Each theme with its field, and how many of its indicators are chosen."""
        fields = [(theme, self[name]) for name, theme in self.themes.items()]
        return [(theme, field, len(field.value() or ())) for theme, field in fields]

    @property
    def by_variant(self) -> list[tuple[str, forms.BoundField, int]]:
        """Likewise each variant’s standards."""
        fields = [(variant.label, self[name]) for name, variant in self.standard_fields.items()]
        return [(label, field, len(field.value() or ())) for label, field in fields]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        chosen = [cleaned.get(name) for name in (*self.standard_fields, *self.indicator_fields)]
        if not any(chosen) and not self.kept and not self.errors:
            raise ValidationError(NOTHING_ANSWERED)
        return cleaned

    @property
    def entered(self) -> CourseInput:
        data = self.cleaned_data
        standards = [
            (variant.value, code) for name, variant in self.standard_fields.items() for code in data[name]
        ]
        keys = [key for name in self.indicator_fields for key in data[name]]
        return CourseInput(
            name=data["name"],
            description=data["description"],
            audience=data["audience"],
            link=data["link"],
            standards=[*standards, *((one.variant, one.code) for one in self.kept if not one.key)],
            keys=[*keys, *(one.key for one in self.kept if one.key)],
        )
