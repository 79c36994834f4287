import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Region",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=3, primary_key=True, serialize=False, verbose_name="code INSEE"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="nom")),
                ("population", models.PositiveIntegerField(verbose_name="population")),
                ("zone", models.CharField(max_length=40, verbose_name="fuseau horaire")),
            ],
            options={
                "verbose_name": "région",
            },
        ),
        migrations.CreateModel(
            name="Department",
            fields=[
                (
                    "code",
                    models.CharField(max_length=3, primary_key=True, serialize=False, verbose_name="code"),
                ),
                ("name", models.CharField(max_length=60, verbose_name="nom")),
                ("zone", models.CharField(max_length=40, verbose_name="fuseau horaire")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="departments",
                        to="territories.region",
                    ),
                ),
            ],
            options={
                "verbose_name": "département",
            },
        ),
        migrations.CreateModel(
            name="Commune",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=5, primary_key=True, serialize=False, verbose_name="code INSEE"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="nom")),
                ("search_name", models.CharField(editable=False, max_length=80)),
                ("population", models.PositiveIntegerField(verbose_name="population")),
                ("longitude", models.FloatField(verbose_name="longitude")),
                ("latitude", models.FloatField(verbose_name="latitude")),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="communes",
                        to="territories.department",
                    ),
                ),
            ],
            options={
                "verbose_name": "commune",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("search_name", name="gin_trgm_ops"),
                        name="commune_name_trgm",
                    ),
                    models.Index(
                        django.contrib.postgres.indexes.OpClass("search_name", name="varchar_pattern_ops"),
                        name="commune_name_prefix",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CommunePostcode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("postcode", models.CharField(max_length=5, verbose_name="code postal")),
                (
                    "commune",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="postcodes",
                        to="territories.commune",
                    ),
                ),
            ],
            options={
                "verbose_name": "code postal",
                "indexes": [
                    models.Index(
                        django.contrib.postgres.indexes.OpClass("postcode", name="varchar_pattern_ops"),
                        name="postcode_prefix",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("commune", "postcode"), name="commune_postcode_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("postcode__regex", "^\\d{5}$")),
                        name="postcode_digits",
                        violation_error_message="Un code postal compte 5 chiffres.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicHoliday",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="jour")),
                ("name", models.CharField(max_length=80, verbose_name="nom")),
                ("is_legal", models.BooleanField(verbose_name="légal")),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holidays",
                        to="territories.department",
                    ),
                ),
            ],
            options={
                "verbose_name": "jour férié",
                "constraints": [
                    models.UniqueConstraint(fields=("department", "day"), name="holiday_once_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="EmployedPopulation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="année")),
                ("total", models.PositiveIntegerField(verbose_name="personnes en emploi")),
                ("employees", models.PositiveIntegerField(null=True, verbose_name="salariés")),
                ("self_employed", models.PositiveIntegerField(null=True, verbose_name="non-salariés")),
                ("status", models.CharField(max_length=200, verbose_name="statut")),
                ("scope", models.CharField(max_length=300, verbose_name="champ")),
                ("source_url", models.URLField(max_length=300, verbose_name="source")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="employed_populations",
                        to="territories.region",
                    ),
                ),
            ],
            options={
                "verbose_name": "population en emploi",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "year"), name="employed_population_once_a_year"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("employees__isnull", True),
                            ("employees__lte", models.F("total")),
                            _connector="OR",
                        ),
                        name="employed_population_parts_fit",
                        violation_error_message="Les salariés dépassent le total.",
                    ),
                ],
            },
        ),
    ]
