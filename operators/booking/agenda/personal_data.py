"""What this subject keeps about people, column by column (cep_portal.common.personal_data)."""

from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, FileKind, PersonManifest, Treatment
from operators.booking.agenda import person_file
from operators.booking.agenda.models import (
    Absence,
    AdviserTime,
    Appointment,
    CalendarFeed,
    FormerAppointment,
    LinkFailure,
    OpeningException,
    OpeningRule,
    RecurringAbsence,
    Replacement,
)

AGENTS = "Organiser l’accueil. Ne concerne que des agents."

MANIFESTS = (
    PersonManifest(
        model=Appointment,
        title="Vos rendez-vous",
        purpose="Vous recevoir à l’heure prévue.",
        retention=retention.WITHOUT_IDENTITY,
        order=30,
        rows=lambda subject: Appointment.objects.filter(beneficiary=subject.beneficiary_id).select_related(
            "site__commune"
        ),
        personal=dict.fromkeys(
            (
                *("period", "level", "mode", "state", "channel", "booked_at", "cancelled_at"),
                *("cancelled_by", "cancel_reason", "move_count", "is_offer"),
            ),
            KEPT,
        ),
        sensitive={"access_needs": []},
        technical=(
            *("id", "uuid", "adviser", "second_adviser", "site", "service_request", "beneficiary"),
            *(
                "busy_period",
                "idempotency_key",
                "hold_expires_at",
                "hold_end",
                "moved_from",
                "calendar_sequence",
            ),
            *("video_url", "outcome_at", "changed_xid", "known_from"),
        ),
        extra={"lieu": lambda row: f"{row.site.name}, {row.site.commune.name}"},
        on_merge={"beneficiary": Treatment.MOVES},
        opened=FileKind("Rendez-vous", person_file.appointment_readers),
    ),
    PersonManifest(
        model=Replacement,
        title="Ce qui vous a été proposé quand un rendez-vous n’a pu être tenu",
        purpose="Vous recevoir malgré une absence ou une fermeture.",
        retention=retention.WITHOUT_IDENTITY,
        order=32,
        rows=lambda subject: Replacement.objects.filter(
            appointment__beneficiary=subject.beneficiary_id
        ).select_related("appointment"),
        personal=dict.fromkeys(("reason", "slots", "state", "asked_at", "answer_by", "answered_at"), KEPT),
        technical=("id", "uuid", "appointment", "absence", "closure", "former_adviser", "colleague"),
        extra={"rendez-vous du": lambda row: row.appointment.starts_at},
    ),
    PersonManifest(
        model=Absence,
        title="Absence",
        purpose=AGENTS,
        retention=retention.AS_LONG_AS_THE_CONTRACT,
        rows=None,
        personal=dict.fromkeys(("adviser", "period"), KEPT),
        technical=("id", "uuid"),
    ),
    PersonManifest(
        model=CalendarFeed,
        title="Adresse d’agenda",
        purpose=AGENTS,
        retention=retention.AS_LONG_AS_THE_CONTRACT,
        rows=None,
        personal=dict.fromkeys(("adviser", "created_at"), KEPT),
        technical=("token_hash",),
    ),
    PersonManifest(
        model=RecurringAbsence,
        title="Absence régulière",
        purpose=AGENTS,
        retention=retention.AS_LONG_AS_THE_CONTRACT,
        rows=None,
        personal=dict.fromkeys(
            ("adviser", "weekday", "starts", "ends", "every_weeks", "first_on", "last_on"), KEPT
        ),
        technical=("id", "uuid"),
    ),
)
# Versions of before hold keys, dates and closed lists alone (ADR 0067): an erasure has nothing to take there.
IMPERSONAL = (OpeningRule, OpeningException, AdviserTime, LinkFailure, FormerAppointment)
