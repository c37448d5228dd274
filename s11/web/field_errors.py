"""What is wrong with a field, in a sentence that says what to do.

Django's stock messages (‘This field is required.’) name no field, and the summary on top of a page shows them out of
their place. They are put into our words here; a message that a form or a model wrote itself is shown as it is.
"""

from collections.abc import Callable
from typing import Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.html import format_html, format_html_join

from s11.web.date_fields import DateInputs
from s11.web.languages import ENGLISH, get_language, in_english, say
from s11.web.spoken import plural

OWN_ARTICLE = {
    "a",
    "an",
    "the",
    "your",
    "our",
    "their",
    "this",
    "who",
    "why",
    "what",
    "how",
    "which",
    "when",
    "where",
    "if",
    "any",
    "each",
}

# Beyond this many words a label is a statement, and no name that fits into a sentence.
LONGEST_NAME = 5

# Labels of allauth's forms. It has no Welsh, and Django's spells some words otherwise than the rest of our pages.
STOCK_LABELS: Final = (
    "Email",
    "Password",
    "Current Password",
    "New Password",
    "New Password (again)",
    "Password (again)",
)


def label_of(bound: forms.BoundField) -> str:
    """As it stands beside the field."""
    if get_language() is ENGLISH:
        return str(bound.label)
    with in_english():
        english = str(bound.label)
    return say(english) if english in STOCK_LABELS else str(bound.label)


def field_name(bound: forms.BoundField) -> str:
    """The label as it reads inside a sentence: ‘Closing date’ is ‘the closing date’, ‘URN’ stays ‘the URN’."""
    label = label_of(bound).strip()
    if get_language() is not ENGLISH:
        # Articles and small letters are English grammar.
        return f"‘{label}’"
    if label.lower() in {"email", "e-mail"}:
        return "the e-mail address"
    is_acronym = label[1:2].isupper() or label[1:2].isdigit()
    name = label if is_acronym else label[:1].lower() + label[1:]
    return name if name.split(" ")[0].lower() in OWN_ARTICLE else f"the {name}"


def start(bound: forms.BoundField) -> str:
    return label_of(bound).strip()


def subject(bound: forms.BoundField) -> str:
    """To begin a sentence with: a question is none."""
    label = start(bound)
    return say("Your answer to ‘{label}’", label=label) if label.endswith("?") else label


def is_chosen(bound: forms.BoundField) -> bool:
    return isinstance(bound.field.widget, forms.FileInput | forms.widgets.ChoiceWidget) and not isinstance(
        bound.field.widget, DateInputs
    )


def required(bound: forms.BoundField, _: ValidationError) -> str:
    label = start(bound)
    if isinstance(bound.field.widget, forms.CheckboxInput):
        return say("Tick ‘{label}’ to go on", label=label)
    is_long = label.endswith("?") or len(label.split()) > LONGEST_NAME
    if is_chosen(bound):
        if is_long:
            return say("Select an answer to ‘{label}’", label=label)
        return say("Select {field}", field=field_name(bound))
    if is_long:
        return say("Enter an answer to ‘{label}’", label=label)
    return say("Enter {field}", field=field_name(bound))


def invalid_choice(bound: forms.BoundField, _: ValidationError) -> str:
    return say("Select one of the choices for ‘{label}’", label=start(bound))


def limit_of(error: ValidationError) -> object:
    return (error.params or {}).get("limit_value")


def too_long(bound: forms.BoundField, error: ValidationError) -> str:
    value = (error.params or {}).get("show_value")
    return say(
        "{field} must be {most} characters or fewer; this has {n}",
        field=subject(bound),
        most=limit_of(error),
        n=value,
    )


def too_short(bound: forms.BoundField, error: ValidationError) -> str:
    limit = limit_of(error)
    least = plural(limit, "character") if isinstance(limit, int) else limit
    return say("{field} must have at least {least}", field=subject(bound), least=least)


BY_MESSAGE: dict[str, Callable[[forms.BoundField, ValidationError], str]] = {
    str(forms.Field.default_error_messages["required"]): required,
    str(forms.ModelMultipleChoiceField.default_error_messages["invalid_choice"]): invalid_choice,
    str(forms.ModelChoiceField.default_error_messages["invalid_choice"]): invalid_choice,
    str(forms.ChoiceField.default_error_messages["invalid_choice"]): invalid_choice,
    str(EmailValidator.message): lambda *_: say(
        "Enter an e-mail address in the right format, like name@example.org"
    ),
    str(forms.IntegerField.default_error_messages["invalid"]): lambda bound, _: say(
        "{field} must be a whole number", field=subject(bound)
    ),
    str(forms.DecimalField.default_error_messages["invalid"]): lambda bound, _: say(
        "{field} must be a number", field=subject(bound)
    ),
    str(forms.TimeField.default_error_messages["invalid"]): lambda bound, _: say(
        "{field} must be a time, like 14:30", field=subject(bound)
    ),
    str(forms.URLField.default_error_messages["invalid"]): lambda bound, _: say(
        "{field} must be a link that starts with https://", field=subject(bound)
    ),
    str(forms.FileField.default_error_messages["empty"]): lambda *_: say("The file is empty: choose another"),
}

# The validators' messages have counts in them, so these are told by their code and by the parameters they carry.
BY_CODE: dict[str, Callable[[forms.BoundField, ValidationError], str]] = {
    "max_length": too_long,
    "min_length": too_short,
    "max_value": lambda bound, error: say(
        "{field} must be {most} or less", field=subject(bound), most=limit_of(error)
    ),
    "min_value": lambda bound, error: say(
        "{field} must be {least} or more", field=subject(bound), least=limit_of(error)
    ),
}


def error_text(bound: forms.BoundField, error: ValidationError) -> str:
    if error.code in BY_CODE and {"limit_value", "show_value"} <= set(error.params or {}):
        return BY_CODE[error.code](bound, error)
    with in_english():
        stock = str(error.message)
    if sentence := BY_MESSAGE.get(stock):
        return sentence(bound, error)
    return " ".join(str(message) for message in error.messages)


def error_texts(bound: forms.BoundField) -> list[str]:
    return [error_text(bound, error) for error in bound.errors.as_data()]


def error_message(errors: list[str]) -> dict[str, str]:
    """One element, for that describes the field; each error on a line of its own, and read out as one."""
    begin = {"visuallyHiddenText": say("Error:").removesuffix(":")}
    if len(errors) == 1:
        return begin | {"text": errors[0]}
    line = format_html('<br><span class="govuk-visually-hidden">{}</span> ', say("Error:"))
    return begin | {"html": format_html_join(line, "{}", ((error,) for error in errors))}
