from rest_framework import serializers


class TokenIn(serializers.Serializer):
    grant_type = serializers.ChoiceField([("client_credentials", "client_credentials")])


class TokenOut(serializers.Serializer):
    access_token = serializers.CharField(help_text="À envoyer ensuite : Authorization: Bearer …")
    token_type = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="En secondes")
