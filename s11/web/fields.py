"""From a bound field to the parameters of the macro that draws it, and from forms to the error summary.

Pure: reads the form and its errors, nothing else. The templates in templates/govuk/ call these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils.safestring import SafeString, mark_safe

from s11.web.date_fields import PARTS, DateInputs, wrong_parts
from s11.web.field_errors import error_message, error_texts, label_of
from s11.web.forms import Look
from s11.web.languages import ENGLISH, get_language, say

Params = dict[str, Any]

# Attributes that the macros set themselves, or that the page must not have (see s11.web.forms).
DROPPED = {
    "class",
    "id",
    "rows",
    "cols",
    "required",
    "maxlength",
    "minlength",
    "min",
    "max",
    "step",
    "placeholder",
    "autofocus",
}
DROPPED |= {"autocomplete", "inputmode", "spellcheck", "aria-describedby", "aria-invalid", "disabled", "type"}
DROPPED |= {"multiple"}

KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (DateInputs, "date"),
    (forms.MultiWidget, "raw"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.SelectMultiple, "checkboxes"),  # a list box is hard to use; the names it posts are the same
    (forms.RadioSelect, "radios"),
    (forms.Select, "select"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Textarea, "textarea"),
    (forms.PasswordInput, "password"),
    (forms.FileInput, "file"),
    (forms.widgets.Input, "input"),
)


def kind_of(bound: forms.BoundField) -> str:
    widget = bound.field.widget
    if bound.is_hidden:
        return "hidden"
    return next((kind for widget_class, kind in KINDS if isinstance(widget, widget_class)), "raw")


def look_of(bound: forms.BoundField) -> Look:
    looks: dict[str, Look] = getattr(bound.form, "looks", {})
    return looks.get(bound.name) or Look()


def field_params(bound: forms.BoundField) -> tuple[str, Params]:
    """The macro's name and its parameters."""
    kind = kind_of(bound)
    look = look_of(bound)
    params = shared_params(bound, look)
    match kind:
        case "radios" | "checkboxes":
            params |= {
                "idPrefix": bound.auto_id,
                "fieldset": fieldset(bound, look),
                "items": choice_items(bound, look),
                "attributes": {},
            }
            params["classes"] = " ".join(
                name
                for name, is_on in (
                    (f"govuk-{kind}--inline", look.is_inline),
                    (f"govuk-{kind}--small", look.is_small),
                )
                if is_on
            )
        case "checkbox":
            params |= single_checkbox(bound, look)
        case "select":
            params["items"] = select_items(bound)
        case "date":
            params |= {"fieldset": fieldset(bound, look), "items": date_items(bound)}
        case "textarea":
            return text_area(bound, look, params)
        case "file":
            params |= file_params(bound)
        case "input" | "password":
            params |= input_params(bound, look)
        case _:
            params["html"] = bound.as_widget()
    return kind, params


def select_items(bound: forms.BoundField) -> list[Params]:
    return [
        {
            "value": option["value"],
            "text": say("Choose…") if option["label"] == "---------" else option["label"],
            "selected": option["selected"],
        }
        for option in options_of(bound)
    ]


def shared_params(bound: forms.BoundField, look: Look) -> Params:
    attrs = bound.field.widget.attrs
    params: Params = {
        "id": bound.auto_id,
        "name": bound.html_name,
        "label": {
            "text": label_text(bound),
            "classes": label_classes("govuk-label", look),
            "isPageHeading": look.is_heading,
        },
        "classes": str(attrs.get("class", "")),
        "disabled": bound.field.disabled,
        "attributes": {
            name: attribute(value)
            for name, value in attrs.items()
            if name not in DROPPED and value not in (None, False)
        },
        "formGroup": {},
    }
    if described_by := attrs.get("aria-describedby"):
        params["describedBy"] = described_by
    if bound.help_text:
        params["hint"] = text_or_html(bound.help_text)
    if errors := error_texts(bound):
        params["errorMessage"] = error_message(errors)
    return params


def attribute(value: Any) -> Any:
    return {"value": True, "optional": True} if value is True else str(value)


def text_or_html(value: Any) -> Params:
    """Help that a developer marked safe (the password rules' list) is HTML; anything else is text and is escaped."""
    text = str(value)
    return {"html": text} if hasattr(text, "__html__") else {"text": text}


def label_text(bound: forms.BoundField) -> str:
    label = label_of(bound)
    is_marked = getattr(bound.form, "marks_optional", True) and not bound.field.required
    return (
        say("{label} (optional)", label=label)
        if is_marked and kind_of(bound) != "checkbox" and "optional" not in label.lower()
        else label
    )


def label_classes(base: str, look: Look) -> str:
    if look.is_label_hidden:
        return "govuk-visually-hidden"
    return f"{base}--{look.label_size}" if look.label_size else ""


