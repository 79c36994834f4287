import uuid
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Q

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from procurement.tender.enums import RULE_SET_TRANSITIONS, LotKind, LotOutcome, RuleSetState


class SteeredQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """France compétences sees every market and lot; others read their contract elsewhere."""
        return self if user.role in Role.of_france_competences else self.none()


class RuleSet(models.Model):
    """The dated rules of a market: clauses, caps, delays, scales. Approved rows never change nor go back.

    Chosen by the market and the period, never by today's date.
    """

    code = models.CharField("code", max_length=40)
    version = models.PositiveSmallIntegerField("version", default=1)
    title = models.CharField("titre", max_length=200)
    legal_reference = models.CharField("référence", max_length=300)
    valid_from = models.DateField("en vigueur depuis")
    valid_to = models.DateField("jusqu’au", null=True, blank=True)
    state = models.CharField("état", max_length=10, choices=RuleSetState, default=RuleSetState.DRAFT)
    params = models.JSONField("paramètres", default=dict)
    is_demonstration = models.BooleanField("donnée de démonstration", default=False)

    class Meta:
        verbose_name = "référentiel de règles"
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="rule_set_version_unique"),
            models.CheckConstraint(
                name="rule_set_dates_ordered",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                violation_error_message="La fin de validité précède son début.",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="never_back",
                field="state",
                transitions=sorted(
                    (str(old), str(new)) for old, news in RULE_SET_TRANSITIONS.items() for new in news
                ),
            ),
            pgtrigger.Protect(
                name="approved_rules_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state <> 'DRAFT' AND"
                    " ROW(OLD.code, OLD.version, OLD.params, OLD.legal_reference, OLD.valid_from)"
                    " IS DISTINCT FROM"
                    " ROW(NEW.code, NEW.version, NEW.params, NEW.legal_reference, NEW.valid_from)"
                ),
            ),
            pgtrigger.Protect(
                name="approved_rules_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__state__in=["APPROVED", "RETIRED"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class Market(models.Model):
    """One public market of four years (R6123-27), bought by lot."""

    number = models.PositiveSmallIntegerField("numéro", unique=True)
    name = models.CharField("intitulé", max_length=200)
    starts_on = models.DateField("début du service")
    ends_on = models.DateField("fin du service")
    decided_on = models.DateField("décision du conseil", null=True, blank=True)
    awarded_on = models.DateField("attribution", null=True, blank=True)
    amount_excl_tax = models.DecimalField(
        "montant publié", max_digits=14, decimal_places=2, null=True, blank=True
    )
    source = models.CharField("source", max_length=300, blank=True)
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="markets")

    objects = SteeredQuerySet.as_manager()

    class Meta:
        verbose_name = "marché"
        constraints = [
            models.CheckConstraint(
                name="market_dates_ordered",
                condition=Q(ends_on__gt=F("starts_on")),
                violation_error_message="La fin du marché précède son début.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def years(self) -> str:
        """« 2024-2027 »: how the market is called in lists."""
        return f"{self.starts_on.year}-{self.ends_on.year}"


class Lot(models.Model):
    """A part of a market. A lot is not a region: it may cover several, or none."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    market = models.ForeignKey(Market, models.PROTECT, related_name="lots")
    number = models.PositiveSmallIntegerField("numéro")
    title = models.CharField("intitulé", max_length=200)
    kind = models.CharField("nature", max_length=20, choices=LotKind)
    outcome = models.CharField("issue", max_length=10, choices=LotOutcome, default=LotOutcome.OPEN)
    regions = models.ManyToManyField(
        "territories.Region",
        through="LotRegion",
        related_name="lots",
        verbose_name="régions",
    )
    is_demonstration = models.BooleanField("donnée de démonstration", default=False)

    objects = SteeredQuerySet.as_manager()

    class Meta:
        verbose_name = "lot"
        constraints = [
            models.UniqueConstraint(fields=["market", "number"], name="lot_number_unique"),
            # Target of LotRegion's composite foreign key: its copies cannot drift from the lot.
            models.UniqueConstraint(fields=["id", "market", "kind"], name="lot_identity"),
        ]

    def __str__(self) -> str:
        return f"Lot {self.number} – {self.title}"


class LotRegion(models.Model):
    """A region of a lot. Market and kind are copied so that a region has one lot of each kind."""

    lot = models.ForeignKey(Lot, models.CASCADE, related_name="lot_regions")
    region = models.ForeignKey("territories.Region", models.PROTECT, related_name="+")
    market = models.ForeignKey(Market, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=LotKind)

    class Meta:
        verbose_name = "région d’un lot"
        constraints = [
            models.UniqueConstraint(
                fields=["market", "kind", "region"],
                name="region_has_one_lot_of_a_kind",
                violation_error_message="Cette région a déjà un lot de cette nature.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} {self.region_id}"
