from django.db import models


class MessageState(models.TextChoices):
    DUE = "DUE", "à envoyer"
    SENT = "SENT", "envoyé"
    EXPIRED = "EXPIRED", "périmé"
    FAILED = "FAILED", "en échec"
    CANCELLED = "CANCELLED", "retiré"
