from rest_framework import serializers


class TokenIn(serializers.Serializer):
    grant_type = serializers.ChoiceField([("client_credentials", "client_credentials")])
    scope = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=400,
        help_text="Droits voulus, séparés par des espaces ; le jeton les porte tous, demandés ou non",
    )
    client_id = serializers.CharField(
        required=False, max_length=36, help_text="Le même identifiant que par HTTP Basic"
    )


class TokenOut(serializers.Serializer):
    access_token = serializers.CharField(help_text="À envoyer ensuite : Authorization: Bearer …")
    token_type = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="En secondes")
    scope = serializers.CharField(help_text="Les droits du logiciel, séparés par des espaces")


class TokenRefusalOut(serializers.Serializer):  # RFC 6749 §5.2
    error = serializers.CharField(help_text="Stable, pour les programmes")
    error_description = serializers.CharField(help_text="Une phrase, sans accent : OAuth n’en admet pas")
