from rest_framework import serializers

from operators.exchange.software.serializers.places import SlotOut


class WrongValueOut(serializers.Serializer):
    field = serializers.CharField(allow_blank=True, help_text="person.email pour ce qui est emboîté")
    message = serializers.CharField()


class RefusalOut(serializers.Serializer):  # RFC 9457
    type = serializers.CharField(help_text="Stable, pour les programmes : urn:mon-cep:…")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="Une phrase, pour les personnes")
    errors = WrongValueOut(
        many=True, required=False, help_text="422 : chaque valeur à corriger ; 400 : chaque nom inconnu"
    )
    moved_to = serializers.UUIDField(
        required=False, help_text="appointment_moved : le rendez-vous qui le remplace"
    )
    nearest = SlotOut(many=True, required=False, help_text="slot_taken : les heures libres les plus proches")
