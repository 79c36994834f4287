"""The first page of an adviser who follows four hundred people, beside a one-query view."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from beneficiaries.request.models import Beneficiary
from cep_portal.common.to_do import TO_DOS
from operators.casework.pathways.models import Pathway
from operators.network.models import Adviser
from tests.benchmarks.timing import Row, milliseconds, p95, paired

FLOOR = "/floor/one-query/"
PATHWAYS, MOST = 400, 30


def desk_page(rounds: int = 60) -> Row:
    """« Aujourd’hui » of the busiest adviser of the demonstration, given pathways up to 400; undone after.

    As many queries as for an adviser who follows nobody.
    """
    with transaction.atomic():
        adviser = _busiest()
        few = _queries(_idle(adviser))
        _follow(adviser)
        many = _queries(adviser)
        url, client = reverse("operators:today"), _signed_in(adviser)
        times, floors = paired(lambda: client.get(url), lambda: client.get(FLOOR), rounds)
        followed = Pathway.objects.filter(adviser=adviser).count()
        transaction.set_rollback(True)
    ratio = p95(times) / p95(floors)
    return Row(
        f"desk page p95, adviser with {followed} pathways",
        milliseconds(p95(times)),
        f"{milliseconds(p95(floors))} (one-query view)",
        f"{ratio:.1f}x",
        f"≤ {MOST}x, queries constant",
        abs(many - few) <= len(list(TO_DOS)) and ratio <= MOST,  # a long list is counted: one query each
    )


def _busiest() -> Adviser:
    active = Adviser.objects.filter(is_active=True, user__mandates__ended_at__isnull=True)
    return active.annotate(count=Count("pathways")).order_by("-count", "pk").select_related("site", "user")[0]


def _idle(busy: Adviser) -> Adviser:
    """A colleague of the same site, or the same adviser when alone."""
    others = Adviser.objects.filter(site=busy.site_id, is_active=True).exclude(pk=busy.pk)
    idle = others.annotate(count=Count("pathways")).order_by("count", "pk").select_related("site", "user")
    return idle.first() or busy


def _follow(adviser: Adviser) -> None:
    """Open pathways up to four hundred."""
    contract = adviser.site.contract_id
    missing = PATHWAYS - Pathway.objects.filter(adviser=adviser).count()
    free = Beneficiary.objects.exclude(pathways__contract=contract).filter(erased_at__isnull=True)
    people = list(free.order_by("pk")[: max(missing, 0)])
    region = adviser.site.commune.department.region_id
    Pathway.objects.bulk_create(
        Pathway(
            beneficiary=person,
            contract_id=contract,
            region_id=region,
            adviser=adviser,
            entered_on=timezone.localdate() - timedelta(days=90),
        )
        for person in people
    )


def _signed_in(adviser: Adviser) -> Client:
    client = Client()
    client.force_login(adviser.user)
    return client


def _queries(adviser: Adviser) -> int:
    client = _signed_in(adviser)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(reverse("operators:today"))
    assert answer.status_code == 200, answer.status_code
    return len(captured)
