"""The second step of signing in: allauth's forms with our words, and what they leave open closed."""

from __future__ import annotations

from typing import Any

from allauth.core import context as allauth_context
from allauth.mfa import app_settings
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm, DeactivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.forms import EditWebAuthnForm, _BaseAddWebAuthnForm
from django import forms
from django.contrib import messages
from django.core.cache import cache

from s11.organisations.models import User
from s11.web.forms import Look
from s11.web.languages import say_later
from s11.web.text import plural

LONGEST_NAME = 60


class CodeField(forms.CharField):
    """Apps and people write codes in groups: ‘123 456’ is 123456."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        super().__init__(max_length=40, widget=forms.TextInput(attrs=attrs), **kwargs)

    def to_python(self, value: Any) -> str:
        return "".join(str(super().to_python(value)).split())


def spend(user: User, code: str) -> None:
    """A code of the app opens once. allauth remembers it for one period, but its neighbours in time are right too."""
    periods = 2 * app_settings.TOTP_TOLERANCE + 1
    key = TOTP(Authenticator(user=user, type=Authenticator.Type.TOTP))._get_used_cache_key(code)
    cache.set(key, "y", timeout=periods * app_settings.TOTP_PERIOD)


class SpendsCode(BaseAuthenticateForm):
    looks = {"code": Look(width=10)}

    def clean_code(self) -> str:
        code = str(super().clean_code())
        if self.authenticator.type == Authenticator.Type.TOTP:
            spend(self.user, code)
        return code


class CodeForm(SpendsCode, AuthenticateForm):
    """The second step of signing in."""

    code = CodeField(
        label=say_later("Your code"),
        help_text=say_later(
            "Six digits from the app on your phone. Without your phone: one of your recovery codes."
        ),
    )

    def save(self) -> None:
        """A recovery code is gone once it was used: how many are left is said at once."""
        super().save()
        if self.authenticator.type == Authenticator.Type.RECOVERY_CODES:
            # Read again: the form's own row is of before the code was used.
            now = Authenticator.objects.get(pk=self.authenticator.pk)
            left = len(now.wrap().get_unused_codes())
            messages.warning(
                allauth_context.request,
                f"You signed in with a recovery code. {plural(left, 'is', 'are')} left. Is your phone gone for good? "
                "Then set up another second step under ‘Your details’.",
            )


class CodeAgainForm(SpendsCode, ReauthenticateForm):
    """The same once more, before something grave."""

    code = CodeField(
        label=say_later("Your code"),
        help_text=say_later(
            "Six digits from the app on your phone. Without your phone: one of your recovery codes."
        ),
    )


class ActivateAppForm(ActivateTOTPForm):
    code = CodeField(label="The six digits that the app shows", help_text="They change every half minute.")
    looks = {"code": Look(width=10)}

    def clean_code(self) -> str:
        """What set the app up does not also sign in with it. Nobody has recovery codes yet."""
        try:
            code = str(super().clean_code())
        except forms.ValidationError as refused:
            if refused.code != "incorrect_code":
                raise
            raise forms.ValidationError(
                "That is not right. Wait for the app to show the next six digits, then type those",
                code=refused.code,
            ) from None
        spend(self.user, code)
        return code


class RemoveAppForm(DeactivateTOTPForm):
    """Says at once where it may not be removed; see SecondFactorAdapter.can_delete_authenticator."""


class NamedForm(forms.Form):
    name = forms.CharField(
        label="What to call it",
        max_length=LONGEST_NAME,
        required=False,
        help_text="So that you know it again, such as ‘Work laptop’.",
    )
    looks = {"name": Look(width=20)}
    marks_optional = False


class AddPasskeyForm(NamedForm, _BaseAddWebAuthnForm):
    def clean(self) -> dict[str, Any]:
        """A passkey signs in alone, so it must have asked for a finger, a face or a PIN: allauth looks if told so."""
        self.cleaned_data["passwordless"] = True
        return dict(super().clean())


class RenamePasskeyForm(NamedForm, EditWebAuthnForm):
    name = forms.CharField(label="What to call it", max_length=LONGEST_NAME)
