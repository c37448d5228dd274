"""The organisations app."""

from django.apps import AppConfig

from s11.organisations.data_map import TABLES
from s11.web.personal_data import register_kept


class OrganisationsConfig(AppConfig):
    name = "s11.organisations"
    label = "organisations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Who added or removed a second factor is in the trail of changes; the secret in it is not."""
        # Not on top: allauth's models can be read only once the apps are there.
        from allauth.mfa.models import Authenticator  # noqa: PLC0415
        from auditlog.registry import auditlog  # noqa: PLC0415

        from s11.organisations.putting_back import register_kinds  # noqa: PLC0415

        register_kept(TABLES)
        auditlog.register(Authenticator, include_fields=["user", "type"])
        register_kinds()
