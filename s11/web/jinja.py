"""The Jinja2 environment of every page, e-mail and document: which names and filters a template may use.

A global here never reads the database: a page's data comes from its view.
"""

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
)

from s11.web import charts, dates, fields, languages, pagination, spoken, statuses, text, timelines

GOVUK = "govuk_frontend_jinja"
IN_ENGLISH = ("emails/", "documents/")


def url(name: str, **kwargs: Any) -> str:
    return reverse(name, kwargs=kwargs)


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """After how many minutes without activity somebody is signed out, and after how many hours altogether."""

    minutes: int
    hours: int


def session_limits() -> SessionLimits:
    return SessionLimits(settings.SESSION_IDLE_MINUTES, settings.SESSION_MOST_HOURS)


def keep_lines(value: str, *_: Any, **__: Any) -> str:
    """In place of `indent`, which would add two spaces to every line of a text area inside a fieldset, at each save."""
    return value


class SpeakingTemplate(Template):
    """A page speaks the person’s language. What is sent or laid out on paper is read by others too, and is English."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        if not (self.name or "").startswith(IN_ENGLISH) or languages.get_language() is languages.ENGLISH:
            return super().render(*args, **kwargs)
        with languages.in_english():
            return super().render(*args, **kwargs)


class OwnEnvironment(Environment):
    """One whose templates have all their names in a plain dictionary; so its globals are set before any is loaded.

    Jinja compares the names of two templates each time that one imports the other, two hundred times for a page of
    forms. Over its usual chain of mappings Python does that name by name, which was a fifth of the time of such a page.
    """

    template_class = SpeakingTemplate

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


class GovUKLoader(BaseLoader):
    """Templates of the design system, compiled in an environment of their own.

    They test names that may not exist, which our own templates must not do: there a misspelt name is an error.
    """

    def __init__(self) -> None:
        self.environment = OwnEnvironment(
            loader=PrefixLoader({GOVUK: PackageLoader(GOVUK)}),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.filters["indent"] = keep_lines
        # The same names as in ours: what lacks one would be run anew at each import.
        self.environment.globals.update(GLOBALS)

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 (the base class's name)
    ) -> Template:
        return self.environment.get_template(name)


FILTERS: dict[str, Callable[..., Any]] = {
    "date": spoken.date,
    "time": dates.time,
    "datetime": spoken.datetime,
    "markdown": text.markdown,
    "paragraphs": text.paragraphs,
    "plural": spoken.plural,
    "bank": languages.show_bank,
    "bank_paragraphs": spoken.bank_paragraphs,
    "chosen": spoken.chosen,
    "plain": languages.show_plain,
    "keep_whole": text.keep_whole,
    "whole_years": text.whole_years,
    "file_size": text.file_size,
    "quiet_reveals": fields.quiet_reveals,
}

GLOBALS: dict[str, Any] = {
    "url": url,
    "_": languages.show,
    "_n": languages.show_count,
    "get_language": languages.get_language,
    "other_languages": languages.list_others,
    "pause_language": languages.pause,
    "resume_language": languages.resume,
    "status_words": spoken.status,
    "session_limits": session_limits,
    "static": static,
    "field_params": fields.field_params,
    "form_errors": fields.form_errors,
    "revealed_fields": fields.revealed_fields,
    "status_classes": statuses.status_classes,
    "page_links": pagination.page_links,
    "score_steps": charts.score_steps,
    "parted_bars": charts.parted_bars,
    "mean_bars": charts.mean_bars,
    "return_timeline": timelines.return_timeline,
    "forecast_lines": timelines.forecast_lines,
    "agreement_grid": charts.agreement_grid,
}


def environment(**options: Any) -> Environment:
    """Called by Django's backend with its options; strict in production too, so that what was tested is what runs."""
    options["undefined"] = StrictUndefined
    # A plain e-mail is no HTML: escaping would write &amp; into it.
    options["autoescape"] = lambda name: not (name or "").endswith(".txt")
    # Jinja keeps 400 templates unless told, and there are more: those that come back are not compiled again.
    options.setdefault("cache_size", -1)
    own: BaseLoader = options.pop("loader")
    env = OwnEnvironment(
        **options, loader=ChoiceLoader([own, GovUKLoader()]), trim_blocks=True, lstrip_blocks=True
    )
    env.filters.update(FILTERS)
    env.globals.update(GLOBALS)
    return env
