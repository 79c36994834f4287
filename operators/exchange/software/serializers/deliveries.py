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
    refused_count = serializers.IntegerField()
    refused_fields = serializers.DictField(child=serializers.IntegerField())


class WrongCellOut(serializers.Serializer):
    field = serializers.CharField()
    what = serializers.CharField(help_text="Ce qui ne va pas")
    how = serializers.CharField(help_text="Comment le corriger")


class RefusedLineOut(serializers.Serializer):
    number = serializers.IntegerField(help_text="Rang de la ligne, comme dans le fichier envoyé")
    line = serializers.DictField(child=serializers.CharField())
    problems = WrongCellOut(many=True)


def delivery_out(one: DataDelivery) -> dict:
    return {
        "id": str(one.uuid),
        "state": one.state,
        "reason": one.reason,
        "is_trial": one.is_trial,
        "sent_at": one.sent_at.isoformat(),
        "finished_at": one.finished_at.isoformat() if one.finished_at else None,
        "line_count": one.line_count,
        "new_count": one.new_count,
        "changed_count": one.changed_count,
        "same_count": one.same_count,
        "refused_count": one.refused_count,
        "refused_fields": one.refused_fields,
    }


def refused_out(one: RefusedLine) -> dict:
    line = {name: cell for name, cell in zip(NAMES, one.cells, strict=True) if cell}
    return {"number": one.number, "line": line, "problems": one.problems}
