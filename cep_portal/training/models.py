from datetime import timedelta

import pgtrigger
from django.db import models
from django.db.models import Q

FORWARD_ONLY = "L’horloge du lieu n’avance que vers l’avant."
INVENTED_ONLY = """
IF EXISTS (SELECT 1 FROM accounts_organisation WHERE NOT is_fictional)
   OR EXISTS (SELECT 1 FROM accounts_user WHERE email <> '' AND right(email, 8) <> '.example') THEN
    RAISE EXCEPTION 'a database with real organisations or people is no training place';
END IF;
RETURN NEW;
"""
ONLY_FORWARD = "RAISE EXCEPTION 'the clock of the training place only goes forward';"


class TrainingPlace(models.Model):
    """The one row that makes a database a training place; only its services move its clock.

    Without it nothing is ever put back, and the database refuses it beside real organisations or people.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    opened_at = models.DateTimeField("premier jour")
    ahead = models.DurationField("avance sur l’heure réelle", default=timedelta)
    moving_to = models.DateTimeField("en route vers", null=True, blank=True)
    failures = models.JSONField("tâches de nuit en échec", default=list, blank=True)

    objects = models.Manager()

    class Meta:
        verbose_name = "lieu d’entraînement"
        constraints = [
            models.CheckConstraint(name="training_place_alone", condition=Q(id=1)),
            models.CheckConstraint(
                name="training_clock_never_late",
                condition=Q(ahead__gte=timedelta()),
                violation_error_message=FORWARD_ONLY,
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="invented_only", operation=pgtrigger.Insert, when=pgtrigger.Before, func=INVENTED_ONLY
            ),
            pgtrigger.Trigger(
                name="only_forward",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__ahead__lt=pgtrigger.F("old__ahead")),
                func=ONLY_FORWARD,
            ),
        ]

    def __str__(self) -> str:
        return f"lieu ouvert le {self.opened_at}"
