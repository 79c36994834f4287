from typing import Any

from rest_framework import serializers

from beneficiaries.request.enums import AccessNeed, CommuneBasis, Need, Situation, Urgency
from cep_portal.common import emails, phones
from cep_portal.territories.selectors import commune_by_code
from operators.booking.agenda.enums import AppointmentState, CancelledBy, CancelReason, Channel
from operators.booking.agenda.models import Appointment
from operators.exchange.software.serializers.instants import InstantField, SpanQuery, there
from operators.network.enums import Mode, ServiceLevel

STATES = [(state, state.label) for state in AppointmentState if state not in AppointmentState.never_booked]


class AppointmentsQuery(SpanQuery):
    state = serializers.ChoiceField(STATES, required=False)


class PersonIn(serializers.Serializer):
    first_name = serializers.CharField(max_length=100)
    last_name = serializers.CharField(max_length=100)
    email = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=254, help_text="Adresse électronique"
    )
    email_checked = serializers.BooleanField(
        default=False,
        help_text="La personne a relu son adresse : une faute de frappe probable n’est plus signalée",
    )
    phone = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=40,
        help_text="Dix chiffres, ou un numéro étranger qui commence par +",
    )

    def validate_phone(self, typed: str) -> str:
        try:
            return phones.read(typed).kept if typed else ""
        except phones.PhoneRefused as refusal:
            raise serializers.ValidationError(str(refusal)) from refusal

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A likely typing error is a question: asked once, then `email_checked` answers it."""
        address, is_checked = emails.cleaned(attrs["email"]), attrs.pop("email_checked")
        if address:
            fault, proposed = emails.problem(address), emails.likely(address)
            doubt = emails.question(proposed) if proposed and (fault or not is_checked) else ""
            if fault or doubt:
                raise serializers.ValidationError({"email": f"{fault} {doubt}".strip()})
        return {**attrs, "email": address}


class PlaceIn(serializers.Serializer):
    site = serializers.UUIDField(help_text="Identifiant du lieu")
    starts_at = InstantField(help_text="Une heure donnée par /slots/")
    level = serializers.ChoiceField(ServiceLevel.choices)
    mode = serializers.ChoiceField(Mode.choices)


class AppointmentIn(PlaceIn):  # the answers of the public road, the hour, who
    situation = serializers.ChoiceField(Situation.choices)
    commune = serializers.CharField(max_length=5, help_text="Code INSEE de la commune")
    commune_basis = serializers.ChoiceField(CommuneBasis.choices)
    needs = serializers.ListField(child=serializers.ChoiceField(Need.choices), allow_empty=False)
    urgency = serializers.ChoiceField(Urgency.choices, default=Urgency.NO_HURRY)
    access_needs = serializers.ListField(child=serializers.ChoiceField(AccessNeed.choices), default=list)
    person = PersonIn()
    agreed = serializers.BooleanField(help_text="La personne a donné son accord à l’opérateur")

    def validate_commune(self, code: str) -> Any:
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


class LevelIn(serializers.Serializer):
    level = serializers.ChoiceField(ServiceLevel.choices)


class AppointmentOut(serializers.Serializer):
    id = serializers.UUIDField()
    reference = serializers.CharField(allow_null=True, help_text="Référence de la demande")
    person = serializers.UUIDField(help_text="Identifiant de la personne, stable et sans sens")
    state = serializers.ChoiceField(STATES)
    channel = serializers.ChoiceField(Channel.choices, help_text="Qui a pris le rendez-vous")
    level = serializers.ChoiceField(ServiceLevel.choices)
    mode = serializers.ChoiceField(Mode.choices)
    site = serializers.UUIDField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    zone = serializers.CharField()
    booked_at = serializers.DateTimeField()
    cancelled_at = serializers.DateTimeField(allow_null=True)
    cancelled_by = serializers.ChoiceField(CancelledBy.choices, allow_blank=True)
    cancel_reason = serializers.ChoiceField(CancelReason.choices, allow_blank=True)
    moved_from = serializers.UUIDField(allow_null=True)
    moved_to = serializers.UUIDField(allow_null=True)


def appointment_out(appointment: Appointment) -> dict:
    zone, moved_to = appointment.site.zone, getattr(appointment, "moved_to", None)
    return {
        "id": str(appointment.uuid),
        "reference": appointment.service_request.reference if appointment.service_request else None,
        "person": str(appointment.beneficiary.uuid) if appointment.beneficiary else None,
        "state": appointment.state,
        "channel": appointment.channel,
        "level": appointment.level,
        "mode": appointment.mode,
        "site": str(appointment.site.uuid),
        "starts_at": there(appointment.starts_at, zone),
        "ends_at": there(appointment.ends_at, zone),
        "zone": zone,
        "booked_at": there(appointment.booked_at, zone),
        "cancelled_at": there(appointment.cancelled_at, zone),
        "cancelled_by": appointment.cancelled_by,
        "cancel_reason": appointment.cancel_reason,
        "moved_from": str(appointment.moved_from.uuid) if appointment.moved_from else None,
        "moved_to": str(moved_to.uuid) if moved_to else None,
    }
