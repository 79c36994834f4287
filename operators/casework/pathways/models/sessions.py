import uuid
from datetime import datetime, timedelta

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from beneficiaries.request.models import untouched
from cep_portal.common.marks import by_mark, changed_xid, marked
from cep_portal.common.pasts import known_from
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.enums import NextStep, Theme
from operators.casework.pathways.models.former import SESSION_CHANGING, SESSION_PAST
from operators.casework.pathways.models.pathways import Pathway, of_pathway
from operators.network.enums import Mode, ServiceLevel
from operators.network.models import Adviser, Site

# A pathway joined into another holds no session: else one human being would count as two entries.
PATHWAY_COUNTS = """
    IF EXISTS (SELECT FROM operators_pathway WHERE id = NEW.pathway_id AND joined_into_id IS NOT NULL) THEN
        RAISE EXCEPTION 'the pathway is joined into another'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'session_of_counted_pathway';
    END IF;
    RETURN NEW;
"""


# From the start of a session to its end, half-open; a plain `Func`, so that a migration writes it whole. The
# files of facts ask in the same words (rules.sessions.held_time), and find the index.
HELD_TIME = Func(
    template=(
        "tsrange(starts_at AT TIME ZONE 'UTC',"
        " (starts_at AT TIME ZONE 'UTC') + make_interval(mins => duration_minutes::integer))"
    )
)


def day_in_zone(instant: F, zone: F) -> Func:
    """Return the calendar day of an instant in a zone, in SQL: the month of an act is its local month."""
    return Func(
        instant,
        zone,
        template="((%(expressions)s)::date)",
        arg_joiner=" AT TIME ZONE ",
        output_field=models.DateField(),
    )


class CounsellingSession(models.Model):
    """A session that really took place: the paid act. Two clocks: `starts_at` and `recorded_at`.

    No two overlap for one adviser, nor for one person: here within a pathway, and by the services whatever
    the pathway, since two files of one person may meet in a merge (ADR 0056).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pathway = models.ForeignKey(Pathway, models.PROTECT, related_name="sessions")
    appointment = models.OneToOneField(
        Appointment, models.PROTECT, null=True, blank=True, related_name="session"
    )
    adviser = models.ForeignKey(Adviser, models.PROTECT, related_name="sessions")
    site = models.ForeignKey(Site, models.PROTECT, related_name="sessions")
    starts_at = models.DateTimeField("début")
    zone = models.CharField("fuseau horaire", max_length=40)
    held_on = models.GeneratedField(
        expression=day_in_zone(F("starts_at"), F("zone")),
        output_field=models.DateField(),
        db_persist=True,
    )
    duration_minutes = models.PositiveSmallIntegerField("durée en minutes")
    level = models.CharField("niveau", max_length=3, choices=ServiceLevel)
    mode = models.CharField("modalité", max_length=10, choices=Mode)
    themes = ArrayField(models.CharField(max_length=20, choices=Theme), verbose_name="thèmes")
    next_step = models.CharField("suite", max_length=15, choices=NextStep)
    recorded_at = models.DateTimeField("saisie le")
    is_unplanned = models.BooleanField("imprévue", default=False, db_default=False)
    changed_xid = changed_xid()
    known_from = known_from()

    class Meta:
        verbose_name = "séance"
        indexes = [
            by_mark("session_changed"),
            models.Index(fields=["held_on", "pathway"], name="session_held_on"),
        ]
        constraints = [
            ExclusionConstraint(
                name="session_adviser_never_twice",
                expressions=[
                    ("adviser", RangeOperators.EQUAL),
                    (HELD_TIME, RangeOperators.OVERLAPS),
                ],
                violation_error_message="Une autre séance de ce conseiller est déjà saisie à cette heure.",
            ),
            ExclusionConstraint(
                name="session_person_never_twice",
                expressions=[
                    ("pathway", RangeOperators.EQUAL),
                    (HELD_TIME, RangeOperators.OVERLAPS),
                ],
                violation_error_message="Une autre séance de cette personne est déjà saisie à cette heure.",
            ),
            models.CheckConstraint(
                name="session_unplanned_unbooked",
                condition=Q(is_unplanned=False) | Q(appointment__isnull=True),
                violation_error_message="Une séance imprévue n’a pas de rendez-vous.",
            ),
            models.CheckConstraint(
                name="session_duration_sane",
                condition=Q(duration_minutes__range=(5, 300)),
                violation_error_message="Une séance dure de 5 minutes à 5 heures.",
            ),
            models.CheckConstraint(
                name="session_recorded_after_start",
                condition=Q(recorded_at__gte=F("starts_at")),
                violation_error_message="On ne saisit une séance qu’une fois commencée.",
            ),
        ]
        triggers = [
            *untouched(of_pathway()),
            pgtrigger.Trigger(
                name="pathway_counts",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("pathway_id"),
                func=PATHWAY_COUNTS,
            ),
            marked(*SESSION_CHANGING),
            *SESSION_PAST,
        ]

    def __str__(self) -> str:
        return f"Séance {self.uuid}"

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.duration_minutes)
