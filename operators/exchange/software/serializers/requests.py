from rest_framework import serializers

from beneficiaries.request.enums import AccessNeed, CommuneBasis, Need, RequestState, Situation, Urgency
from beneficiaries.request.models import ServiceRequest
from operators.exchange.software.serializers.instants import SpanQuery, there


class RequestsQuery(SpanQuery):
    state = serializers.ChoiceField(RequestState.choices, required=False)


class RequestOut(serializers.Serializer):
    reference = serializers.CharField(help_text="Celle de l’attestation, sans tirets")
    state = serializers.ChoiceField(RequestState.choices)
    requested_at = serializers.DateTimeField(help_text="L’instant de la demande : il ne change jamais")
    zone = serializers.CharField(help_text="Fuseau de la commune")
    person = serializers.UUIDField(
        allow_null=True, help_text="Stable et sans sens ; absent tant que la personne ne s’est pas nommée"
    )
    situation = serializers.ChoiceField(Situation.choices)
    commune = serializers.CharField(help_text="Code INSEE")
    commune_basis = serializers.ChoiceField(CommuneBasis.choices)
    needs = serializers.ListField(child=serializers.ChoiceField(Need.choices))
    urgency = serializers.ChoiceField(Urgency.choices)
    access_needs = serializers.ListField(child=serializers.ChoiceField(AccessNeed.choices))


def request_out(request: ServiceRequest) -> dict:
    """What an intake officer reads of a request, without name nor contact."""
    zone = request.commune.department.zone
    return {
        "reference": request.reference,
        "state": request.state,
        "requested_at": there(request.requested_at, zone),
        "zone": zone,
        "person": str(request.beneficiary.uuid) if request.beneficiary else None,
        "situation": request.situation,
        "commune": request.commune_id,
        "commune_basis": request.commune_basis,
        "needs": request.needs,
        "urgency": request.urgency,
        "access_needs": request.access_needs,
    }
