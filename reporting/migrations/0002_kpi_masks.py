from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="kpirun",
            name="masked_totals",
            field=models.JSONField(
                default=list, verbose_name="totaux nationaux masqués"
            ),
        ),
        migrations.AddField(
            model_name="kpirun",
            name="masking_threshold",
            field=models.PositiveSmallIntegerField(
                default=5, verbose_name="seuil du secret statistique"
            ),
        ),
        migrations.AddField(
            model_name="kpivalue",
            name="is_masked",
            field=models.BooleanField(default=False, verbose_name="secret statistique"),
        ),
    ]
