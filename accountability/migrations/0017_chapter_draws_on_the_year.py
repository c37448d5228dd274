from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accountability", "0016_what_children_and_families_said"),
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
