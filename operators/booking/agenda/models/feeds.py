from django.db import models

from operators.network.models import Adviser


class CalendarFeed(models.Model):
    """The private calendar address of an adviser: its secret is kept hashed, and shown once."""

    adviser = models.OneToOneField(Adviser, models.CASCADE, primary_key=True, related_name="calendar_feed")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField("créée le")

    class Meta:
        verbose_name = "adresse d’agenda"

    def __str__(self) -> str:
        return f"Agenda de {self.pk}"
