"""The project is itself an app, so that it can hold commands, its home page and the cache's migration."""

from django.apps import AppConfig
from django.conf import settings

from s11.data_map import TABLES
from s11.web.personal_data import register_kept


class S11Config(AppConfig):
    name = "s11"
    verbose_name = "s11"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from s11 import checks  # noqa: F401, PLC0415  importing registers them, which needs the settings
        from s11.web import request_ids  # noqa: PLC0415  likewise

        register_kept(TABLES)
        request_ids.connect()
        if settings.ERRORS_DSN:
            # Its library is there only where the setting asks for it.
            from s11.web import error_reports  # noqa: PLC0415

            error_reports.begin(settings.ERRORS_DSN)
