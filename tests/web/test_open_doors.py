"""What a form may set and where a page may lead: no more than what it shows, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.contrib import admin
from django.forms import ModelForm
from django.test import Client, RequestFactory
from django.urls import get_resolver

from s11.organisations.second_factor_gate import AFTERWARDS, find_page
from s11.organisations.views.second_factors import get_afterwards

ELSEWHERE = (
    "//evil.example/",
    "https://evil.example/",
    "/\\evil.example/",
    "javascript:alert(1)",
    "http:///evil.example",
)


def list_model_forms(cls: Any = ModelForm) -> Iterator[type[ModelForm[Any]]]:
    for form in cls.__subclasses__():
        yield from list_model_forms(form)
        if form.__module__.split(".")[0] in {"s11", "surveys", "accountability"}:
            yield form


def test_a_form_writes_the_fields_that_it_names() -> None:
    """What a request holds beside them, such as a role or whose a row is, is not read."""
    # All forms are there once the addresses are.
    assert get_resolver().url_patterns
    forms = {form for form in list_model_forms() if not form.__module__.endswith("admin")}
    assert {form.__name__ for form in forms} >= {"ExtensionForm", "ObligationForm"}
    for form in forms:
        assert form._meta.exclude is None, form
        assert isinstance(form._meta.fields, tuple), form
    held = re.compile(
        r"^(is_staff|is_superuser|is_current|user|partnership|organisation|owner|role|status|by|slug|.*_by|.*_at|.*nonce|.*hash|password)$"
    )
    assert [form for form in forms if any(held.match(name) for name in form.base_fields)] == []


def test_no_page_takes_a_whole_request_for_its_columns() -> None:
    found = [
        path
        for folder in ("s11", "surveys", "accountability")
        for path in (settings.BASE_DIR / folder).rglob("*.py")
        if re.search(
            r"\*\*request\.|\*\*\w*\.(POST|GET)\b|\"__all__\"|modelform_factory",
            path.read_text(encoding="utf-8"),
        )
    ]
    assert found == []


@pytest.mark.parametrize("address", ELSEWHERE)
def test_no_page_leads_to_another_site(client: Client, db: None, address: str) -> None:
    """Also not by the page that one says one came from."""
    request = RequestFactory().post("/x/", headers={"referer": f"http://testserver{address}"})
    request.session = {AFTERWARDS: address}  # type: ignore[assignment]  # as good as a session here
    assert "evil" not in get_afterwards(request)
    for page in ("/accounts/login/", "/accounts/logout/", "/accounts/password/change/", "/accounts/2fa/"):
        for response in (client.get(page, {"next": address}), client.post(page, {"next": address})):
            assert not response.headers.get("Location", "").startswith(address), page
    for path in ("//evil.example/", "//evil.example", "/\\evil.example/"):
        assert not client.get(path).headers.get("Location", "").startswith(("//", "/\\", "http"))


def test_the_page_before_counts_only_where_it_is_ours() -> None:
    for referer in ("https://evil.example/home/", "http://testserver.evil.example/x/"):
        request = RequestFactory().post("/x/", headers={"referer": referer})
        assert find_page(request) == "/home/"


def test_the_admin_site_shows_no_secret() -> None:
    """Halves of keys and hashes of tokens are excluded there one by one: a new one must be too."""
    secret = re.compile(r"nonce|token|hash$|secret|password")
    shown = [
        f"{model.__name__}.{field.name}"
        for model, page in admin.site._registry.items()
        for field in model._meta.concrete_fields
        if secret.search(field.name)
        and getattr(field, "editable", True)
        and field.name not in (page.exclude or ())
        and field.name not in page.readonly_fields
        and (page.fields is None or field.name in page.fields)
    ]
    assert shown == []


def test_foreign_xml_and_yaml_are_read_by_what_runs_nothing() -> None:
    """Workbooks without entities (the library asks for defusedxml by itself), YAML without objects, no pickles."""
    assert openpyxl.DEFUSEDXML
    unsafe = re.compile(
        r"\bimport (pickle|marshal|shelve)\b|yaml\.(unsafe_|full_)?load\(|shell=True|os\.system"
    )
    found = [
        path
        for folder in ("s11", "surveys", "accountability")
        for path in (settings.BASE_DIR / folder).rglob("*.py")
        if unsafe.search(path.read_text(encoding="utf-8")) and "node_modules" not in path.parts
    ]
    assert [path for path in found if "SafeLoader" not in path.read_text(encoding="utf-8")] == []
