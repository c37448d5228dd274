"""`manage.py plan_upgrade`: whether the migrations still to run may run while the release before serves."""

from typing import Any

from django.core.management.base import BaseCommand

from s11.upgrading import Effect, get_steps

SAYS = {
    Effect.NONE: "The site can go on serving meanwhile.",
    Effect.LOOK: "The site can go on serving once somebody has looked at what is marked above.",
    Effect.STOP: "Stop the site before you migrate.",
}


class Command(BaseCommand):
    help = (
        "Says of each migration still to run whether the release before can serve meanwhile. Changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        steps = get_steps()
        if not steps:
            self.stdout.write("No migration is to be run.")
            return
        for one in steps:
            because = f" ({one.reason})" if one.reason else ""
            self.stdout.write(f"{one.migration}: {one.what}: {one.effect}{because}")
        worst = max((one.effect for one in steps), key=list(Effect).index)
        self.stdout.write(SAYS[worst])
