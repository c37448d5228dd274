import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0015_tables_in_and_out"),
    ]

    operations = [
        migrations.AddField(
            model_name="actionreminder",
            name="claimed_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AlterField(
            model_name="actionreminder",
            name="sent_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
