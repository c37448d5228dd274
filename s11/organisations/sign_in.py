"""How allauth fits: nobody signs up by themselves, its mails are ours, and links in them are absolute."""

import logging
import secrets
from contextlib import suppress
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from s11.organisations.emails import make_email
from s11.organisations.models import User
from s11.organisations.models.sessions import REMEMBERED_FOR
from s11.organisations.queries import get_own_invitations
from s11.organisations.second_factor_emails import send_new_browser, send_sign_in_changed
from s11.organisations.second_factors import has_factor, has_just_signed_in
from s11.organisations.session_store import BROWSER
from s11.organisations.workflow.feed_tokens import end_feed_tokens
from s11.organisations.workflow.invitations import send_invitation
from s11.organisations.workflow.sessions import end_sessions, know_browser
from s11.web.browsers import describe_browser
from s11.web.cookies import KNOWN_BROWSER, name_for_host
from s11.web.errors import NotInThisState
from s11.web.languages import say_later

logger = logging.getLogger(__name__)
# The page that comes next says it.
UNSAID = (
    "account/messages/logged_in.txt",
    "account/messages/logged_out.txt",
    "mfa/messages/recovery_codes_generated.txt",
)
LIMITS = "allauth.account"
ANYWHERE = "login_failed_anywhere"
WAYS = {
    "reauthenticate": "Enter your password",
    "mfa_reauthenticate": "Enter a code",
    "mfa_reauthenticate:webauthn": "Use a passkey",
}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come by an invitation or an import."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": say_later(
            "The e-mail address or the password is not right. Check both; "
            "if you never had a password, choose one by the link below"
        ),
        "too_many_login_attempts": say_later(
            "Too many wrong tries. Wait five minutes, then try again, or sign in another way"
        ),
        "rate_limited": say_later("Too many wrong tries. Wait five minutes, then try again"),
        "incorrect_password": say_later("The password is not right"),
        "enter_current_password": say_later("The current password is not right"),
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

    # Lockout: who guesses is slowed down, and whose address it is still gets in ---------------------------------------

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """By address and place: else any stranger could keep somebody out by five wrong passwords now and then."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{ratelimit.get_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Many places that guess at one address are slowed down too, far above what one person mistypes."""
        super().pre_authenticate(request, **credentials)
        key = get_address(credentials)
        if not ratelimit.consume(request, app=LIMITS, action=ANYWHERE, key=key):
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """The right password ends the count for its address, whoever has been guessing."""
        user = super().authenticate(request, **credentials)
        if user is not None:
            ratelimit.clear(request, app=LIMITS, action=ANYWHERE, key=get_address(credentials))
        return user

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Also by a link in an e-mail: whoever can read that is let in, whatever was tried before."""
        super().set_password(user, password)
        request = self.request or allauth_context.request
        assert isinstance(user, User)
        # Whoever knew the one before is out at once, and stands in no list of where one is signed in.
        end_sessions(user, but=request.session.session_key)
        end_feed_tokens(user, why="You have a new password, so nothing from before it opens anything.")
        self._delete_login_attempts_cached_email(request, email=user.email)
        ratelimit.clear(request, app=LIMITS, action=ANYWHERE, key=user.email)

    # Signed in --------------------------------------------------------------------------------------------------------

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        request.session[BROWSER] = get_browser(request)

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        """By whichever door: a browser that the person has not used before is told to them."""
        response = super().post_login(request, user, **kwargs)
        assert isinstance(user, User)
        cookie = name_for_host(KNOWN_BROWSER)
        token = request.COOKIES.get(cookie) or secrets.token_urlsafe(32)
        if know_browser(user=user, token=token):
            try:
                send_new_browser(user, get_browser(request))
            except OSError:
                logger.exception("The e-mail about a browser not used before was not sent")
        response.set_cookie(
            cookie,
            token,
            max_age=REMEMBERED_FOR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response

    # The second step --------------------------------------------------------------------------------------------------

    def get_login_stages(self) -> list[str]:
        """Ours asks nothing more where the provider at work has asked for what counts."""
        theirs, ours = (
            "allauth.mfa.stages.AuthenticateStage",
            "s11.organisations.second_factor_stage.SecondFactorStage",
        )
        return [ours if path == theirs else path for path in super().get_login_stages()]

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Who has a second step shows it: the password alone is what it guards against."""
        methods = super().get_reauthentication_methods(user)
        if isinstance(user, User) and has_factor(user):
            methods = [one for one in methods if one["id"] != "reauthenticate"]
        return [{**one, "description": WAYS[one["id"]]} for one in methods]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not of somebody who signed in a moment ago."""
        request = allauth_context.request
        user = request.user
        return not (isinstance(user, User) and has_just_signed_in(request, user))

    # E-mails ----------------------------------------------------------------------------------------------------------

    def send_notification_mail(
        self, template_prefix: str, user: AbstractBaseUser, *args: Any, **kwargs: Any
    ) -> None:
        """‘mfa/email/totp_activated’ and their like: one e-mail with a sentence for each."""
        assert isinstance(user, User)
        try:
            send_sign_in_changed(user, template_prefix.rpartition("/")[2])
        except OSError:
            # What was changed is saved, and a page that says otherwise would be wrong.
            logger.exception("The e-mail about a changed way of signing in was not sent")

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


def get_browser(request: HttpRequest) -> str:
    return describe_browser(request.headers.get("User-Agent", ""))


def get_address(credentials: dict[str, Any]) -> str:
    return User.objects.normalize_email(str(credentials.get("email", "")))


def send_invitations_again(email: str) -> bool:
    """Whether any was waiting. Whoever sent one answers for it still."""
    invitations = get_own_invitations(User.objects.normalize_email(email))
    for invitation in invitations:
        with suppress(NotInThisState):  # accepted or revoked in this very moment
            send_invitation(invitation=invitation)
    return bool(invitations)
