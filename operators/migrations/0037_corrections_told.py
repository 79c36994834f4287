import django.contrib.postgres.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_drafts"),
        ("operators", "0036_situations_marked"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="webhooksubscription",
            name="webhook_kinds_known",
        ),
        migrations.AlterField(
            model_name="webhookmessage",
            name="kind",
            field=models.CharField(
                choices=[
                    ("REQUEST_REGISTERED", "demande reçue"),
                    ("APPOINTMENT_BOOKED", "rendez-vous pris"),
                    ("APPOINTMENT_MOVED", "rendez-vous déplacé"),
                    ("APPOINTMENT_CANCELLED", "rendez-vous annulé"),
                    ("APPOINTMENT_ATTENDED", "rendez-vous honoré"),
                    ("APPOINTMENT_NO_SHOW", "rendez-vous non honoré"),
                    ("APPOINTMENT_RESTORED", "absence retirée, rendez-vous à saisir"),
                    ("SESSION_LOGGED", "séance saisie"),
                    ("SESSION_CORRECTED", "séance corrigée"),
                    ("PATHWAY_ENTERED", "parcours commencé"),
                    ("PATHWAY_REOPENED", "parcours repris"),
                    ("PATHWAY_CONTINUED", "parcours reçu d’un autre opérateur"),
                    ("PATHWAY_CLOSED", "parcours clos"),
                    ("DELIVERY_FINISHED", "remontée lue"),
                    ("TEST", "essai"),
                ],
                max_length=24,
                verbose_name="événement",
            ),
        ),
        migrations.AlterField(
            model_name="webhooksubscription",
            name="kinds",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("REQUEST_REGISTERED", "demande reçue"),
                        ("APPOINTMENT_BOOKED", "rendez-vous pris"),
                        ("APPOINTMENT_MOVED", "rendez-vous déplacé"),
                        ("APPOINTMENT_CANCELLED", "rendez-vous annulé"),
                        ("APPOINTMENT_ATTENDED", "rendez-vous honoré"),
                        ("APPOINTMENT_NO_SHOW", "rendez-vous non honoré"),
                        ("APPOINTMENT_RESTORED", "absence retirée, rendez-vous à saisir"),
                        ("SESSION_LOGGED", "séance saisie"),
                        ("SESSION_CORRECTED", "séance corrigée"),
                        ("PATHWAY_ENTERED", "parcours commencé"),
                        ("PATHWAY_REOPENED", "parcours repris"),
                        ("PATHWAY_CONTINUED", "parcours reçu d’un autre opérateur"),
                        ("PATHWAY_CLOSED", "parcours clos"),
                        ("DELIVERY_FINISHED", "remontée lue"),
                        ("TEST", "essai"),
                    ],
                    max_length=24,
                ),
                verbose_name="événements",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhooksubscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kinds__contained_by",
                        [
                            "REQUEST_REGISTERED",
                            "APPOINTMENT_BOOKED",
                            "APPOINTMENT_MOVED",
                            "APPOINTMENT_CANCELLED",
                            "APPOINTMENT_ATTENDED",
                            "APPOINTMENT_NO_SHOW",
                            "APPOINTMENT_RESTORED",
                            "SESSION_LOGGED",
                            "SESSION_CORRECTED",
                            "PATHWAY_ENTERED",
                            "PATHWAY_REOPENED",
                            "PATHWAY_CONTINUED",
                            "PATHWAY_CLOSED",
                            "DELIVERY_FINISHED",
                            "TEST",
                        ],
                    ),
                    ("kinds__len__gt", 0),
                    models.Q(("kinds__contains", ["TEST"]), _negated=True),
                ),
                name="webhook_kinds_known",
                violation_error_message="Un abonnement suit au moins un événement de la liste.",
            ),
        ),
    ]
