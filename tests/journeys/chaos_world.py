"""Build, in a database of its own, the slots and the people of the chaos test; print their orders as JSON."""

import json
import random
import sys
import uuid
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import django
from django.core.management import call_command

from cep_portal.common.days import monday_of

ADVISERS, PEOPLE = 12, 300


def main() -> None:
    django.setup()
    call_command("migrate", verbosity=0)
    json.dump(_orders(), sys.stdout)


def _orders() -> list[dict]:
    """300 people who want one of 240 places, four hours a day in the working week after next."""
    from django.utils import timezone

    from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory

    site, rng = _site(), random.Random(3)
    starts = _starts(timezone.now().astimezone(ZoneInfo(site.zone)))
    asked = [
        ServiceRequestFactory(contract=site.contract, beneficiary=BeneficiaryFactory()) for _ in range(PEOPLE)
    ]
    return [
        {
            "reference": service_request.reference,
            "site": site.pk,
            "starts_at": rng.choice(starts),
            "key": str(uuid.UUID(int=rng.getrandbits(128))),
        }
        for service_request in asked
    ]


def _site():
    from tests.factories.operators import AdviserFactory, OpeningRuleFactory, SiteFactory

    site = SiteFactory()
    for _ in range(ADVISERS):
        adviser = AdviserFactory(site=site)
        for weekday in range(1, 6):
            OpeningRuleFactory(adviser=adviser, weekday=weekday, closes=time(14))
    return site


def _starts(today: datetime) -> list[str]:
    monday = monday_of(today) + timedelta(days=14)
    nine = monday.replace(hour=9, minute=0, second=0, microsecond=0)
    return [
        (nine + timedelta(days=day, minutes=75 * place)).isoformat() for day in range(5) for place in range(4)
    ]


if __name__ == "__main__":
    main()
