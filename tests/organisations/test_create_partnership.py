"""`create_partnership`: the first step outside development."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from pytest_django import DjangoCaptureOnCommitCallbacks

from s11.organisations.enums import OfficerRole
from s11.organisations.models import Officer, Partnership, User
from tests import factories

pytestmark = pytest.mark.django_db


def create(
    name: str = "Harbour partnership", slug: str = "harbour", administrator: str = "Officer@Harbour.Example "
) -> str:
    out = StringIO()
    call_command("create_partnership", name, slug=slug, administrator=administrator, stdout=out)
    return out.getvalue()


def test_a_partnership_and_its_administrator(
    mailoutbox: list[EmailMessage], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        said = create()
    assert said == (
        "Harbour partnership is at /p/harbour/. "
        "A mail with a link to set a password has gone to officer@harbour.example.\n"
    )
    assert Partnership.objects.values_list("name", "slug").get() == ("Harbour partnership", "harbour")
    officer = Officer.objects.get()
    assert (officer.user.email, officer.role, officer.ended_at) == (
        "officer@harbour.example",
        OfficerRole.ADMINISTRATOR,
        None,
    )
    assert not officer.user.has_usable_password()
    (message,) = mailoutbox
    assert message.to == ["officer@harbour.example"]
    assert "/password/reset/key/" in message.body


def test_somebody_who_is_known_already_stays_who_they_are() -> None:
    user = factories.make_user("officer@harbour.example", name="Olu", password="a long password")
    create()
    assert User.objects.get() == user
    assert Officer.objects.get().user.name == "Olu"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"slug": "moorland"}, "There is a partnership ‘moorland’ already: choose another --slug."),
        ({"slug": "Har bour"}, "--slug is ‘Har bour’: use at most 60 letters, digits and hyphens"),
        ({"slug": "hafen/../x"}, "--slug is ‘hafen/../x’"),
        ({"slug": ""}, "--slug is ‘’"),
        ({"slug": "h" * 61}, "--slug is ‘hhh"),
        (
            {"administrator": "officer"},
            "--administrator is ‘officer’: write an address such as officer@example.org.",
        ),
        ({"administrator": ""}, "--administrator is ‘’"),
        ({"administrator": "a@b.example, c@d.example"}, "--administrator is ‘a@b.example, c@d.example’"),
        ({"name": "  "}, "NAME is ‘’: write a name of at most 200 characters."),
        ({"name": "n" * 201}, "NAME is ‘nnn"),
        (
            {"name": "Harbour\nBcc: x@y.example"},
            "NAME has a line break or another character that cannot be printed",
        ),
    ],
)
def test_what_is_refused_changes_nothing(options: dict[str, str], said: str) -> None:
    factories.make_partnership("Moorland", slug="moorland")
    with pytest.raises(CommandError) as refused:
        create(**options)
    assert said in str(refused.value)
    assert Partnership.objects.count() == 1
    assert not User.objects.exists()
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_cannot_be_sent_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes out once the partnership is saved, so that stays."""

    def fail(*args: object) -> None:
        raise ConnectionRefusedError("Connection refused")

    monkeypatch.setattr("s11.organisations.emails.send_set_password", fail)
    with pytest.raises(CommandError) as refused:
        create()
    said = "was made, but the mail to officer@harbour.example was not sent (Connection refused)"
    assert said in str(refused.value)
    assert Officer.objects.get().partnership.slug == "harbour"
