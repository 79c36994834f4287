import django.contrib.postgres.fields
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    """Several needs and what presses, beside the one need that they replace."""

    dependencies = [("beneficiaries", "0003_capital_on_commune_basis")]

    operations = [
        migrations.AddField(
            model_name="servicerequest",
            name="needs",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("TAKE_STOCK", "Faire le point sur ma situation"),
                        ("CHANGE_JOB", "Changer de métier ou de secteur"),
                        ("TRAINING", "Me former, valider mon expérience"),
                        ("CREATE_BUSINESS", "Créer ou reprendre une entreprise"),
                        ("RESIGN_TO_RETRAIN", "Démissionner pour me reconvertir"),
                        ("GROW", "Évoluer dans mon entreprise"),
                        ("OTHER", "Autre chose, ou je ne sais pas encore"),
                    ],
                    max_length=20,
                ),
                default=list,
                verbose_name="besoins",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="servicerequest",
            name="urgency",
            field=models.CharField(
                choices=[
                    ("NO_HURRY", "Rien ne presse"),
                    ("WITHIN_MONTH", "J’aimerais avancer dans le mois"),
                    ("RESIGNATION", "Je compte démissionner"),
                    ("CONTRACT_END", "Mon contrat se termine"),
                    ("DISMISSAL", "Un licenciement est annoncé"),
                ],
                default="NO_HURRY",
                max_length=20,
                verbose_name="urgence",
            ),
        ),
        # Back in 0006, with the new columns: the rows are filled in between, both ways.
        pgtrigger.migrations.RemoveTrigger(model_name="servicerequest", name="facts_fixed"),
    ]
