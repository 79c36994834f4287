from django.db import models


class LinkFailure(models.Model):
    """How many signed links did not open on a day, by reason: written at night by the agenda's night task."""

    class Reason(models.TextChoices):
        ALTERED = "ALTERED", "lien coupé ou modifié"
        UNKNOWN = "UNKNOWN", "rendez-vous inconnu"
        OVER = "OVER", "lien terminé"

    day = models.DateField("jour")
    reason = models.CharField("raison", max_length=10, choices=Reason)
    count = models.PositiveIntegerField("nombre")

    class Meta:
        verbose_name = "échec de lien"
        constraints = [
            models.UniqueConstraint(
                name="link_failure_once_a_day",
                fields=["day", "reason"],
                violation_error_message="Un compte par jour et par raison.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.reason}"
