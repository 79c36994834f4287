"""What requests were before a change that figures read (cep_portal.common.pasts)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from beneficiaries.request.enums import Need, Situation, Urgency
from cep_portal.common.pasts import Former, keeps_past

COLUMNS = (
    *("requested_at", "situation", "commune_id", "contract_id", "beneficiary_id", "needs", "urgency"),
    "is_delivered",
)


class FormerRequest(Former):
    """A request whose person changed: files made one, or separated again. The rest of it never changes."""

    requested_at = models.DateTimeField("demandée le")
    situation = models.CharField("situation", max_length=20, choices=Situation)
    commune_id = models.CharField("commune", max_length=5)
    contract_id = models.BigIntegerField("contrat")
    beneficiary_id = models.BigIntegerField("personne", null=True)
    needs = ArrayField(models.CharField(max_length=20, choices=Need), verbose_name="besoins")
    urgency = models.CharField("urgence", max_length=20, choices=Urgency)
    is_delivered = models.BooleanField("remontée par l’opérateur")

    class Meta(Former.Meta):
        db_table = "beneficiaries_servicerequest_former"
        verbose_name = "demande d’avant"


# The person is named after the request is made: the first naming changes nothing that was counted.
REQUEST_PAST = keeps_past(
    "beneficiaries_servicerequest_former",
    *COLUMNS,
    changing=["beneficiary_id"],
    changed_when="OLD.beneficiary_id IS NOT NULL",
)
