"""Django's forms drawn with the design system: the renderer, and what a form may say about how its fields look.

    class AnswerForm(forms.Form):
        score = forms.ChoiceField(widget=forms.RadioSelect, …)
        reason = forms.CharField(required=False)
        looks = {"score": Look(item_hints={"0": "…"}, reveals={"NA": "reason"}), "reason": Look(label_size="s")}
        marks_optional = False

In a template `{{ form }}` draws every field, `{{ form.score.as_field_group() }}` one. No `required`, `maxlength` or
`placeholder` attribute reaches the page: a browser's own message or a silent cut would stand in for ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.forms.renderers import BaseRenderer, DjangoTemplates
from django.template import engines
from django.template.exceptions import TemplateDoesNotExist


@dataclass(frozen=True)
class Look:
    """How one field is drawn, where its widget alone does not say it."""

    label_size: Literal["", "s", "m", "l", "xl"] = ""
    is_heading: bool = False  # the label is the page's h1: leave the page's own heading block empty
    is_label_hidden: bool = False  # read out, not shown: for a lone search box
    width: Literal[0, 2, 3, 4, 5, 10, 20, 30] = 0  # characters that an answer has
    prefix: str = ""
    suffix: str = ""
    is_inline: bool = False  # two short radios side by side
    is_small: bool = False  # dense lists: small radios and checkboxes
    item_hints: Mapping[str, str] = field(default_factory=dict)  # a choice's value: what it means
    reveals: Mapping[str, str] = field(
        default_factory=dict
    )  # a choice's value: the form's field shown under it
    divider_before: str = ""  # the value that stands apart, after an ‘or’
    words: int = 0  # a guide for the length of a text, not a limit
    rows: int = 0


class GovUKRenderer(BaseRenderer):
    """FORM_RENDERER: our templates for forms and fields, Django's own for widgets (hidden ones, and the admin's)."""

    form_template_name = "govuk/form.html"
    formset_template_name = "govuk/formset.html"
    field_template_name = "govuk/field.html"

    def __init__(self) -> None:
        self.widgets = DjangoTemplates()

    def get_template(self, template_name: str) -> Any:
        # `django/…` are Django's widgets. Asked of our engine, the overrides in templates/django would answer.
        if not template_name.startswith("django/"):
            try:
                return engines["jinja2"].get_template(template_name)
            except TemplateDoesNotExist:
                pass
        return self.widgets.get_template(template_name)
