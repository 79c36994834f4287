import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions.text import Replace

KEY = Replace("search_name", models.Value(" "), models.Value(""))


class Migration(migrations.Migration):
    """Former, delegated and associated communes, arrondissements, districts; names without their spaces."""

    dependencies = [("territories", "0002_mandate_region")]
    operations = [
        migrations.AddField(
            model_name="commune",
            name="search_key",
            field=models.GeneratedField(
                db_persist=True, expression=KEY, output_field=models.CharField(max_length=80)
            ),
        ),
        migrations.AddIndex(
            model_name="commune",
            index=models.Index(fields=["search_key"], name="commune_key"),
        ),
        migrations.CreateModel(
            name="PlaceName",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("name", models.CharField(max_length=80, verbose_name="nom")),
                ("search_name", models.CharField(editable=False, max_length=80)),
                (
                    "search_key",
                    models.GeneratedField(
                        db_persist=True, expression=KEY, output_field=models.CharField(max_length=80)
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("DELEGATED", "commune déléguée"),
                            ("ASSOCIATED", "commune associée"),
                            ("MUNICIPAL", "arrondissement"),
                            ("DISTRICT", "quartier ou ville nouvelle"),
                        ],
                        max_length=12,
                        verbose_name="nature",
                    ),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="place_names",
                        to="territories.commune",
                    ),
                ),
            ],
            options={
                "verbose_name": "nom de lieu",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("search_name", name="gin_trgm_ops"),
                        name="place_name_trgm",
                    ),
                    models.Index(
                        django.contrib.postgres.indexes.OpClass("search_name", name="varchar_pattern_ops"),
                        name="place_name_prefix",
                    ),
                    models.Index(fields=["search_key"], name="place_name_key"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("commune", "name", "kind"), name="place_name_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["DELEGATED", "ASSOCIATED", "MUNICIPAL", "DISTRICT"])
                        ),
                        name="place_name_kind",
                    ),
                ],
            },
        ),
    ]
