"""The second step of signing in: an app, recovery codes, who must have one, and what to do when it is lost."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from auditlog.models import LogEntry
from django.conf import LazySettings
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.http import Http404
from django.test import Client
from django.utils import timezone

from s11.organisations.enums import OfficerRole
from s11.organisations.models import Officer, User
from s11.organisations.second_factor_adapter import SecondFactorAdapter
from s11.organisations.second_factor_gate import AFTERWARDS
from s11.organisations.second_factors import is_required_of
from s11.organisations.views.second_factor_resets import get_person_or_404
from tests import factories
from tests.conftest import Cast
from tests.organisations.invitations import make_invitation
from tests.organisations.second_factors import (
    ENTER,
    LOGIN,
    STEP,
    get_recovery_codes,
    give_app,
    make_code,
    sign_in_with,
)

SignIn = Callable[[User], Client]
DESK = "/p/harbour/desk/"
OURS = {"Origin": "http://testserver"}


@pytest.fixture(autouse=True)
def _fresh(settings: LazySettings) -> None:
    settings.SECOND_FACTOR_FOR_OFFICERS = True
    cache.clear()


def enter_password(client: Client, user: User) -> Any:
    return client.post(LOGIN, {"login": user.email, "password": factories.PASSWORD})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# Setting up and signing in --------------------------------------------------------------------------------------------


def test_from_nothing_to_a_desk_by_an_app(
    client: Client, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    """The whole way of an officer: led there, set up, codes kept, and back to where they were going."""
    person = cast.quality_officer
    client.post(LOGIN, {"login": person.email, "password": factories.PASSWORD, "next": DESK})
    led = client.get(DESK)
    assert (led.status_code, led.headers["Location"]) == (302, STEP)
    page = client.get(STEP)
    assert "a password alone no longer opens the desk" in page.text
    # Who has just signed in is not asked for the password again.
    page = client.get(f"{STEP}app/")
    secret = client.session[SECRET_SESSION_KEY]
    assert "app-qr" in page.text
    assert " ".join(re.findall("....", secret)) in page.text
    wrong = client.post(f"{STEP}app/", {"code": "000000"})
    assert "That is not right. Wait for the app to show the next six digits" in wrong.text
    assert client.session[SECRET_SESSION_KEY] == secret
    code = make_code(secret)
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(f"{STEP}app/", {"code": f"{code[:3]} {code[3:]}"})
    assert done.headers["Location"] == f"{STEP}codes/"
    codes = client.get(f"{STEP}codes/")
    assert f'href="{DESK}"' in codes.text
    assert client.get(DESK).status_code == 200
    told = mail.outbox[-1]
    assert told.to == [person.email]
    assert "a code from an app is asked for" in str(told.body)


def test_what_set_the_app_up_is_spent_and_a_later_code_signs_in(client: Client, cast: Cast) -> None:
    person = cast.quality_officer
    enter_password(client, person)
    client.get(f"{STEP}app/")
    secret = client.session[SECRET_SESSION_KEY]
    client.post(f"{STEP}app/", {"code": make_code(secret)})
    client.logout()
    assert enter_password(client, person).headers["Location"] == ENTER
    assert not is_signed_in(client)
    assert client.get(DESK).headers["Location"].startswith(LOGIN)
    assert "That is not right." in client.post(ENTER, {"code": make_code(secret)}).text
    client.post(ENTER, {"code": make_code(secret, steps=1)})
    assert client.get(DESK).status_code == 200


def test_a_code_opens_once_and_for_as_long_as_it_is_right(client: Client, cast: Cast) -> None:
    secret = give_app(cast.lead)
    with time_machine.travel(timezone.now(), tick=False) as moment:
        code = make_code(secret, steps=1)
        sign_in_with(client, cast.lead, code)
        assert is_signed_in(client)
        client.logout()
        moment.shift(timedelta(seconds=40))  # allauth itself forgets it after 30
        sign_in_with(client, cast.lead, code)
        assert not is_signed_in(client)


def test_a_recovery_code_opens_once(client: Client, cast: Cast) -> None:
    give_app(cast.administrator)
    first, second, *_ = get_recovery_codes(cast.administrator)
    sign_in_with(client, cast.administrator, f"{first[:4]} {first[4:]}")
    assert "You signed in with a recovery code. 9 are left." in client.get(DESK).text
    assert "9 codes are left" in client.get(STEP).text
    client.logout()
    sign_in_with(client, cast.administrator, first)
    assert not is_signed_in(client)
    client.post(ENTER, {"code": second})
    assert is_signed_in(client)


def test_codes_as_a_file_and_new_ones(client: Client, cast: Cast) -> None:
    secret = give_app(cast.lead)
    before = get_recovery_codes(cast.lead)
    sign_in_with(client, cast.lead, make_code(secret))
    file = client.get(f"{STEP}codes/file/")
    assert file.headers["Content-Type"].startswith("text/plain")
    assert re.findall(r"^(\d{4}) (\d{4})$", file.text, re.MULTILINE) == [(one[:4], one[4:]) for one in before]
    client.post(f"{STEP}codes/new/")
    assert not set(before) & set(get_recovery_codes(cast.lead))


def test_a_passkey_is_asked_for_a_finger_a_face_or_a_pin(client: Client, cast: Cast) -> None:
    """It signs in alone; and what was asked for at one step, without them, must not open at another."""
    enter_password(client, cast.lead)
    adding = client.get(f"{STEP}passkeys/add/").text.replace("&#34;", '"')
    assert '"residentKey": "required"' in adding
    assert adding.count('"userVerification": "required"') == 1
    client.logout()
    alone = client.get(f"{STEP}passkeys/sign-in/", headers={"Accept": "application/json"}).json()
    assert alone["request_options"]["publicKey"]["userVerification"] == "required"
    give_app(cast.lead)
    enter_password(client, cast.lead)
    client.get(ENTER)
    assert client.session["mfa.webauthn.state"]["user_verification"] == "required"


def test_secrets_are_not_in_the_database_in_the_clear(cast: Cast, settings: LazySettings) -> None:
    secret = give_app(cast.lead)
    app, codes = Authenticator.objects.filter(user=cast.lead).order_by("type").reverse()
    assert secret not in str(app.data)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert SecondFactorAdapter().decrypt(app.data["secret"]) == secret
    settings.SECRET_KEY_FALLBACKS = []
    # Nobody's code is right then, and nobody can foretell the recovery codes.
    assert not app.wrap().validate_code(make_code(secret))
    assert codes.wrap().generate_codes() != codes.wrap().generate_codes()


def test_wrong_codes_are_counted(client: Client, cast: Cast) -> None:
    secret = give_app(cast.lead)
    enter_password(client, cast.lead)
    for _ in range(5):
        client.post(ENTER, {"code": "000000"})
    assert "Too many wrong tries." in client.post(ENTER, {"code": make_code(secret)}).text
    assert not is_signed_in(client)


# Who must -------------------------------------------------------------------------------------------------------------

MUST = {
    "administrator",
    "quality_officer",
    "panel_member",
    "panel_chair",
    "scrutineer",
    "publisher",
    "outsider",
}
# A page, by its kind, and whether it stays open while there is none to show. Then one's own account does: it is where
# one is set up. While there is one, only the way to show it does, the way out, and what is public.
OWN = {"/home/details/", STEP, "/accounts/password/change/"}
PAGES = {
    "/home/": False,
    DESK: False,
    "/p/harbour/o/anchor/": False,
    "/home/details/": True,
    STEP: True,
    "/accounts/logout/": True,
    "/accounts/password/change/": True,
    "/accessibility/": True,
    "/contact/": True,
    "/p/harbour/": True,
    "/t/no-such-token/join/": True,
}


def test_who_must_have_one(cast: Cast, settings: LazySettings) -> None:
    cast.people["staff"] = staff = factories.make_user("staff@s11.example")
    staff.is_staff = True
    asked = {name for name, person in cast.people.items() if is_required_of(person)}
    assert asked == MUST
    assert is_required_of(staff)
    Officer.objects.filter(user=cast.publisher).update(ended_at=timezone.now())
    assert not is_required_of(cast.publisher)
    settings.SECOND_FACTOR_FOR_OFFICERS = False
    assert not any(map(is_required_of, [*cast.people.values(), staff]))


@pytest.mark.parametrize("is_on", [True, False])
@pytest.mark.parametrize("has", ["nothing", "a factor", "shown it"])
def test_what_opens(cast: Cast, settings: LazySettings, is_on: bool, has: str) -> None:
    """Person × setting × what they have × kind of page."""
    settings.SECOND_FACTOR_FOR_OFFICERS = is_on
    for person in (cast.panel_member, cast.lead):
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        secret = "" if has == "nothing" else give_app(person)
        if has == "shown it":
            client.post(f"{STEP}again/", {"code": make_code(secret)})
        is_led = is_on and has != "shown it" and person != cast.lead
        way = STEP if has == "nothing" else f"{STEP}again/"
        for page, stays_open in PAGES.items():
            answer = client.get(page)
            went = answer.headers.get("Location", "").partition("?")[0]
            is_open = stays_open and not (has == "a factor" and page in OWN)
            assert (went == way) is (is_led and not is_open), (person, page, went)


def test_a_role_that_is_newly_given_asks_in_the_open_session(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.lead)
    assert client.get("/home/").status_code == 200
    Officer.objects.create(user=cast.lead, partnership=cast.partnership, role="publisher")
    assert client.get("/home/").headers["Location"] == STEP


def test_a_session_from_before_shows_the_factor_that_was_set_up_in_another(
    cast: Cast, sign_in: SignIn
) -> None:
    """A thief with the password may have been in already."""
    client = sign_in(cast.administrator)
    secret = give_app(cast.administrator)
    led = client.get(f"{DESK}people/?page=2")
    assert led.headers["Location"] == f"{STEP}again/?next=%2Fp%2Fharbour%2Fdesk%2Fpeople%2F%3Fpage%3D2"
    # The password alone neither opens nor adds a factor of the thief's own.
    assert client.get("/accounts/reauthenticate/").headers["Location"] == f"{STEP}again/"
    assert client.get(f"{STEP}passkeys/add/").headers["Location"].startswith(f"{STEP}again/")
    assert "instead" not in client.get(f"{STEP}again/").text
    back = client.post(f"{STEP}again/?next={DESK}", {"code": make_code(secret), "next": DESK})
    assert back.headers["Location"] == DESK
    assert client.get(DESK).status_code == 200


def test_the_admin_site_too(cast: Cast, sign_in: SignIn) -> None:
    staff = User.objects.create_superuser("staff@s11.example", factories.PASSWORD)
    assert sign_in(staff).get("/admin/").headers["Location"] == STEP


def test_a_new_password_by_e_mail_does_not_step_over_it(client: Client, cast: Cast) -> None:
    secret = give_app(cast.administrator)
    client.post("/accounts/password/reset/", {"email": cast.administrator.email})
    (link,) = re.findall(r"https?://\S+", str(mail.outbox[0].body))
    form = client.get(link).headers["Location"]
    chosen = "green lamp walks far"
    saved = client.post(form, {"password1": chosen, "password2": chosen})
    assert saved.headers["Location"] == ENTER
    assert not is_signed_in(client)
    client.post(ENTER, {"code": make_code(secret)})
    assert client.get(DESK).status_code == 200


def test_nor_does_an_invitation_of_somebody_without_a_password(client: Client, cast: Cast) -> None:
    person = factories.make_user("work@anchor.example")
    give_app(person)
    _, link = make_invitation(
        email=person.email, role=OfficerRole.PUBLISHER, partnership=cast.partnership, by=cast.administrator
    )
    joined = client.post(link, {"name": "Wim", "password": "green lamp walks far"})
    assert joined.headers["Location"] == ENTER
    assert not is_signed_in(client)


def test_what_was_typed_is_not_lost(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.administrator)
    typed = {"description": "We begin with the schools & then the homes."}
    headers = {**OURS, "Referer": f"http://testserver{DESK}settings/"}
    shown = client.post(f"{DESK}settings/", typed, headers=headers)
    assert shown.status_code == 403
    assert "We begin with the schools &amp; then the homes.</textarea>" in shown.text
    assert f'href="{STEP}"' in shown.text
    assert client.session[AFTERWARDS] == f"{DESK}settings/"
    script = client.post(f"{DESK}settings/", typed, headers={**OURS, "HX-Request": "true"})
    assert (script.status_code, script.headers["X-Outcome"]) == (401, "signed-out")


# Removing -------------------------------------------------------------------------------------------------------------


def test_an_officer_keeps_the_last_one(client: Client, cast: Cast) -> None:
    secret = give_app(cast.administrator)
    sign_in_with(client, cast.administrator, make_code(secret))
    assert "Set up another one first" in client.get(f"{STEP}app/remove/").text
    client.post(f"{STEP}app/remove/")
    assert Authenticator.objects.filter(user=cast.administrator, type="totp").exists()


def test_everybody_else_removes_it_and_the_codes_with_it(client: Client, cast: Cast) -> None:
    secret = give_app(cast.lead)
    sign_in_with(client, cast.lead, make_code(secret))
    client.post(f"{STEP}app/remove/")
    assert not Authenticator.objects.filter(user=cast.lead).exists()
    # Once an officer, the session that had shown it does not count.
    Officer.objects.create(user=cast.lead, partnership=cast.partnership, role="publisher")
    assert client.get("/home/").headers["Location"] == STEP


def test_the_last_passkey_of_an_officer_too(client: Client, cast: Cast) -> None:
    """allauth itself asks only of apps."""
    secret = give_app(cast.administrator)
    sign_in_with(client, cast.administrator, make_code(secret))
    key = Authenticator.objects.create(
        user=cast.administrator, type="webauthn", data={"name": "Laptop", "credential": {}}
    )
    remove = f"{STEP}passkeys/{key.pk}/remove/"
    assert "can no longer sign in" in client.get(remove).text
    Authenticator.objects.filter(user=cast.administrator, type="totp").delete()
    session = client.session  # as if signed in by the passkey
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time(), "id": key.pk}]
    session.save()
    assert client.post(remove).status_code == 403
    assert Authenticator.objects.filter(pk=key.pk).exists()


# Lost phone and codes -------------------------------------------------------------------------------------------------

RESET = "/p/harbour/desk/people/{}/second-step/"


@pytest.fixture
def helper(client: Client, cast: Cast) -> Client:
    """The administrator, signed in a moment ago."""
    secret = give_app(cast.administrator)
    sign_in_with(client, cast.administrator, make_code(secret))
    return client


def test_an_administrator_helps(helper: Client, cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    person = cast.quality_officer
    give_app(person)
    lost = Client()
    lost.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    factories.make_officer("second@harbour.example", partnership=cast.partnership)
    assert f'href="{RESET.format(person.pk)}"' in helper.get(f"{DESK}people/").text
    assert "Speak to" in helper.get(RESET.format(person.pk)).text
    with django_capture_on_commit_callbacks(execute=True):
        done = helper.post(RESET.format(person.pk), follow=True)
    assert "We have told them and the other administrators." in done.text
    assert not Authenticator.objects.filter(user=person).exists()
    assert {one.to[0] for one in mail.outbox} == {person.email, "second@harbour.example"}
    assert not is_signed_in(Client(headers={"cookie": lost.cookies.output(header="")}))
    assert lost.get("/home/").headers["Location"].startswith(LOGIN)
    trail = LogEntry.objects.get_for_model(Authenticator).filter(action=LogEntry.Action.DELETE)
    assert {entry.actor for entry in trail} == {cast.administrator}
    assert "secret" not in str([entry.changes for entry in trail])
    with django_capture_on_commit_callbacks(execute=True):
        assert "has no second step now" in helper.post(RESET.format(person.pk), follow=True).text


def test_whom_an_administrator_may_help(helper: Client, cast: Cast) -> None:
    factories.make_officer(cast.publisher.email, partnership=cast.elsewhere)
    cast.scrutineer.is_staff = True
    cast.scrutineer.save()
    expected = {
        "quality_officer": 302,
        "panel_member": 302,
        "lead": 302,  # of an organisation that takes part here
        "publisher": 403,  # an officer elsewhere too
        "scrutineer": 403,  # may open the admin site
        "administrator": 403,  # oneself
        "outsider": 404,
    }
    for name in expected:
        if name != "administrator":
            give_app(cast.people[name])
    answers = {name: helper.post(RESET.format(cast.people[name].pk)).status_code for name in expected}
    assert answers == expected
    give_app(cast.lead)
    assert f'href="{RESET.format(cast.lead.pk)}"' in helper.get(f"{DESK}organisations/anchor/").text
    # It does not say for whom else they work.
    assert "Moorland" not in helper.get(RESET.format(cast.publisher.pk)).text


def test_only_administrators_help_and_only_who_has_just_signed_in(
    cast: Cast, sign_in: SignIn, settings: LazySettings
) -> None:
    settings.SECOND_FACTOR_FOR_OFFICERS = False
    address = RESET.format(cast.panel_member.pk)
    assert sign_in(cast.quality_officer).get(address).status_code == 403
    assert sign_in(cast.outsider).get(address).status_code == 404
    asked = sign_in(cast.administrator).get(address)
    assert asked.headers["Location"] == f"/accounts/reauthenticate/?next={address.replace('/', '%2F')}"


def test_an_operator_helps_the_last_administrator(
    cast: Cast, capsys: pytest.CaptureFixture[str], django_capture_on_commit_callbacks: Any
) -> None:
    give_app(cast.administrator)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("reset_second_factor", " Administrator@Harbour.example ")
    assert "signs in with the password alone now" in capsys.readouterr().out
    assert not Authenticator.objects.filter(user=cast.administrator).exists()
    assert [one.to for one in mail.outbox] == [[cast.administrator.email]]
    for address, said in (
        ("nobody@x.example", "Nobody has an account"),
        (cast.lead.email, "has no second step"),
    ):
        with pytest.raises(CommandError, match=said):
            call_command("reset_second_factor", address)


def test_nobody_has_a_number_too_large_for_a_row(cast: Cast) -> None:
    with pytest.raises(Http404):
        get_person_or_404(cast.partnership, 10**30)
