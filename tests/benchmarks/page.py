"""The whole slot page over HTTP, session, search, template and typography, beside a one-query view."""

import itertools
import statistics

from django.urls import reverse

from beneficiaries.request.models import ServiceRequest
from tests.benchmarks.server import rate, served
from tests.benchmarks.timing import Row

FLOOR, PAGES, TURNS = "/floor/one-query/", 40, 5


def slot_page() -> Row:
    """Eight clients ask for the hours of forty requests in turn, each a visitor who was never seen."""
    waiting = ServiceRequest.objects.filter(state="REGISTERED", contract__lot__kind="REGIONAL")
    references = waiting.filter(beneficiary__restricted_at=None, beneficiary__erased_at=None)
    chosen = references.order_by("pk").values_list("reference", flat=True)[:PAGES]
    paths = [reverse("operators:slot_list", args=[reference]) for reference in chosen]
    asked = [(path, "") for path in itertools.islice(itertools.cycle(paths), 3 * PAGES)]
    bare = [(FLOOR, "")] * (3 * PAGES)
    pages, floors = [], []
    with served():
        rate(asked, method="GET"), rate(bare, method="GET")  # the first answers of a server are not its pace
        for _ in range(TURNS):
            pages.append(rate(asked, method="GET"))
            floors.append(rate(bare, method="GET"))
    measured, floor = statistics.median(pages), statistics.median(floors)
    return Row(
        f"slot page over HTTP, {len(paths)} requests",
        f"{measured:.0f}/s",
        f"{floor:.0f}/s (one-query view)",
        f"{measured / floor:.2f}",
        "≥ 0.20",
        measured / floor >= 0.20,
    )
