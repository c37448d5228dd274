"""How allauth fits: nobody signs up by themselves, its mails are ours, and links in them are absolute."""

from contextlib import suppress
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from s11.organisations.emails import make_email
from s11.organisations.models import User
from s11.organisations.queries import get_own_invitations
from s11.organisations.workflow.invitations import send_invitation
from s11.web.errors import NotInThisState

UNSAID = ("account/messages/logged_in.txt", "account/messages/logged_out.txt")


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come by an invitation or an import."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The e-mail address or the password is not right. Check both; "
        "if you never had a password, choose one by the link below",
        "too_many_login_attempts": "Too many wrong passwords. Wait five minutes, then try again",
        "incorrect_password": "The password is not right",
        "enter_current_password": "The current password is not right",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """From the setting, not from the request's Host: a forged one must not lead the reader elsewhere."""
        user, _, token = key.partition("-")
        return str(settings.SITE_URL + reverse("account_reset_password_from_key", args=[user, token]))

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Of signing in and out the next page tells enough."""
        if message_template not in UNSAID:
            super().add_message(request, level, message_template, *args, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """‘account/email/password_reset_key’ is our templates/emails/account/password_reset_key.txt.

        Who asks for a password and has no account, but an invitation, is sent that again. The page says the same.
        """
        name = template_prefix.rpartition("/")[2]
        if name == "unknown_account" and send_invitations_again(email):
            return
        make_email(
            f"account/{name}",
            to=[email],
            link=context.get("password_reset_url", ""),
            address=email,
        ).send()


def send_invitations_again(email: str) -> bool:
    """Whether any was waiting. Whoever sent one answers for it still."""
    invitations = get_own_invitations(User.objects.normalize_email(email))
    for invitation in invitations:
        with suppress(NotInThisState):  # accepted or revoked in this very moment
            send_invitation(invitation=invitation)
    return bool(invitations)
