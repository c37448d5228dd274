"""How allauth's second factors fit: our words, secrets that a copied database does not give away, and who keeps one."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.encoding import force_bytes

from s11.organisations.second_factors import has_another_factor, is_required_of


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That is not right. Use the newest code in your app, "
        "or a recovery code that you have not used",
        "cannot_delete_authenticator": "Officers sign in with a second step. Set up another one first, "
        "then remove this one",
        "cannot_generate_recovery_codes": "Recovery codes stand in for a second step. Set one up first",
    }

    def encrypt(self, text: str) -> str:
        return get_cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """With another SECRET_KEY it cannot be read: then no code is right, and the second step must be reset."""
        try:
            return get_cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return str(generate_totp_secret())

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return has_another_factor(authenticator) or not is_required_of(authenticator.user)

    def generate_authenticator_name(self, user: Any, type: str) -> str:  # noqa: A002 (allauth's name)
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "My passkey" if number == 1 else f"My passkey {number}"

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        """Shown by the browser when it asks which passkey to use."""
        return {**super().get_public_key_credential_user_entity(user), "display_name": str(user)}


def get_cipher() -> MultiFernet:
    """The newest key encrypts; older ones of a rotation still read."""
    return MultiFernet([make_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def make_key(secret: str | bytes) -> Fernet:
    """SECRET_KEY is long and random, so one hash is enough; the prefix keeps this key apart from all other uses."""
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"second factors:" + force_bytes(secret)).digest()))
