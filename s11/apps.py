"""The project is itself an app, so that it can hold commands, its home page and the cache's migration."""

from django.apps import AppConfig


class S11Config(AppConfig):
    name = "s11"
    verbose_name = "s11"
    default_auto_field = "django.db.models.BigAutoField"
