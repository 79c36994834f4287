from enum import nonmember

from django.db import models


class Role(models.TextChoices):
    """What a person may do; a mandate gives it, for a time and a scope."""

    BENEFICIARY = "BENEFICIARY", "bénéficiaire"
    INTAKE_OFFICER = "INTAKE_OFFICER", "chargé d’information"
    ADVISER = "ADVISER", "conseiller"
    OPERATOR_MANAGER = "OPERATOR_MANAGER", "responsable d’opérateur"
    PARTNER = "PARTNER", "partenaire"
    ANALYST = "ANALYST", "chargé d’études"
    CONTRACT_MANAGER = "CONTRACT_MANAGER", "gestionnaire de contrats"
    BUYER = "BUYER", "acheteur"
    DECIDER = "DECIDER", "décideur"
    COMMITTEE_MEMBER = "COMMITTEE_MEMBER", "membre du CREFOP"
    ADMINISTRATOR = "ADMINISTRATOR", "administrateur"

    # ADR 0060: nothing waits for a partner or a committee member alone
    with_to_do = nonmember(
        (
            *("ADVISER", "INTAKE_OFFICER", "OPERATOR_MANAGER"),
            *("ADMINISTRATOR", "ANALYST", "BUYER", "CONTRACT_MANAGER", "DECIDER"),
        )
    )
    of_operators = nonmember(("ADVISER", "INTAKE_OFFICER", "OPERATOR_MANAGER"))
    of_partners = nonmember(("PARTNER",))
    of_france_competences = nonmember(("ADMINISTRATOR", "ANALYST", "BUYER", "CONTRACT_MANAGER", "DECIDER"))
    of_regions = nonmember(("COMMITTEE_MEMBER",))
    agents = nonmember(
        (
            *("ADVISER", "INTAKE_OFFICER", "OPERATOR_MANAGER", "PARTNER"),
            *("ADMINISTRATOR", "ANALYST", "BUYER", "CONTRACT_MANAGER", "DECIDER"),
            "COMMITTEE_MEMBER",
        )
    )
