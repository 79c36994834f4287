from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("operators", "0028_files_untouched"),
    ]

    operations = [
        migrations.AddField(
            model_name="site",
            name="postcode",
            field=models.CharField(blank=True, default="", max_length=5, verbose_name="code postal"),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="site",
            constraint=models.CheckConstraint(
                condition=models.Q(("postcode", ""), ("postcode__regex", "^[0-9]{5}$"), _connector="OR"),
                name="site_postcode_digits",
                violation_error_message="Un code postal compte cinq chiffres.",
            ),
        ),
    ]
