"""E-mails about how somebody signs in: to the person, and to those who answer for who gets in."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from s11.organisations.emails import make_email, make_link
from s11.organisations.models import Partnership, User

# By allauth's name of what happened, without its folder.
CHANGES = {
    "password_changed": "Your password was changed.",
    "password_set": "A password was chosen for your account.",
    "password_reset": "Your password was changed, by a link that was sent to this address.",
    "totp_activated": "From now on a code from an app is asked for when you sign in.",
    "totp_deactivated": "The app that shows codes is no longer asked for when you sign in.",
    "webauthn_added": "A passkey was added. It can sign in to your account.",
    "webauthn_removed": "A passkey was removed. It can no longer sign in to your account.",
    "recovery_codes_generated": "New recovery codes were made. The ones before no longer work.",
}


def send_sign_in_changed(user: User, change: str) -> None:
    """To the person, whoever did it: they are the one to see that it was not them."""
    make_email(
        "account/sign_in_changed",
        to=[user.email],
        change=CHANGES[change],
        link=make_link("account_reset_password"),
    ).send()


def send_new_browser(user: User, browser: str) -> None:
    make_email(
        "account/new_browser",
        to=[user.email],
        browser=browser,
        at=timezone.now(),
        link=make_link("account_reset_password"),
    ).send()


def send_address_changed(user: User, addresses: Iterable[str]) -> None:
    """To the old address too: whoever reads that is the one to see that it was not asked for."""
    for address in addresses:
        make_email("account/address_changed", to=[address], link=make_link("account_login")).send()


def send_second_factor_reset(user: User, *, by: User | None, partnership: Partnership | None) -> None:
    make_email(
        "organisations/second_factor_reset",
        to=[user.email],
        partnership=partnership,
        by=by,
        link=make_link("mfa_index"),
    ).send()


def tell_of_second_factor_reset(
    user: User, told: Iterable[tuple[Partnership, str]], *, by: User | None
) -> None:
    """To the other administrators, one by one."""
    for partnership, address in told:
        make_email(
            "organisations/second_factor_reset_told",
            to=[address],
            partnership=partnership,
            person=user,
            by=by,
            link=make_link("organisations:officers", partnership.slug),
        ).send()
