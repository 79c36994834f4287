import pgtrigger
from django.db import models
from django.db.models import F, Q

from operators.network.enums import Mode, ServiceLevel
from operators.network.models.sites import Site


def _with_instant(rank: str) -> Q:
    """A delay has its instant, an instant its delay."""
    return Q(**{f"{rank}_at__isnull": True, f"{rank}_days__isnull": True}) | Q(
        **{f"{rank}_at__isnull": False, f"{rank}_days__isnull": False}
    )


class SlotDelay(models.Model):
    """How long one waits for a slot of a site, as measured one night: a series that nobody rewrites.

    Delays count local days from `measured_on` to the first, second and third free hour; null when there is
    none before the horizon. A night without a row was not measured. `free_count` and its parts count the
    free hours of the whole horizon, an hour once whatever the number of advisers.
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="delays")
    measured_on = models.DateField("mesuré le")
    measured_at = models.DateTimeField("mesuré à")
    level = models.CharField("niveau", max_length=3, choices=ServiceLevel)
    mode = models.CharField("modalité", max_length=10, choices=Mode)
    first_at = models.DateTimeField("premier créneau", null=True)
    second_at = models.DateTimeField("deuxième créneau", null=True)
    third_at = models.DateTimeField("troisième créneau", null=True)
    first_days = models.PositiveSmallIntegerField("jours jusqu’au premier", null=True)
    second_days = models.PositiveSmallIntegerField("jours jusqu’au deuxième", null=True)
    third_days = models.PositiveSmallIntegerField("jours jusqu’au troisième", null=True)
    free_count = models.PositiveIntegerField("heures libres")
    before_9_count = models.PositiveIntegerField("avant 9 heures")
    lunch_count = models.PositiveIntegerField("entre midi et 14 heures")
    after_18_count = models.PositiveIntegerField("après 18 heures")
    saturday_count = models.PositiveIntegerField("le samedi")

    class Meta:
        verbose_name = "délai mesuré"
        constraints = [
            models.UniqueConstraint(
                fields=["site", "level", "mode", "measured_on"],
                name="slot_delay_once_a_night",
                violation_error_message="Ce délai a déjà été mesuré ce jour-là.",
            ),
            models.CheckConstraint(
                name="slot_delay_ranks_ordered",
                # A comparison with NULL is unknown, and a check lets the unknown pass.
                condition=Q(first_at__isnull=True, second_at__isnull=True, third_at__isnull=True)
                | (
                    Q(first_at__isnull=False)
                    & (
                        Q(second_at__isnull=True, third_at__isnull=True)
                        | (
                            Q(second_at__isnull=False, second_at__gt=F("first_at"))
                            & (Q(third_at__isnull=True) | Q(third_at__gt=F("second_at")))
                        )
                    )
                ),
                violation_error_message="Le deuxième créneau suit le premier, le troisième le deuxième.",
            ),
            models.CheckConstraint(
                name="slot_delay_days_with_instants",
                condition=_with_instant("first") & _with_instant("second") & _with_instant("third"),
                violation_error_message="Un délai a son créneau, un créneau a son délai.",
            ),
            models.CheckConstraint(
                name="slot_delay_counts_fit",
                condition=Q(before_9_count__lte=F("free_count"), lunch_count__lte=F("free_count"))
                & Q(after_18_count__lte=F("free_count"), saturday_count__lte=F("free_count"))
                & (Q(free_count=0, first_at__isnull=True) | Q(free_count__gt=0, first_at__isnull=False)),
                violation_error_message="Les heures comptées ne s’accordent pas.",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.site_id} {self.measured_on} {self.level} {self.mode}"
