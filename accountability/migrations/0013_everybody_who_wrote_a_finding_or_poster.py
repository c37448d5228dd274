"""Whoever ever wrote on a finding or a poster is kept: the last one alone was known. Also longer numbers of one's own."""

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def keep_those_known(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    finding = apps.get_model("accountability", "Finding")
    for one in finding.objects.filter(changed_by__isnull=False):
        one.writers.add(one.changed_by_id)
    poster = apps.get_model("accountability", "Poster")
    # An earlier issue first: its writers are the new one's too.
    for one in poster.objects.order_by("pk").select_related("replaces"):
        wrote = {one.renamed_by_id}
        for box in one.boxes.select_related("finding"):
            wrote.add(box.edited_by_id)
            if box.finding is not None:
                wrote |= {box.finding.created_by_id, box.finding.changed_by_id}
        if one.replaces is not None:
            wrote |= {one.replaces.created_by_id, *one.replaces.writers.values_list("pk", flat=True)}
        one.writers.set(wrote - {None})


class Migration(migrations.Migration):
    dependencies = [
        ("accountability", "0012_drafts_sent_to_chairs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="finding",
            name="writers",
            field=models.ManyToManyField(blank=True, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="poster",
            name="writers",
            field=models.ManyToManyField(blank=True, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name="posternumber",
            name="words",
            field=models.CharField(help_text="As it stands there, such as ‘3 of our 5’.", max_length=200),
        ),
        migrations.RunPython(keep_those_known, migrations.RunPython.noop),
    ]
