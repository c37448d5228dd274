"""In which language a person reads the pages; empty of everybody who was there before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisations", "0010_feed_tokens")]

    operations = [
        migrations.AddField(
            "user",
            "language",
            models.CharField(blank=True, choices=[("en", "English"), ("cy", "Cymraeg")], max_length=2),
        ),
    ]
