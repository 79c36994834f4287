"""Pathways and sessions as facts: when, how long, at which level, how it ended. Never what was said."""

from rest_framework import serializers

from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.enums import (
    Attendance,
    ClosingOutcome,
    CorrectionReason,
    NextStep,
    PathwayState,
    Theme,
)
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.exchange.software.serializers.instants import DaysQuery, InstantField, SpanQuery, there
from operators.network.enums import Mode, ServiceLevel

OUTCOMES = [*ClosingOutcome.choices, ("", "en cours")]


class PathwaysQuery(DaysQuery):
    state = serializers.ChoiceField(PathwayState.choices, required=False)


class SessionsQuery(SpanQuery):
    pathway = serializers.UUIDField(required=False, help_text="Les séances d’un seul parcours")
    recorded_since = InstantField(required=False, help_text="Saisies à partir de cet instant, compris")


class PathwayOut(serializers.Serializer):
    id = serializers.UUIDField()
    person = serializers.UUIDField(help_text="Identifiant de la personne, stable et sans sens")
    reference = serializers.CharField(allow_null=True, help_text="Référence de la demande")
    region = serializers.CharField(help_text="Code INSEE de la région qui compte l’entrée")
    adviser = serializers.UUIDField(help_text="Le conseiller référent")
    entered_on = serializers.DateField(help_text="Jour local de la première séance")
    state = serializers.ChoiceField(PathwayState.choices)
    closed_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.ChoiceField(OUTCOMES, help_text="L’issue, une fois le parcours clos")
    reopened_at = serializers.DateTimeField(allow_null=True)
    zone = serializers.CharField()


class SessionOut(serializers.Serializer):
    id = serializers.UUIDField()
    pathway = serializers.UUIDField()
    appointment = serializers.UUIDField(allow_null=True)
    adviser = serializers.UUIDField()
    site = serializers.UUIDField()
    starts_at = serializers.DateTimeField()
    zone = serializers.CharField()
    held_on = serializers.DateField(help_text="Jour local de la séance : il fait son mois")
    duration_minutes = serializers.IntegerField()
    level = serializers.ChoiceField(ServiceLevel.choices)
    mode = serializers.ChoiceField(Mode.choices)
    is_unplanned = serializers.BooleanField(help_text="Sans rendez-vous, un appel le plus souvent")
    recorded_at = serializers.DateTimeField(help_text="Quand elle a été saisie : l’autre horloge")


class HeldIn(serializers.Serializer):
    starts_at = InstantField(help_text="Début réel")
    duration_minutes = serializers.IntegerField(min_value=5, max_value=300)
    level = serializers.ChoiceField(ServiceLevel.choices)
    mode = serializers.ChoiceField(Mode.choices)
    themes = serializers.ListField(
        child=serializers.ChoiceField(Theme.choices),
        allow_empty=False,
        help_text="Thèmes abordés ; ils s’écrivent, l’API ne les rend jamais",
    )


class CorrectionIn(HeldIn):  # the session as it was; its themes are written anew, as none is ever read back
    starts_at = InstantField(help_text="Début réel")
    next_step = serializers.ChoiceField(
        [choice for choice in NextStep.choices if choice[0] != NextStep.CLOSE],
        required=False,
        help_text="Inchangée si elle manque ; la fin d’un parcours ne se corrige pas ici",
    )
    reason = serializers.ChoiceField(CorrectionReason.choices, help_text="Pourquoi la séance est corrigée")


class LogIn(serializers.Serializer):
    appointment = serializers.UUIDField(help_text="Le rendez-vous, passé ou commencé")
    attendance = serializers.ChoiceField(Attendance.choices)
    held = HeldIn(required=False, help_text="Si la personne est venue")
    next_step = serializers.ChoiceField(
        NextStep.choices, required=False, default="", allow_blank=True, help_text="Si la personne est venue"
    )
    outcome = serializers.ChoiceField(
        ClosingOutcome.to_choose(),
        required=False,
        default="",
        allow_blank=True,
        help_text="Avec CLOSE seulement",
    )
    cancelled_at = InstantField(required=False, help_text="Si le rendez-vous a été annulé avant")

    def validate(self, attrs: dict) -> dict:
        if attrs["attendance"] == Attendance.ATTENDED:
            if "held" not in attrs:
                raise serializers.ValidationError({"held": ["Dites quand et comment elle s’est tenue."]})
        elif "held" in attrs:
            raise serializers.ValidationError({"held": ["La personne n’est pas venue : rien ne s’est tenu."]})
        if "cancelled_at" in attrs and attrs["attendance"] not in Attendance.cancelled:
            raise serializers.ValidationError({"cancelled_at": ["Ce rendez-vous n’a pas été annulé."]})
        return attrs

    def facts(self, appointment: Appointment) -> dict:
        """As operators.casework.pathways.services.log_session takes them; it began as booked unless said."""
        told = self.validated_data
        held = told.get("held", {})
        return {
            "attendance": told["attendance"],
            "level": held.get("level", ""),
            "mode": held.get("mode", ""),
            "starts_at": held.get("starts_at") or appointment.starts_at,
            "duration_minutes": held.get("duration_minutes", 0),
            "themes": held.get("themes", []),
            "next_step": told["next_step"],
            "outcome": told["outcome"],
            "cancelled_at": told.get("cancelled_at"),
        }


class LogOut(serializers.Serializer):
    appointment = serializers.UUIDField()
    state = serializers.ChoiceField(AppointmentState.choices)
    session = SessionOut(allow_null=True, help_text="Rien quand la personne n’est pas venue")


def pathway_out(pathway: Pathway) -> dict:
    zone = pathway.adviser.site.zone
    return {
        "id": str(pathway.uuid),
        "person": str(pathway.beneficiary.uuid),
        "reference": pathway.service_request.reference if pathway.service_request else None,
        "region": pathway.region_id,
        "adviser": str(pathway.adviser.uuid),
        "entered_on": pathway.entered_on.isoformat(),
        "state": pathway.state,
        "closed_at": there(pathway.closed_at, zone),
        "outcome": pathway.outcome,
        "reopened_at": there(pathway.reopened_at, zone),
        "zone": zone,
    }


def session_out(session: CounsellingSession) -> dict:
    return {
        "id": str(session.uuid),
        "pathway": str(session.pathway.uuid),
        "appointment": str(session.appointment.uuid) if session.appointment else None,
        "adviser": str(session.adviser.uuid),
        "site": str(session.site.uuid),
        "starts_at": there(session.starts_at, session.zone),
        "zone": session.zone,
        "held_on": session.held_on.isoformat(),
        "duration_minutes": session.duration_minutes,
        "level": session.level,
        "mode": session.mode,
        "is_unplanned": session.is_unplanned,
        "recorded_at": there(session.recorded_at, session.zone),
    }


def log_out(appointment: Appointment, session: CounsellingSession | None) -> dict:
    return {
        "appointment": str(appointment.uuid),
        "state": appointment.state,
        "session": session_out(session) if session else None,
    }
