"""The template environment: strict with our templates, lenient with the design system's, and what it escapes."""

from __future__ import annotations

import pytest
from django.template import engines
from django.test import RequestFactory
from jinja2 import DictLoader, UndefinedError

from s11.web.jinja import environment
from tests.web.rendering import render

BUTTON = '{% from "govuk_frontend_jinja/components/button/macro.html" import govukButton %}{{ govukButton(params) }}'


@pytest.mark.parametrize(
    "source", ["{{ misspelt }}", "{% if misspelt %}x{% endif %}", "{{ known.misspelt }}"]
)
def test_a_misspelt_name_is_an_error(source: str) -> None:
    with pytest.raises(UndefinedError, match="misspelt"):
        render(source, known={})


def test_the_design_systems_macros_may_leave_parameters_out() -> None:
    assert "Save" in render(BUTTON, params={"text": "Save"})


def test_what_is_handed_to_a_macro_is_escaped() -> None:
    assert "<script>" not in render(BUTTON, params={"text": "<script>"})


def test_only_a_text_mail_is_not_escaped() -> None:
    loader = DictLoader({"mail.txt": "{{ name }}", "mail.html": "{{ name }}"})
    env = environment(loader=loader, autoescape=True)
    assert env.get_template("mail.txt").render(name="Hilltop & Sons") == "Hilltop & Sons"
    assert env.get_template("mail.html").render(name="Hilltop & Sons") == "Hilltop &amp; Sons"


def test_addresses_take_names() -> None:
    assert render("{{ url('account_login') }}") == "/accounts/login/"


def test_lines_of_a_text_area_stay_as_they_were_typed_inside_a_group() -> None:
    """The design system's macros indent what they nest: each save would push every line two spaces further in."""
    source = """{% from "govuk_frontend_jinja/components/fieldset/macro.html" import govukFieldset %}
    {{ govukFieldset({"html": html, "legend": {"text": "x"}}) | trim }}"""
    assert "one\ntwo\n  three" in render(source, html="<textarea>one\ntwo\n  three</textarea>")


def test_a_page_needs_no_query() -> None:
    """This test may not touch the database: a query would be an error."""
    page = engines["jinja2"].get_template("errors/404.html")
    assert "Page not found" in page.render({"typed": []}, request=RequestFactory().get("/nowhere/"))
