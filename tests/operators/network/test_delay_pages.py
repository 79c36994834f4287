"""How long must I wait? The site's page and the list say it in words, with the night of the measure."""

from datetime import timedelta

import pytest
from django.urls import reverse

from operators.network.models import SiteClosure
from operators.network.presenters import site_delays, spoken_days, spoken_first
from tests.clock import moved_day
from tests.factories.operators import OpeningRuleFactory, SiteFactory, SlotDelayFactory
from tests.factories.territories import CommuneFactory
from tests.operators.booking.agenda.clock import NOW

pytestmark = pytest.mark.django_db
TODAY = moved_day("2026-11-23")


@pytest.fixture(autouse=True)
def _present(clock):
    clock.move_to(NOW)


def site_page(client, site) -> str:
    return client.get(reverse("operators:site_detail", args=[site.slug])).content.decode()


def cards(client, **query):
    regions = client.get(reverse("operators:site_list", query=query or None)).context["regions"]
    return [card for region in regions for card in region["cards"]]


@pytest.mark.parametrize(
    ("days", "words"),
    [(None, "aucun créneau libre"), (0, "le jour même"), (1, "le lendemain"), (5, "dans 5 jours")],
)
def test_a_delay_is_said_in_words(days, words):
    assert spoken_days(days) == words


def test_site_page_says_the_three_delays_by_level_and_mode_and_the_night(client):
    site = SiteFactory()
    SlotDelayFactory(site=site, free_count=40, before_9_count=4, after_18_count=1)
    SlotDelayFactory(site=site, mode="PHONE", first_days=0, second_days=1, third_days=2)
    SlotDelayFactory(site=site, level="TWO", mode="VIDEO", empty=True)

    delays = site_delays(weeks=list(site.delays.order_by("pk")), today=TODAY)
    page = site_page(client, site)

    assert delays.lead == "Premier rendez-vous : sur place dans 5 jours, par téléphone le jour même."
    assert delays.freshness == "Mesuré cette nuit."
    assert delays.parts == "40 heures libres sur place, dont 4 avant 9 h et 1 après 18 h."
    assert [
        (level.title, [(line.mode, line.first, line.third) for line in level.lines])
        for level in delays.levels
    ] == [
        (
            "Faire le point (niveau 1)",
            [
                ("Sur place", "dans 5 jours", "dans 9 jours"),
                ("Par téléphone", "le jour même", "dans 2 jours"),
            ],
        ),
        ("Construire un projet (niveau 2)", [("En visio", "aucun créneau libre", "aucun créneau libre")]),
    ]
    assert delays.chart is None
    assert delays.lead in page
    assert "Mesuré cette nuit." in page


def test_a_site_never_measured_says_so_and_invents_nothing(client):
    site = SiteFactory()

    page = site_page(client, site)

    assert "Pas encore mesuré." in page
    assert "Premier rendez-vous" not in page


@pytest.mark.dated
def test_a_missed_night_shows_the_date_of_the_last_measure(client):
    site = SiteFactory()
    SlotDelayFactory(site=site, measured_on=moved_day("2026-11-20"))

    assert "Mesuré le vendredi 20 novembre 2026 ; pas de mesure depuis." in site_page(client, site)


@pytest.mark.dated
def test_twelve_weeks_are_drawn_and_a_week_without_a_measure_is_a_gap(client):
    site = SiteFactory()
    for weeks, days in ((0, 5), (1, 8), (3, 12), (13, 40)):
        SlotDelayFactory(
            site=site,
            measured_on=TODAY - timedelta(weeks=weeks),
            first_days=days,
            second_days=days + 1,
            third_days=days + 2,
        )

    response = client.get(reverse("operators:site_detail", args=[site.slug]))
    rows = response.context["delays"].chart.table.rows

    assert [row[1] for row in rows] == ["—"] * 8 + ["12\xa0j", "—", "8\xa0j", "5\xa0j"]
    assert rows[-1][0] == "23 nov."


def test_only_the_last_measure_of_a_week_is_read(client, django_assert_num_queries):
    site = SiteFactory()
    for day in range(3):
        SlotDelayFactory(site=site, measured_on=TODAY - timedelta(days=7 + day), first_days=day)

    # site, modes, hours, delays, closures, group sessions
    with django_assert_num_queries(6):
        response = client.get(reverse("operators:site_detail", args=[site.slug]))

    assert response.context["delays"].lead == "Premier rendez-vous : sur place le jour même."