def fieldset(bound: forms.BoundField, look: Look) -> Params:
    legend = {
        "text": label_text(bound),
        "classes": label_classes("govuk-fieldset__legend", look),
        "isPageHeading": look.is_heading,
    }
    described_by = bound.field.widget.attrs.get("aria-describedby")
    return {"legend": legend} | ({"describedBy": described_by} if described_by else {})


def options_of(bound: forms.BoundField) -> Iterator[Params]:
    """Each choice once, groups opened up: the macros know no groups."""
    widget = bound.field.widget
    assert isinstance(widget, forms.widgets.ChoiceWidget)
    for _, options, _ in widget.optgroups(bound.html_name, widget.format_value(bound.value())):
        for option in options:
            yield option | {"value": str(option["value"]), "label": str(option["label"])}


def choice_items(bound: forms.BoundField, look: Look) -> list[Params]:
    items: list[Params] = []
    for option in options_of(bound):
        value, is_blank = option["value"], option["value"] == "" and option["label"] == "---------"
        if is_blank:
            continue
        if look.divider_before and value == look.divider_before:
            items.append({"divider": say("or")})
        item: Params = {
            "value": value,
            "text": option["label"],
            "checked": option["selected"],
            "disabled": bound.field.disabled,
        }
        item["attributes"] = shared_attributes(bound)
        # Ids count the choices only: the macro would count the divider too, and a test or a link would miss.
        number = sum("value" in earlier for earlier in items)
        item["id"] = bound.auto_id if number == 0 else f"{bound.auto_id}-{number + 1}"
        if hint := look.item_hints.get(value):
            item["hint"] = text_or_html(hint)
        if shown := look.reveals.get(value):
            item["conditional"] = {"html": bound.form[shown].as_field_group()}
        items.append(item)
    return items


def shared_attributes(bound: forms.BoundField) -> Params:
    """Attributes that belong on each radio, not on the group: those of htmx and of our own scripts."""
    attrs = bound.field.widget.attrs
    return {
        name: attribute(value)
        for name, value in attrs.items()
        if name.startswith(("hx-", "data-")) and value not in (None, False)
    }


def single_checkbox(bound: forms.BoundField, look: Look) -> Params:
    widget = bound.field.widget
    assert isinstance(widget, forms.CheckboxInput)
    item: Params = {
        "value": "on",
        "text": label_text(bound),
        "checked": widget.check_test(bound.value()),
        "id": bound.auto_id,
    }
    item |= {"disabled": bound.field.disabled, "attributes": shared_attributes(bound)}
    params: Params = {
        "idPrefix": bound.auto_id,
        "attributes": {},
        "classes": "govuk-checkboxes--small" if look.is_small else "",
    }
    if bound.help_text:
        # The hint belongs to the item: above a lone box, the person would read it before knowing what it is about.
        item["hint"] = text_or_html(bound.help_text)
        params["hint"] = None
    if shown := look.reveals.get("on"):
        item["conditional"] = {"html": bound.form[shown].as_field_group()}
    return params | {"items": [item]}


def date_items(bound: forms.BoundField) -> list[Params]:
    value = bound.value()
    widget = bound.field.widget
    assert isinstance(widget, DateInputs)
    values = value if isinstance(value, list) else widget.decompress(value)
    wrong = wrong_parts(bound)
    items = []
    for part, entered in zip(PARTS, values, strict=True):
        width = f"govuk-input--width-{4 if part == 'year' else 2}"
        item: Params = {
            "name": f"{bound.html_name}_{part}",
            "label": say(part.capitalize()),
            "id": f"{bound.auto_id}_{part}",
        }
        item |= {"classes": f"{width} govuk-input--error" if part in wrong else width, "value": str(entered)}
        # A month may be typed as a word, so its keyboard has letters.
        item |= {"inputmode": "text" if part == "month" else "numeric"}
        items.append(item)
    return items


def text_area(bound: forms.BoundField, look: Look, params: Params) -> tuple[str, Params]:
    value = str(bound.value() or "")
    # A browser swallows the first line break of a text area; one more keeps what was typed.
    params["value"] = f"\n{value}" if value.startswith(("\n", "\r\n")) else value
    params["rows"] = look.rows or 5  # Django's own default of ten is not asked: nobody chose it
    if autocomplete := bound.field.widget.attrs.get("autocomplete"):
        params["attributes"]["autocomplete"] = autocomplete
    limit = getattr(bound.field, "max_length", None)
    if look.words:
        params |= {
            "maxwords": look.words,
            "textareaDescriptionText": say("Up to %{count} words is enough"),
            "wordsUnderLimitText": {
                "one": say("%{count} word left of the guide"),
                "other": say("%{count} words left of the guide"),
            },
            "wordsAtLimitText": say("0 words left of the guide"),
            "wordsOverLimitText": {
                "one": say("%{count} word over the guide"),
                "other": say("%{count} words over the guide"),
            },
        }
    elif limit:
        params |= {"maxlength": limit, "threshold": 75 if limit > 500 else 0}
    else:
        return "textarea", params
    return "character_count", params


