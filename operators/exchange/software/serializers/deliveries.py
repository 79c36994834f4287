from rest_framework import serializers

from operators.exchange.deliveries.enums import DeliveryState
from operators.exchange.deliveries.models import DataDelivery, RefusedLine
from operators.exchange.deliveries.rules.columns import NAMES


class DeliveryQuery(serializers.Serializer):
    trial = serializers.BooleanField(default=False, help_text="true : vérifier sans rien écrire")


class DeliveryOut(serializers.Serializer):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(DeliveryState.choices)
    reason = serializers.CharField(allow_blank=True, help_text="Pourquoi rien n’a été pris")
    is_trial = serializers.BooleanField()
    sent_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    line_count = serializers.IntegerField()
    new_count = serializers.IntegerField()
    changed_count = serializers.IntegerField()
    same_count = serializers.IntegerField()
    withdrawn_count = serializers.IntegerField()
    refused_count = serializers.IntegerField()
    refused_fields = serializers.DictField(child=serializers.IntegerField())
    remarks = serializers.ListField(
        child=serializers.CharField(), help_text="Ce qui n’est pas lu du fichier : autres feuilles, titre"
    )


class WrongCellOut(serializers.Serializer):
    field = serializers.CharField()
    what = serializers.CharField(help_text="Ce qui ne va pas")
    how = serializers.CharField(help_text="Comment le corriger")


class RefusedLineOut(serializers.Serializer):
    number = serializers.IntegerField(help_text="Rang de la ligne, comme dans le fichier envoyé")
    line = serializers.DictField(child=serializers.CharField())
    problems = WrongCellOut(many=True)


def delivery_out(delivery: DataDelivery) -> dict:
    return {
        "id": str(delivery.uuid),
        "state": delivery.state,
        "reason": delivery.reason,
        "is_trial": delivery.is_trial,
        "sent_at": delivery.sent_at.isoformat(),
        "finished_at": delivery.finished_at.isoformat() if delivery.finished_at else None,
        "line_count": delivery.line_count,
        "new_count": delivery.new_count,
        "changed_count": delivery.changed_count,
        "same_count": delivery.same_count,
        "withdrawn_count": delivery.withdrawn_count,
        "refused_count": delivery.refused_count,
        "refused_fields": delivery.refused_fields,
        "remarks": delivery.remarks,
    }


def refused_out(refused_line: RefusedLine) -> dict:
    line = {name: cell for name, cell in zip(NAMES, refused_line.cells, strict=True) if cell}
    return {"number": refused_line.number, "line": line, "problems": refused_line.problems}
