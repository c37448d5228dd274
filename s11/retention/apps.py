"""The retention app."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "s11.retention"
    label = "retention"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from s11.retention.exports import PART  # noqa: PLC0415  models are there only now
        from surveys.exports.partnership import register_part  # noqa: PLC0415  likewise

        register_part(PART)
