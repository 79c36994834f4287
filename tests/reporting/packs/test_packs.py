import hashlib
import re
from datetime import UTC, date, datetime
from io import BytesIO

import pikepdf
import pytest
from django.urls import reverse
from pypdf import PdfReader

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from cep_portal.documents.services import read_document
from reporting.dashboards.selectors import region_report
from reporting.kpis.rules.periods import month_of
from reporting.kpis.rules.readers import Reader
from reporting.packs import services
from reporting.packs.enums import PackState
from reporting.packs.errors import MonthNotClosed, NothingToPrint
from reporting.packs.models import RegionalPack
from reporting.packs.selectors import pack_content
from tests.factories.accounts import UserFactory
from tests.factories.procurement import ContractFactory
from tests.factories.reporting import KpiRunFactory, KpiValueFactory
from tests.factories.territories import RegionFactory

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
OCTOBER = date(2026, 10, 1)
COUNTS = {
    "entries": (1_437, None),
    "active_beneficiaries": (3_912, None),
    "uptake_rate": (1_437, 1_458_000),
    "level_two_share": (1_369, 3_912),
    "first_appointment_days": (12_540, 1_201),
    "no_show_rate": (301, 4_180),
    "satisfaction_rate": (905, 1_018),
}


@pytest.fixture
def bretagne(db):
    return RegionFactory()


def computed(region, *, factor=1, started_at=NOW, **kwargs):
    run = KpiRunFactory(started_at=started_at, known_at=started_at)
    contract = kwargs.pop("contract", None) or ContractFactory(lot__regions=[region])
    for starts_on in (OCTOBER, date(2025, 10, 1)):
        for kpi, (numerator, denominator) in COUNTS.items():
            KpiValueFactory(
                run=run,
                kpi=kpi,
                contract=contract,
                region=region,
                period_starts_on=starts_on,
                numerator=numerator * factor if starts_on == OCTOBER else numerator - 100,
                denominator=denominator and denominator * factor,
            )
    return run


def built(region, **kwargs):
    return services.build_regional_pack(region=region, month=OCTOBER, now=NOW, **kwargs)


def plain(text):
    return re.sub(r"\s+", " ", re.sub(r"[\u00a0\u202f]", " ", text))


def pdf_text(pack):
    return plain(
        "\n".join(page.extract_text() for page in PdfReader(BytesIO(read_document(pack.document))).pages)
    )


def test_pack_prints_the_figures_of_the_page(client, bretagne):
    computed(bretagne)
    client.force_login(UserFactory(role=Role.COMMITTEE_MEMBER, role__region=bretagne))

    text = pdf_text(built(bretagne))
    report = client.get(reverse("reporting:region", args=["53"]), {"periode": "2026-10"}).context["report"]

    assert [plain(figure.text) for figure in report.figures.values()] == [
        "1 437",
        "3 912",
        "98,6",
        "35,0 %",
        "en attente",
        "7,2 %",
        "88,9 %",
    ]
    for figure in report.figures.values():
        shown = f"{figure.text} {figure.text_before} {figure.evolution or '—'} {figure.text}"
        assert plain(f"{figure.definition.label} {shown}") in text
    for figure in report.figures.values():
        assert plain(figure.definition.definition) in text
    assert str(report.run.uuid) in text


def test_pack_is_stored_once_with_its_hash_and_code(bretagne):
    computed(bretagne)

    pack = built(bretagne)
    again = services.build_pack(pack=pack, now=NOW)

    content = read_document(pack.document)
    assert pack.document.sha256 == hashlib.sha256(content).hexdigest()
    assert pack.document.check_code in pdf_text(pack)
    assert pack.document.file_name == "dossier-bretagne-2026-10.pdf"
    assert again.document_id == pack.document_id


def test_pack_is_a_tagged_document(bretagne):
    computed(bretagne)

    with pikepdf.open(BytesIO(read_document(built(bretagne).document))) as pdf:
        assert str(pdf.Root.Lang) == "fr"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.docinfo["/Title"]) == "Dossier régional Bretagne, octobre 2026"


