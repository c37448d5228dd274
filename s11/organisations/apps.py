"""The organisations app."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "s11.organisations"
    label = "organisations"
    default_auto_field = "django.db.models.BigAutoField"
