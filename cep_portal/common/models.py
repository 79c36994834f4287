from django.db import models


class SpareEntry(models.Model):
    """What the cache keeps while Valkey is away; written by cep_portal.common.spare_cache alone."""

    key = models.CharField("clé", primary_key=True, max_length=300)
    value = models.BinaryField("valeur", null=True)
    number = models.BigIntegerField("compte", null=True)
    expires_at = models.DateTimeField("périmé le", null=True, db_index=True)

    class Meta:
        verbose_name = "entrée de secours"

    def __str__(self) -> str:
        return self.key


class SentForm(models.Model):
    """A form that was answered, and where it led; written by cep_portal.common.sent_once alone."""

    digest = models.CharField("empreinte", max_length=64, unique=True)
    sent_at = models.DateTimeField("envoyé le", db_index=True)
    location = models.CharField("page suivante", max_length=2000, blank=True)
    said = models.JSONField("messages", default=list)

    class Meta:
        verbose_name = "formulaire envoyé"

    def __str__(self) -> str:
        return self.digest
