from datetime import datetime, timedelta

from rest_framework import serializers

from beneficiaries.request.enums import AccessNeed
from operators.booking.agenda.selectors import Slot, SlotTime
from operators.exchange.software.rules import WINDOW
from operators.exchange.software.serializers.instants import InstantField, there
from operators.network.enums import Mode, ServiceLevel
from operators.network.models import Site


class SiteOut(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    commune = serializers.CharField(help_text="Code INSEE")
    zone = serializers.CharField(help_text="Fuseau horaire, par exemple Indian/Reunion")
    is_step_free = serializers.BooleanField(help_text="Sans marche")


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


class SlotOut(serializers.Serializer):
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    zone = serializers.CharField()


class SlotsOut(serializers.Serializer):
    results = SlotOut(many=True)


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
        "starts_at": there(slot.starts_at, slot.zone),
        "ends_at": there(slot.ends_at, slot.zone),
        "zone": slot.zone,
    }
