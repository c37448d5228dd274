from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accountability", "0013_everybody_who_wrote_a_finding_or_poster"),
    ]

    operations = [
        migrations.AddField(
            model_name="boardpaper",
            name="parts",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="boardpaper",
            name="quotations",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="boardpaper",
            name="year_begins",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="year begins on 1 April"
            ),
        ),
    ]
