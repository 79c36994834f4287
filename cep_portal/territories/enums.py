from django.db import models


class PlaceKind(models.TextChoices):
    """What another name of a commune is (INSEE, code officiel géographique); a district is no commune."""

    DELEGATED = "DELEGATED", "commune déléguée"
    ASSOCIATED = "ASSOCIATED", "commune associée"
    MUNICIPAL = "MUNICIPAL", "arrondissement"
    DISTRICT = "DISTRICT", "quartier ou ville nouvelle"
