"""A person with a login. The e-mail address is the login."""

from __future__ import annotations

from typing import Any, ClassVar

from auditlog.registry import auditlog
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from s11.organisations.enums import PageLanguage


class UserManager(BaseUserManager["User"]):
    """Addresses are kept trimmed and in lower case, so that one person is one row."""

    use_in_migrations = True

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Nobody tells two people apart by the case of an address, although RFC 5321 would allow it."""
        return (email or "").strip().lower()

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=self.normalize_email(username))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a person; without a password they sign in for the first time by password reset."""
        email = self.normalize_email(email)
        if not email:
            raise ValueError("A person needs an e-mail address: it is their login.")
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Shared between partnerships; what they may do comes from memberships and offices, not from here."""

    email = models.EmailField("email address", max_length=254, unique=True)
    name = models.CharField(max_length=150, blank=True)
    is_active = models.BooleanField(default=True)
    # Figures of a closed cycle count who was active then. Empty of an inactive person: nobody knows, so never counted.
    deactivated_at = models.DateTimeField(null=True, blank=True)
    is_staff = models.BooleanField(default=False, help_text="May open the admin site, which is for repair.")
    # Empty: nobody has chosen, so it is what the browser remembers, else English.
    language = models.CharField(max_length=2, choices=PageLanguage.choices, blank=True)
    date_joined = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ("email",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="user_email_is_lower_case",
            ),
        )

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


auditlog.register(User, exclude_fields=["password", "last_login"], mask_fields=["email", "name"])
