"""A section that a new draft takes out of a report is kept for what people wrote in it and said of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accountability", "0009_who_read_feedback_and_who_is_in_its_sector"),
    ]

    operations = [
        migrations.AddField(
            model_name="reportsection",
            name="removed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