def test_pack_shows_the_wider_window_where_too_few_are_counted(bretagne):
    run = computed(bretagne)
    few = run.values.filter(kpi="satisfaction_rate", period_starts_on=OCTOBER)
    few.update(numerator=3, denominator=9)
    KpiValueFactory(
        run=run,
        kpi="satisfaction_rate",
        contract=few.get().contract,
        region=bretagne,
        period_kind="ROLL",
        period_starts_on=date(2025, 11, 1),
        numerator=31,
        denominator=36,
    )

    pack = built(bretagne)

    assert "Satisfaction 86 % sur 12 mois" in pdf_text(pack)
    assert plain(pack.figures["satisfaction_rate"]) == "86 %"


def test_next_pack_says_what_changed(bretagne):
    computed(bretagne)
    first = built(bretagne)
    assert "C’est le premier dossier de la région." in pdf_text(first)
    first_run = first.run
    first_run.values.filter(kpi="entries", period_starts_on=OCTOBER).update(numerator=1_500)
    KpiRunFactory(started_at=datetime(2026, 11, 23, 3, tzinfo=UTC))

    second = built(bretagne)

    assert second.pk != first.pk
    assert second.document.version == 2
    assert "Entrées 1 437 1 500" in pdf_text(second)


def test_pack_content_reads_the_report_of_the_page(bretagne):
    computed(bretagne)

    content = pack_content(region=bretagne, month=OCTOBER, on=date(2026, 11, 22))

    assert content.report == region_report(
        region=bretagne, period=month_of(OCTOBER), on=date(2026, 11, 22), reader=Reader.OUTSIDE
    )


def test_running_month_has_no_pack(bretagne):
    computed(bretagne)

    with pytest.raises(MonthNotClosed):
        services.ask_pack(region=bretagne, month=date(2026, 11, 1), by=None, now=NOW)


def test_no_pack_before_a_night_knew_the_end_of_its_month(bretagne):
    run = computed(bretagne)
    run.known_at = datetime(2026, 10, 31, 2, 10, tzinfo=UTC)
    run.save()

    with pytest.raises(NothingToPrint, match="pas encore calculé"):
        services.ask_pack(region=bretagne, month=OCTOBER, by=None, now=NOW)


def test_no_pack_before_the_first_computation(bretagne):
    with pytest.raises(NothingToPrint):
        services.ask_pack(region=bretagne, month=OCTOBER, by=None, now=NOW)


def test_asking_twice_is_one_pack_built_by_the_task(client, bretagne, django_capture_on_commit_callbacks):
    """RDV-SP 1077, 2008, 3417, PR 3006: statistics and exports die."""
    computed(bretagne)
    member = UserFactory(role=Role.COMMITTEE_MEMBER, role__region=bretagne)
    client.force_login(member)
    url = reverse("reporting:pack_ask", args=["53"])

    with django_capture_on_commit_callbacks(execute=True):
        first = client.post(url, {"month": "2026-10"})
        second = client.post(url, {"month": "2026-10"})

    pack = RegionalPack.objects.get()
    assert first.url == second.url == reverse("reporting:pack", args=[pack.uuid])
    assert pack.document is not None
    asked = AuditEvent.objects.get(action="reporting.pack.asked")
    assert (asked.actor, asked.target_id) == (member, pack.pk)


@pytest.mark.parametrize("month", ["2026-11", "2026", "x", ""])
def test_month_that_is_not_offered_is_refused_in_words(client, bretagne, month, clock):
    clock.move_to(NOW)
    computed(bretagne)
    client.force_login(UserFactory(role=Role.ANALYST))

    response = client.post(reverse("reporting:pack_ask", args=["53"]), {"month": month}, follow=True)

    assert RegionalPack.objects.count() == 0
    words = [str(message) for message in response.context["messages"]]
    expected = "Un dossier porte sur un mois terminé." if month == "2026-11" else "Ce mois n’est pas proposé."
    assert words == [expected]


def test_progress_page_waits_then_offers_the_file(client, bretagne, clock):
    clock.move_to(NOW)
    computed(bretagne)
    client.force_login(UserFactory(role=Role.ANALYST))
    pack = services.ask_pack(region=bretagne, month=OCTOBER, by=None, now=NOW)
    page, status = (reverse(name, args=[pack.uuid]) for name in ("reporting:pack", "reporting:pack_status"))

    waiting = client.get(page)
    assert 'http-equiv="refresh"' in waiting.text
    assert f'hx-get="{status}"' in client.get(status).text

    services.build_pack(pack=pack, now=NOW)
    assert client.get(status)["HX-Refresh"] == "true"
    assert reverse("reporting:pack_download", args=[pack.uuid]) in client.get(page).text


