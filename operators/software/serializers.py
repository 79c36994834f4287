from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_datetime
from rest_framework import serializers

from beneficiaries.request.enums import AccessNeed, CommuneBasis, Need, Situation, Urgency
from beneficiaries.request.rules import PHONE_SHAPE
from cep_portal.territories.selectors import commune_by_code
from operators.agenda.enums import CancelledBy, CancelReason
from operators.agenda.models import Appointment
from operators.agenda.selectors import Slot, SlotTime
from operators.network.enums import Mode, ServiceLevel
from operators.network.models import Site
from operators.software.rules import WINDOW

NO_ZONE = "Donnez le décalage horaire, par exemple 2026-11-30T09:00:00+01:00."
YEARS = range(2000, 2200)


class InstantField(serializers.CharField):
    """An instant that says its offset: without it, nobody knows which hour is meant (RDV-I PR 3282)."""

    def to_internal_value(self, data) -> datetime:
        try:
            instant = parse_datetime(super().to_internal_value(data))
        except ValueError:
            instant = None
        if instant is None or instant.tzinfo is None or instant.year not in YEARS:
            raise serializers.ValidationError(NO_ZONE)
        return instant


class SlotsQuery(serializers.Serializer):
    site = serializers.UUIDField(help_text="Identifiant du lieu")
    level = serializers.ChoiceField(ServiceLevel.choices)
    mode = serializers.ChoiceField(Mode.choices)
    access_needs = serializers.ListField(
        child=serializers.ChoiceField(AccessNeed.choices),
        default=list,
        help_text="Besoins d’accès : les heures où la personne peut être reçue ; à répéter pour plusieurs",
    )
    starts = InstantField(required=False, help_text="Début de la fenêtre ; maintenant par défaut")
    ends = InstantField(required=False, help_text="Fin de la fenêtre, quatre semaines au plus après le début")

    def window(self, now: datetime) -> tuple[datetime, datetime]:
        starts = max(self.validated_data.get("starts", now), now)
        return starts, self.validated_data.get("ends", starts + timedelta(weeks=1))

    def check_window(self, now: datetime) -> tuple[datetime, datetime]:
        """Raises ValidationError beyond four weeks: outside callers never search further (RDV-SP PR 4728)."""
        starts, ends = self.window(now)
        if ends <= starts:
            raise serializers.ValidationError({"ends": ["La fin suit le début."]})
        if ends - starts > WINDOW:
            raise serializers.ValidationError({"ends": ["Une fenêtre dure quatre semaines au plus."]})
        return starts, ends


class PersonIn(serializers.Serializer):
    first_name = serializers.CharField(max_length=100)
    last_name = serializers.CharField(max_length=100)
    email = serializers.EmailField(required=False, default="", allow_blank=True)
    phone = serializers.RegexField(PHONE_SHAPE, max_length=20, required=False, default="", allow_blank=True)


class PlaceIn(serializers.Serializer):
    """An hour at a place."""

    site = serializers.UUIDField()
    starts_at = InstantField()
    level = serializers.ChoiceField(ServiceLevel.choices)
    mode = serializers.ChoiceField(Mode.choices)


class AppointmentIn(PlaceIn):
    """What the operator asks for a person: the answers of the public road, the hour, who."""

    situation = serializers.ChoiceField(Situation.choices)
    commune = serializers.CharField(max_length=5, help_text="Code INSEE de la commune")
    commune_basis = serializers.ChoiceField(CommuneBasis.choices)
    needs = serializers.ListField(child=serializers.ChoiceField(Need.choices), allow_empty=False)
    urgency = serializers.ChoiceField(Urgency.choices, default=Urgency.NO_HURRY)
    access_needs = serializers.ListField(child=serializers.ChoiceField(AccessNeed.choices), default=list)
    person = PersonIn()
    agreed = serializers.BooleanField(help_text="La personne a donné son accord à l’opérateur")

    def validate_commune(self, code: str):
        commune = commune_by_code(code)
        if commune is None:
            raise serializers.ValidationError("Aucune commune n’a ce code INSEE.")
        return commune

    def validate_agreed(self, agreed: bool) -> bool:  # noqa: FBT001 -- DRF's signature
        if not agreed:
            raise serializers.ValidationError("Sans l’accord de la personne, rien n’est pris à son nom.")
        return agreed


class CancelIn(serializers.Serializer):
    by = serializers.ChoiceField(CancelledBy.choices)
    reason = serializers.ChoiceField(CancelReason.choices, required=False, default="", allow_blank=True)


class TokenIn(serializers.Serializer):
    grant_type = serializers.ChoiceField([("client_credentials", "client_credentials")])


class SiteOut(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    commune = serializers.CharField(help_text="Code INSEE")
    zone = serializers.CharField(help_text="Fuseau horaire, par exemple Indian/Reunion")
    is_step_free = serializers.BooleanField()


class SlotOut(serializers.Serializer):
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    zone = serializers.CharField()


class AppointmentOut(serializers.Serializer):
    id = serializers.UUIDField()
    reference = serializers.CharField(allow_null=True, help_text="Référence de la demande")
    person = serializers.UUIDField(help_text="Identifiant de la personne, stable et sans sens")
    state = serializers.CharField()
    channel = serializers.CharField()
    level = serializers.CharField()
    mode = serializers.CharField()
    site = serializers.UUIDField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    zone = serializers.CharField()
    booked_at = serializers.DateTimeField()
    cancelled_at = serializers.DateTimeField(allow_null=True)
    cancelled_by = serializers.CharField(allow_blank=True)
    cancel_reason = serializers.CharField(allow_blank=True)
    moved_from = serializers.UUIDField(allow_null=True)
    moved_to = serializers.UUIDField(allow_null=True)


class TokenOut(serializers.Serializer):
    access_token = serializers.CharField()
    token_type = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="En secondes")


def _there(instant: datetime | None, zone: str) -> str | None:
    return instant.astimezone(ZoneInfo(zone)).isoformat() if instant else None


def site_out(site: Site) -> dict:
    return {
        "id": str(site.uuid),
        "name": site.name,
        "commune": site.commune_id,
        "zone": site.zone,
        "is_step_free": site.is_step_free,
    }


def slot_out(slot: Slot | SlotTime) -> dict:
    """Each hour once, with the offset and the zone of the place."""
    return {
        "starts_at": _there(slot.starts_at, slot.zone),
        "ends_at": _there(slot.ends_at, slot.zone),
        "zone": slot.zone,
    }


def appointment_out(one: Appointment) -> dict:
    zone, moved_to = one.site.zone, getattr(one, "moved_to", None)
    return {
        "id": str(one.uuid),
        "reference": one.service_request.reference if one.service_request else None,
        "person": str(one.beneficiary.uuid) if one.beneficiary else None,
        "state": one.state,
        "channel": one.channel,
        "level": one.level,
        "mode": one.mode,
        "site": str(one.site.uuid),
        "starts_at": _there(one.starts_at, zone),
        "ends_at": _there(one.ends_at, zone),
        "zone": zone,
        "booked_at": _there(one.booked_at, zone),
        "cancelled_at": _there(one.cancelled_at, zone),
        "cancelled_by": one.cancelled_by,
        "cancel_reason": one.cancel_reason,
        "moved_from": str(one.moved_from.uuid) if one.moved_from else None,
        "moved_to": str(moved_to.uuid) if moved_to else None,
    }