@pytest.mark.dated
def test_closures_to_come_are_shown_and_past_ones_are_not(client):
    site = SiteFactory()
    SiteClosure.objects.create(
        site=site, first_on=moved_day("2026-11-02"), last_on=moved_day("2026-11-22"), reason="Passée"
    )
    SiteClosure.objects.create(site=site, first_on=moved_day("2026-12-24"), last_on=moved_day("2026-12-24"))
    SiteClosure.objects.create(
        site=site, first_on=moved_day("2026-11-20"), last_on=moved_day("2026-11-23"), reason="Travaux"
    )

    page = site_page(client, site)

    page = " ".join(page.split())
    assert "Du vendredi 20 novembre 2026 au lundi 23 novembre 2026, inclus : Travaux." in page
    assert "Le jeudi 24 décembre 2026." in page
    assert "Passée" not in page


def test_list_is_sorted_by_the_measured_delay(client):
    far, near, unknown = SiteFactory(name="A"), SiteFactory(name="B"), SiteFactory(name="C")
    SlotDelayFactory(site=far, first_days=5)
    SlotDelayFactory(site=near, first_days=1, measured_on=TODAY - timedelta(days=1))
    SlotDelayFactory(
        site=near, first_days=30, second_days=31, third_days=32, measured_on=TODAY - timedelta(days=6)
    )
    SlotDelayFactory(site=unknown, first_days=0, measured_on=TODAY - timedelta(days=7))

    by_town, by_delay = cards(client), cards(client, tri="delai")

    assert [card["title"] for card in by_town] == ["A", "B", "C"]
    assert [card["title"] for card in by_delay] == ["B", "A", "C"]


def test_a_town_without_a_site_leads_to_those_within_reach(client):
    CommuneFactory(code="35360", name="Vitré", search_name="vitre", longitude=-1.21, latitude=48.12)
    rennes = SiteFactory(name="Rennes Centre")
    SiteFactory(name="Saint-Denis Nord", reunion=True)

    context = client.get(reverse("operators:site_list", query={"ou": "Vitré"})).context

    assert context["regions"] == []
    assert [card["title"] for card in context["around"]] == ["Rennes Centre"]
    assert context["around"][0]["text"].startswith(f"À 35 km : {rennes.full_address}")


def test_ways_that_wait_as_long_are_said_together():
    site = SiteFactory()
    same = [SlotDelayFactory(site=site, mode=mode, first_days=1) for mode in ("VIDEO", "PHONE", "ON_SITE")]

    assert spoken_first(same) == "Premier rendez-vous : sur place, par téléphone ou en visio le lendemain."


def test_a_full_site_says_that_nothing_is_free():
    assert spoken_first([SlotDelayFactory(empty=True)]) == "Aucun créneau libre en ce moment."


@pytest.mark.parametrize("count", [1, 4])
def test_list_query_count_does_not_grow_with_the_measures(client, django_assert_num_queries, count):
    for _ in range(count):
        SlotDelayFactory()

    with django_assert_num_queries(3):  # count, sites, next slots
        client.get(reverse("operators:site_list"))


def test_list_says_the_next_possible_appointment_of_each_place_by_region(client):
    """Of the engine itself, not of the night's measure: the first hour of level 1, wherever the place."""
    here = OpeningRuleFactory(modes=["ON_SITE", "PHONE"]).site
    there = OpeningRuleFactory(adviser__site=SiteFactory(reunion=True), modes=["VIDEO"]).site
    SiteFactory(name="Zéro")

    regions = client.get(reverse("operators:site_list")).context["regions"]

    listed = [card for group in regions for card in group["cards"]]
    said = {card["title"]: card["text"].partition("possible : ")[2] for card in listed}
    assert said == {
        here.name: "lun. 30 nov. 9\N{NO-BREAK SPACE}h, sur place ou par téléphone.",
        there.name: "lun. 30 nov. 9\N{NO-BREAK SPACE}h (La Réunion), en visio.",
        "Zéro": "",
    }
    assert [group["name"] for group in regions] == ["Bretagne", "La Réunion"]
    assert "Aucun créneau libre en ce moment." in regions[0]["cards"][-1]["text"]
