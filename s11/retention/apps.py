"""The retention app."""

from django.apps import AppConfig

from s11.retention.data_map import TABLES
from s11.web.personal_data import register_kept


class RetentionConfig(AppConfig):
    name = "s11.retention"
    label = "retention"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from s11.retention.exports import PART  # noqa: PLC0415  models are there only now
        from surveys.exports.partnership import register_part  # noqa: PLC0415  likewise

        register_part(PART)
        register_kept(TABLES)
