"""The search of the slot page over all the places of an operator, beside a one-query view."""

from django.db import connection, transaction
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from operators.network.models import Adviser
from tests.benchmarks.team import large_team
from tests.benchmarks.timing import Row, milliseconds, p95, paired
from tests.factories.procurement import ContractFactory

FLOOR = "/floor/one-query/"


def slot_search(rounds: int = 60) -> list[Row]:
    """50 advisers of the demonstration over four weeks; 1,000 made for the purpose over eight."""
    return [_present_team(rounds), _large_team(rounds)]


def _present_team(rounds: int) -> Row:
    teams = (
        Adviser.objects.filter(is_active=True)
        .values("site__contract")
        .annotate(count=Count("pk"))
        .order_by("site__contract")
    )
    team = min(teams, key=lambda team: abs(team["count"] - 50))
    times, floors = _times(f"/bench/slots/{team['site__contract']}/4/", rounds)
    ratio = p95(times) / p95(floors)
    return Row(
        f"slot search p95, {team['count']} advisers, 4 weeks",
        milliseconds(p95(times)),
        f"{milliseconds(p95(floors))} (one-query view)",
        f"{ratio:.1f}x",
        "≤ 8x",
        ratio <= 8,
    )


def _large_team(rounds: int) -> Row:
    """The same number of queries as with ten advisers; undone afterwards, for the other measures."""
    with transaction.atomic():
        few, many = _team_of(10), _team_of(1000)
        same = _queries(few) == _queries(many)
        times, floors = _times(many, rounds)
        transaction.set_rollback(True)
    ratio = p95(times) / p95(floors)
    return Row(
        "slot search p95, 1,000 advisers, 8 weeks",
        milliseconds(p95(times)),
        f"{milliseconds(p95(floors))} (one-query view)",
        f"{ratio:.1f}x",
        "≤ 60x, queries as with 10",
        same and ratio <= 60,
    )


def _team_of(advisers: int) -> str:
    contract = ContractFactory(
        lot__market__number=9000 + advisers,
        lot__market__rule_set__code=f"BENCH-{advisers}",
        lot__regions=[],
        ends_on="2099-12-31",
    )
    large_team(contract=contract, advisers=advisers, now=timezone.now())
    return f"/bench/slots/{contract.pk}/8/"


def _queries(url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        Client().get(url)
    return len(captured)


def _times(url: str, rounds: int) -> tuple[list[float], list[float]]:
    client = Client()
    return paired(lambda: client.get(url), lambda: client.get(FLOOR), rounds)
