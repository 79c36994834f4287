"""Closed lists with their codes and French words, and the territories."""

from rest_framework import serializers

from beneficiaries.request.enums import AccessNeed, CommuneBasis, Need, RequestState, Situation, Urgency
from cep_portal.territories.models import Commune, Department, Region
from operators.booking.agenda.enums import AppointmentState, CancelledBy, CancelReason, Channel
from operators.casework.pathways.enums import Attendance, ClosingOutcome, NextStep, PathwayState, Theme
from operators.exchange.deliveries.enums import DeliveryState
from operators.network.enums import Mode, ServiceLevel

LISTS = {
    "access_needs": AccessNeed,
    "appointment_states": AppointmentState,
    "attendances": Attendance,
    "cancel_reasons": CancelReason,
    "cancelled_by": CancelledBy,
    "channels": Channel,
    "closing_outcomes": ClosingOutcome,
    "commune_bases": CommuneBasis,
    "delivery_states": DeliveryState,
    "levels": ServiceLevel,
    "modes": Mode,
    "needs": Need,
    "next_steps": NextStep,
    "pathway_states": PathwayState,
    "request_states": RequestState,
    "situations": Situation,
    "themes": Theme,
    "urgencies": Urgency,
}


class CodeOut(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()


class ListsOut(serializers.Serializer):
    lists = serializers.DictField(child=CodeOut(many=True))


class CommunesQuery(serializers.Serializer):
    department = serializers.RegexField(
        r"^[0-9][0-9AB][0-9]?$", help_text="Code du département, par exemple 35, 2A ou 974"
    )


class RegionOut(serializers.Serializer):
    code = serializers.CharField(help_text="Code INSEE")
    name = serializers.CharField()
    zone = serializers.CharField(help_text="Fuseau horaire")


class DepartmentOut(RegionOut):
    region = serializers.CharField(help_text="Code INSEE de la région")


class CommuneOut(serializers.Serializer):
    code = serializers.CharField(help_text="Code INSEE")
    name = serializers.CharField()
    department = serializers.CharField()
    postcodes = serializers.ListField(child=serializers.CharField())


class RegionsOut(serializers.Serializer):
    results = RegionOut(many=True)


class DepartmentsOut(serializers.Serializer):
    results = DepartmentOut(many=True)


class CommunesOut(serializers.Serializer):
    results = CommuneOut(many=True)


def lists_out() -> dict:
    return {
        "lists": {
            name: [{"code": code, "label": label} for code, label in kind.choices]
            for name, kind in LISTS.items()
        }
    }


def region_out(region: Region) -> dict:
    return {"code": region.code, "name": region.name, "zone": region.zone}


def department_out(department: Department) -> dict:
    return {
        "code": department.code,
        "name": department.name,
        "zone": department.zone,
        "region": department.region_id,
    }


def commune_out(commune: Commune) -> dict:
    return {
        "code": commune.code,
        "name": commune.name,
        "department": commune.department_id,
        "postcodes": sorted(row.postcode for row in commune.postcodes.all()),
    }
