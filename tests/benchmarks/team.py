"""A team as large as a big region's, with agendas that fill up as the day comes nearer."""

import random
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from cep_portal.accounts.models import User
from cep_portal.territories.models import Commune
from operators.booking.agenda.models import OpeningRule
from operators.network.models import Adviser
from procurement.contracts.models import Contract
from tests.factories.operators import SiteFactory

PARIS = ZoneInfo("Europe/Paris")
HALF_DAYS = ((time(9), time(12, 45)), (time(13, 30), time(17, 15)))
EVENING = (time(17, 30), time(20))
WEEKS, SITES = 8, 40


def large_team(*, contract: Contract, advisers: int, now: datetime, filled: bool = True) -> None:
    """`advisers` on up to 40 sites, four or five days a week; 70 % taken next week, 10 % in eight weeks."""
    rng = random.Random(3)
    communes = Commune.objects.order_by("-population", "pk")[: min(SITES, advisers)]
    sites = [
        SiteFactory(contract=contract, commune=commune, slug=f"b-{contract.pk}-{commune.pk}")
        for commune in communes
    ]
    users = User.objects.bulk_create(
        User(email=f"b{contract.pk}-{number}@bench.example", password="!") for number in range(advisers)
    )
    team = Adviser.objects.bulk_create(
        Adviser(user=user, site=sites[place % len(sites)]) for place, user in enumerate(users)
    )
    rules = [rule for place, adviser in enumerate(team) for rule in _openings(rng, place, adviser)]
    OpeningRule.objects.bulk_create(rules, batch_size=5000)
    if filled:
        _fill(rng, rules, now=now)


def _openings(rng: random.Random, place: int, adviser: Adviser) -> list[OpeningRule]:
    days = sorted(rng.sample(range(1, 6), rng.choice((4, 4, 5))))
    hours = [(day, *part) for day in days for part in HALF_DAYS]
    if place % 2 == 0:
        hours += [(day, *EVENING) for day in days[:2]]
    return [
        OpeningRule(
            adviser=adviser,
            site=adviser.site,
            weekday=weekday,
            opens=opens,
            closes=closes,
            first_on=date(2024, 1, 1),
            levels=["ONE", "TWO"],
            modes=["ON_SITE", "PHONE", "VIDEO"],
        )
        for weekday, opens, closes in hours
    ]


def _fill(rng: random.Random, rules: list[OpeningRule], *, now: datetime) -> None:
    """Time taken as the triggers of a booking write it: a session and its buffer."""
    monday = now.astimezone(PARIS).date() - timedelta(days=now.astimezone(PARIS).weekday())
    taken = []
    for week in range(WEEKS + 1):
        share = 0.7 - 0.6 * week / WEEKS
        for rule in rules:
            day = monday + timedelta(weeks=week, days=rule.weekday - 1)
            starts = datetime.combine(day, rule.opens, PARIS)
            while starts + timedelta(minutes=60) <= datetime.combine(day, rule.closes, PARIS):
                if rng.random() < share:
                    taken.append((rule.adviser_id, starts, starts + timedelta(minutes=75)))
                starts += timedelta(minutes=75)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO operators_advisertime (adviser_id, period, source)"
            " SELECT adviser, tstzrange(starts, ends), gen_random_uuid()"
            " FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS one (adviser, starts, ends)",
            [list(column) for column in zip(*taken, strict=True)],
        )
        cursor.execute("ANALYZE")