def file_params(bound: forms.BoundField) -> Params:
    is_multiple = bool(bound.field.widget.attrs.get("multiple"))
    # Where several are chosen, they may be dropped on the field too.
    params: Params = {"multiple": is_multiple, "javascript": is_multiple}
    if is_multiple:
        params |= {
            "chooseFilesButtonText": say("Choose files"),
            "noFileChosenText": say("No files chosen"),
            "dropInstructionText": say("or drop them here"),
        }
    widget = bound.field.widget
    if isinstance(widget, forms.ClearableFileInput) and widget.is_initial(bound.initial):
        params["current"] = {"text": str(bound.initial), "href": bound.initial.url}
        if not bound.field.required:
            name = widget.clear_checkbox_name(bound.html_name)
            params["remove"] = {"name": name, "id": widget.clear_checkbox_id(name)}
    return params


def password_words() -> Params:
    """What the design system’s button beside a password says; in English it says so by itself."""
    return {
        "showPasswordText": say("Show"),
        "hidePasswordText": say("Hide"),
        "showPasswordAriaLabelText": say("Show password"),
        "hidePasswordAriaLabelText": say("Hide password"),
        "passwordShownAnnouncementText": say("Your password is visible"),
        "passwordHiddenAnnouncementText": say("Your password is hidden"),
    }


def input_params(bound: forms.BoundField, look: Look) -> Params:
    widget = bound.field.widget
    assert isinstance(widget, forms.widgets.Input)
    value = None if isinstance(widget, forms.PasswordInput) else widget.format_value(bound.value())
    params: Params = {
        "type": widget.input_type,
        "value": value,
        "autocomplete": widget.attrs.get("autocomplete"),
    }
    params |= {"inputmode": widget.attrs.get("inputmode"), "spellcheck": None}
    if widget.input_type == "number":
        # A number box changes under the mouse wheel and drops what it cannot read.
        is_whole = isinstance(bound.field, forms.IntegerField) and not isinstance(
            bound.field, forms.DecimalField | forms.FloatField
        )
        params |= {"type": "text", "inputmode": "numeric" if is_whole else "decimal", "spellcheck": False}
    if widget.input_type == "email":
        params["spellcheck"] = False
    if isinstance(widget, forms.PasswordInput) and get_language() is not ENGLISH:
        params |= password_words()
    if look.width:
        params["classes"] = f"{widget.attrs.get('class', '')} govuk-input--width-{look.width}".strip()
    if look.prefix:
        params["prefix"] = {"text": look.prefix}
    if look.suffix:
        params["suffix"] = {"text": look.suffix}
    return params


def quiet_reveals(drawn: str) -> SafeString:
    """Takes from radios and boxes what makes the design system's script put `aria-expanded` on them.

    ARIA does not allow it there. The styles show a revealed field instead, with scripts and without.
    """
    return mark_safe(re.sub(r' data-aria-controls="[^"]*"', "", drawn))  # noqa: S308 (a macro's own output)


def revealed_fields(form: forms.BaseForm) -> set[str]:
    """Names of the fields that another field's choice shows: they are drawn there and nowhere else."""
    looks: dict[str, Look] = getattr(form, "looks", {})
    return {name for look in looks.values() for name in look.reveals.values()}


def first_input_id(bound: forms.BoundField) -> str:
    """The input that the error summary leads to."""
    if isinstance(bound.field.widget, DateInputs):
        return f"{bound.auto_id}_{(wrong_parts(bound) or PARTS)[0]}"
    return bound.id_for_label if kind_of(bound) == "raw" else bound.auto_id


def form_errors(*forms_or_sets: forms.BaseForm | BaseFormSet[Any]) -> list[Params]:
    """What the error summary lists, in the order of the page; forms and formsets alike."""
    listed: list[Params] = []
    for each in forms_or_sets:
        if isinstance(each, BaseFormSet):
            listed += [{"text": str(error)} for error in each.non_form_errors()]
            listed += form_errors(*each.forms)
            continue
        listed += [{"text": str(error)} for error in each.non_field_errors()]
        for bound in (each[name] for name in each.fields):
            if bound.is_hidden:
                listed += [{"text": f"{label_of(bound)}: {text}"} for text in error_texts(bound)]
            else:
                listed += [{"text": text, "href": f"#{first_input_id(bound)}"} for text in error_texts(bound)]
    return listed
