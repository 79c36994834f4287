from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reporting", "0002_kpi_masks")]

    operations = [
        migrations.AddField(
            model_name="regionalpack",
            name="failed_at",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="en échec le"
            ),
        ),
        migrations.AddField(
            model_name="regionalpack",
            name="figures",
            field=models.JSONField(default=dict, verbose_name="chiffres imprimés"),
        ),
    ]
