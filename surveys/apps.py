"""The surveys app."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Here, for models are known only now.
        from s11.organisations.notices import LINKS, SOURCES  # noqa: PLC0415
        from surveys.recipients import get_trail_address, say_refused  # noqa: PLC0415

        if say_refused not in SOURCES:
            SOURCES.append(say_refused)
            LINKS.append(("Timeline: all that passed with it", get_trail_address))
