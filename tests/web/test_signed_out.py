"""A session that ends while somebody types: what they typed is shown, and signing in leads back to the form."""

from __future__ import annotations

from urllib.parse import quote

from django.test import Client

FORM_PAGE = "/p/harbour/o/anchor/audits/2026/standards/A1/"
TYPED = {
    "A1.1-commentary": "\nWe have a named lead & a deputy.",
    "A1.1-score": "2",
    "password": "correct horse battery",
}
OURS = {"Origin": "http://testserver", "Referer": f"http://testserver{FORM_PAGE}?from=list"}


def test_what_was_typed_is_shown(client: Client) -> None:
    response = client.post("/p/harbour/o/anchor/audits/2026/submit/", TYPED, headers=OURS)
    assert response.status_code == 403
    assert ">\n\nWe have a named lead &amp; a deputy.</textarea>" in response.text
    assert "correct horse" not in response.text
    assert f'href="/accounts/login/?next={quote(FORM_PAGE)}"' in response.text


def test_another_site_s_text_is_not_shown_under_our_name(client: Client) -> None:
    response = client.post(
        FORM_PAGE,
        TYPED,
        headers={"Origin": "https://elsewhere.example", "Referer": "https://elsewhere.example/x"},
    )
    assert (response.status_code, response.headers["Location"]) == (
        302,
        f"/accounts/login/?next={quote(FORM_PAGE)}",
    )


def test_with_nothing_to_keep_one_signs_in_and_comes_back_to_the_page(client: Client) -> None:
    response = client.post(f"{FORM_PAGE}any/", {"A1.1-score": "2"}, headers=OURS)
    assert response.status_code == 404
    response = client.post("/p/harbour/o/anchor/audits/2026/submit/", {"A1.1-score": "2"}, headers=OURS)
    assert (response.status_code, response.headers["Location"]) == (
        302,
        f"/accounts/login/?next={quote(FORM_PAGE)}",
    )


def test_a_visit_is_led_to_sign_in_and_back(client: Client) -> None:
    response = client.get(f"{FORM_PAGE}?page=2")
    assert response.headers["Location"] == f"/accounts/login/?next={quote(FORM_PAGE + '?page=2')}"