def test_failed_pack_may_be_asked_again(client, bretagne, clock):
    clock.move_to(NOW)
    run = computed(bretagne)
    failed = RegionalPack.objects.create(region=bretagne, month=OCTOBER, run=run, asked_at=NOW, failed_at=NOW)
    client.force_login(UserFactory(role=Role.ANALYST))

    assert "Redemander le dossier" in client.get(reverse("reporting:pack", args=[failed.uuid])).text
    again = services.ask_pack(region=bretagne, month=OCTOBER, by=None, now=NOW)

    assert again.pk != failed.pk
    assert (failed.state(now=NOW), again.state(now=NOW)) == (PackState.FAILED, PackState.RUNNING)


def test_failure_to_render_is_kept(bretagne, settings):
    computed(bretagne)
    pack = services.ask_pack(region=bretagne, month=OCTOBER, by=None, now=NOW)
    settings.PORTAL_DATA_DIR = "/dev/null"

    with pytest.raises(OSError, match="Not a directory"):
        services.build_pack(pack=pack, now=NOW)

    pack.refresh_from_db()
    assert pack.failed_at == NOW


def test_download_is_an_attachment_that_leaves_a_line(client, bretagne):
    computed(bretagne)
    pack = built(bretagne)
    member = UserFactory(role=Role.COMMITTEE_MEMBER, role__region=bretagne)
    client.force_login(member)

    response = client.get(reverse("reporting:pack_download", args=[pack.uuid]))

    assert response["Content-Disposition"] == 'attachment; filename="dossier-bretagne-2026-10.pdf"'
    assert "no-store" in response["Cache-Control"]
    opened = AuditEvent.objects.get(action="reporting.regionalpack.opened")
    assert (opened.actor, opened.target_id) == (member, pack.pk)


def test_packs_of_another_region_are_not_found(client, bretagne):
    computed(bretagne)
    pack = built(bretagne)
    normandie = RegionFactory(code="28", name="Normandie")
    client.force_login(UserFactory(role=Role.COMMITTEE_MEMBER, role__region=normandie))

    gets = ("reporting:pack", "reporting:pack_status", "reporting:pack_download")
    codes = [client.get(reverse(name, args=[pack.uuid])).status_code for name in gets]
    asked = client.post(reverse("reporting:pack_ask", args=["53"]), {"month": "2026-10"})

    assert [*codes, asked.status_code] == [404] * 4


@pytest.mark.parametrize("role", [Role.ADVISER, Role.OPERATOR_MANAGER, Role.BENEFICIARY])
def test_operators_and_persons_have_no_pack(client, bretagne, role):
    computed(bretagne)
    pack = built(bretagne)
    client.force_login(UserFactory(role=role))
    names = ("reporting:pack", "reporting:pack_status", "reporting:pack_download")

    codes = [client.get(reverse(name, args=[pack.uuid])).status_code for name in names]

    assert codes == [403] * 3
    assert client.get(reverse("reporting:committee")).status_code == 403


@pytest.mark.parametrize("count", [1, 4])
def test_committee_page_query_count_is_constant(client, bretagne, django_assert_num_queries, count):
    contract = ContractFactory(lot__regions=[bretagne])
    for hour in range(count):
        started_at = NOW.replace(hour=hour)
        KpiRunFactory(started_at=started_at, known_at=started_at)
        if not hour:
            computed(bretagne, contract=contract, started_at=started_at)
        services.build_regional_pack(region=bretagne, month=OCTOBER, now=NOW)
    client.force_login(UserFactory(role=Role.COMMITTEE_MEMBER, role__region=bretagne))

    with django_assert_num_queries(6):  # session, user, mandate, region, packs, reading log
        response = client.get(reverse("reporting:committee"))

    assert len(response.context["lines"]) == count
    assert response.context["latest_is_new"]


def test_committee_page_without_pack_offers_one(client, bretagne):
    client.force_login(UserFactory(role=Role.COMMITTEE_MEMBER, role__region=bretagne))

    page = client.get(reverse("reporting:committee")).text

    assert "Aucun dossier pour l’instant" in page
    assert "Demander le dossier d’octobre 2026" in page
