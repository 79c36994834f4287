"""What pathways and sessions were before a change that figures read (cep_portal.common.pasts)."""

from django.db import models

from cep_portal.common.pasts import Former, keeps_past
from operators.casework.pathways.enums import ClosingOutcome, PathwayState
from operators.network.enums import Mode, ServiceLevel

PATHWAY_CHANGING = (
    *("beneficiary_id", "contract_id", "region_id", "service_request_id", "adviser_id", "entered_on"),
    *("state", "closed_at", "outcome", "reopened_at", "continues_id", "joined_into_id"),
)
SESSION_CHANGING = (
    *("pathway_id", "appointment_id", "adviser_id", "site_id", "starts_at", "zone"),
    *("duration_minutes", "level", "mode", "recorded_at", "is_unplanned"),
)


class FormerPathway(Former):
    """A pathway before it was closed, taken up again, moved to another file, another entry day."""

    beneficiary_id = models.BigIntegerField("personne")
    contract_id = models.BigIntegerField("contrat")
    region_id = models.CharField("région", max_length=3)
    service_request_id = models.BigIntegerField("demande", null=True)
    adviser_id = models.BigIntegerField("conseiller")
    entered_on = models.DateField("entrée")
    state = models.CharField("état", max_length=10, choices=PathwayState)
    closed_at = models.DateTimeField("clos le", null=True)
    outcome = models.CharField("issue", max_length=20, choices=ClosingOutcome)
    reopened_at = models.DateTimeField("repris le", null=True)
    continues_id = models.BigIntegerField("poursuit", null=True)
    joined_into_id = models.BigIntegerField("réuni à", null=True)

    class Meta(Former.Meta):
        db_table = "operators_pathway_former"
        verbose_name = "parcours d’avant"


class FormerSession(Former):
    """A session before a correction, a move to another pathway, a withdrawal."""

    pathway_id = models.BigIntegerField("parcours")
    appointment_id = models.BigIntegerField("rendez-vous", null=True)
    adviser_id = models.BigIntegerField("conseiller")
    site_id = models.BigIntegerField("lieu")
    starts_at = models.DateTimeField("début")
    zone = models.CharField("fuseau horaire", max_length=40)
    held_on = models.DateField("jour")
    duration_minutes = models.PositiveSmallIntegerField("durée en minutes")
    level = models.CharField("niveau", max_length=3, choices=ServiceLevel)
    mode = models.CharField("modalité", max_length=10, choices=Mode)
    recorded_at = models.DateTimeField("saisie le")
    is_unplanned = models.BooleanField("imprévue")

    class Meta(Former.Meta):
        db_table = "operators_counsellingsession_former"
        verbose_name = "séance d’avant"


PATHWAY_PAST = keeps_past("operators_pathway_former", *PATHWAY_CHANGING, changing=PATHWAY_CHANGING)
SESSION_PAST = keeps_past(
    "operators_counsellingsession_former", *SESSION_CHANGING, "held_on", changing=SESSION_CHANGING
)
