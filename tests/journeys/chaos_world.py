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

ADVISERS, CROWD, OTHERS = 12, 300, 40
EMAIL, PASSWORD = "conseil@exemple.example", "un mot de passe assez long"


def main() -> None:
    django.setup()
    call_command("migrate", verbosity=0)
    _account()
    json.dump(_orders(), sys.stdout)


def _account() -> None:
    from tests.factories.accounts import UserFactory

    user = UserFactory(email=EMAIL, role="ADVISER")
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])


def _orders() -> list[dict]:
    """300 people who want one of 240 places in the working week after next, and 40 a week later."""
    from django.utils import timezone

    site, rng = _site(), random.Random(3)
    today = timezone.now().astimezone(ZoneInfo(site.zone))
    crowd = [_order(site, _starts(today, weeks=2), rng) for _ in range(CROWD)]
    return crowd + [_order(site, _starts(today, weeks=3), rng) for _ in range(OTHERS)]


def _order(site, starts: list[str], rng: random.Random) -> dict:
    from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory

    service_request = ServiceRequestFactory(contract=site.contract, beneficiary=BeneficiaryFactory())
    return {
        "reference": service_request.reference,
        "site": site.pk,
        "starts_at": rng.choice(starts),
        "key": str(uuid.UUID(int=rng.getrandbits(128))),
    }


def _site():
    from tests.factories.operators import AdviserFactory, OpeningRuleFactory, SiteFactory

    site = SiteFactory()
    for _ in range(ADVISERS):
        adviser = AdviserFactory(site=site)
        for weekday in range(1, 6):
            OpeningRuleFactory(adviser=adviser, weekday=weekday, closes=time(14))
    return site


def _starts(today: datetime, *, weeks: int) -> list[str]:
    """Four hours a day of that week."""
    monday = monday_of(today) + timedelta(weeks=weeks)
    nine = monday.replace(hour=9, minute=0, second=0, microsecond=0)
    return [
        (nine + timedelta(days=day, minutes=75 * place)).isoformat() for day in range(5) for place in range(4)
    ]


if __name__ == "__main__":
    main()
