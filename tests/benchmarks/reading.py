"""What people wait for when they look: slots, communes, a regional page, a PDF."""

import random
import statistics

from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from weasyprint import HTML

from cep_portal.accounts.models import User
from cep_portal.documents.gateways.pdf import StaticOnlyFetcher
from cep_portal.documents.services import render_pdf
from cep_portal.territories.models import Commune, Region
from cep_portal.territories.selectors import look_up
from reporting.kpis.rules.periods import last_closed_month
from reporting.packs.selectors import pack_content
from reporting.packs.services import TEMPLATE
from tests.benchmarks.timing import Row, clock, milliseconds, p95, paired


def commune_search(rounds: int = 400) -> Row:
    """Names, prefixes and errors, against one commune read by its key, in turn."""
    rng = random.Random(1)
    names = dict(Commune.objects.order_by("pk").values_list("search_name", "pk"))
    chosen = rng.choices(list(names), k=rounds)
    times, floors = [], []
    for name in chosen:
        text = _spoilt(rng, name)
        times.append(clock(lambda text=text: look_up(text)))
        floors.append(clock(lambda key=names[name]: Commune.objects.get(pk=key)))
    ratio = p95(times) / p95(floors)
    return Row(
        f"commune search p95, {len(names):,} names",
        milliseconds(p95(times)),
        f"{milliseconds(p95(floors))} (read by key)",
        f"{ratio:.1f}x",
        "≤ 15x",
        ratio <= 15,
    )


def _spoilt(rng: random.Random, name: str) -> str:
    """As people type: a beginning, the whole, or one letter wrong."""
    kind = rng.randrange(3)
    if kind == 0:
        return name[: rng.randrange(3, 8)]
    if kind == 1:
        return name
    place = rng.randrange(len(name))
    return name[:place] + rng.choice("aeiours") + name[place + 1 :]


def regional_page(rounds: int = 40) -> Row:
    """The page reads stored figures; the raw aggregate reads every session."""
    client = Client()
    client.force_login(User.objects.get(email="etudes@pilotage.example"))
    url = reverse("reporting:region", args=["53"])
    pages, raw = paired(lambda: client.get(url), _raw_aggregate, rounds)
    ratio = statistics.median(pages) / statistics.median(raw)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM operators_counsellingsession")
        sessions = cursor.fetchone()[0]
    return Row(
        f"regional page, warm, {sessions:,} sessions",
        milliseconds(statistics.median(pages)),
        f"{milliseconds(statistics.median(raw))} (raw aggregate)",
        f"{ratio:.2f}x",
        "≤ 0.1x",
        ratio <= 0.1,
    )


def _raw_aggregate() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.region_id, date_trunc('month', s.held_on), count(*), count(DISTINCT s.pathway_id)"
            " FROM operators_counsellingsession s JOIN operators_pathway p ON p.id = s.pathway_id"
            " GROUP BY 1, 2"
        )
        cursor.fetchall()


def _context(region: Region, month) -> dict:
    """What the pack's template is given: the figures are read anew each time."""
    return {
        "content": pack_content(region=region, month=month, on=timezone.localdate()),
        "check_code": "0" * 16,
        "now": timezone.now(),
        "demonstration": True,
        "base_url": "http://localhost",
    }


def pack_pdf(rounds: int = 5) -> Row:
    """The committee's PDF, figures and charts included, against WeasyPrint on the same HTML."""
    region = Region.objects.get(pk="53")
    month = last_closed_month(timezone.localdate()).starts_on
    html = render_to_string(TEMPLATE, _context(region, month))

    def bare() -> None:
        HTML(string=html, base_url="static:/", url_fetcher=StaticOnlyFetcher()).write_pdf()

    def whole() -> None:
        render_pdf(template=TEMPLATE, context=_context(region, month))

    ours, floors = paired(whole, bare, rounds)
    ratio = statistics.median(ours) / statistics.median(floors)
    return Row(
        "regional PDF, figures to bytes",
        milliseconds(statistics.median(ours)),
        f"{milliseconds(statistics.median(floors))} (bare WeasyPrint)",
        f"{ratio:.2f}x",
        "≤ 2x",
        ratio <= 2,
    )
