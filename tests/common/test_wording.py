from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from cep_portal.common.wording import dates, names, numbers

EVENING = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "—"),
        (0, "0,00\u00a0€"),
        (Decimal("1234567.5"), "1\u202f234\u202f567,50\u00a0€"),
        (Decimal("0.005"), "0,01\u00a0€"),
        (Decimal("-12.3"), "−12,30\u00a0€"),
    ],
)
def test_euros(value, shown):
    assert numbers.euros(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "—"), (0, "0,0\u00a0%"), (42.13, "42,1\u00a0%"), (Decimal("2.25"), "2,3\u00a0%")],
)
def test_percent(value, shown):
    assert numbers.percent(value) == shown


@pytest.mark.parametrize(
    ("value", "places", "shown"), [(None, 0, "—"), (15204, 0, "15\u202f204"), (3, 1, "3,0"), (0, 0, "0")]
)
def test_number(value, places, shown):
    assert numbers.number(value, places) == shown


@pytest.mark.parametrize(
    ("count", "endings", "shown"),
    [
        (0, "s", ""),
        (1, "s", ""),
        (1.5, "s", ""),
        (2, "s", "s"),
        (-2, "s", "s"),
        ([], "x", ""),
        (["a", "b"], "x", "x"),
        (0, "a,ont", "a"),
        (2, "a,ont", "ont"),
    ],
)
def test_plural_begins_at_two(count, endings, shown):
    assert numbers.plural(count, endings) == shown


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        (None, "mardi 24 novembre 2026 à 15\u00a0h\u00a030"),
        ("Europe/Paris", "mardi 24 novembre 2026 à 15\u00a0h\u00a030"),
        ("Indian/Reunion", "mardi 24 novembre 2026 à 18\u00a0h\u00a030 (heure de La Réunion)"),
        ("America/Cayenne", "mardi 24 novembre 2026 à 11\u00a0h\u00a030 (heure de la Guyane)"),
    ],
)
def test_long_instant_says_the_hour_of_the_place(zone, shown):
    assert dates.long_instant(EVENING, zone) == shown


def test_instant_changes_day_with_the_zone():
    late = datetime(2026, 10, 31, 22, 0, tzinfo=UTC)

    assert dates.short_instant(late) == "sam. 31 oct. 23\u00a0h"
    assert dates.short_instant(late, "Indian/Mayotte") == "dim. 1er nov. 1\u00a0h (Mayotte)"


def test_naive_instant_is_refused():
    with pytest.raises(ValueError, match="zone"):
        dates.long_instant(datetime(2026, 11, 24, 14, 30))  # noqa: DTZ001 -- the mistake under test


@pytest.mark.parametrize(
    ("value", "shown"), [(time(9), "9\u00a0h"), (time(18, 5), "18\u00a0h\u00a005"), (None, "—")]
)
def test_hour(value, shown):
    assert dates.hour(value) == shown


def test_days_and_months():
    first = date(2026, 5, 1)

    assert dates.long_day(first) == "vendredi 1er mai 2026"
    assert dates.short_day(first) == "ven. 1er mai"
    assert dates.long_month(first) == "mai 2026"
    assert dates.short_month(date(2026, 2, 3)) == "févr. 2026"
    assert dates.dated_day(first) == "1er mai 2026"
    assert dates.dated_day(None) == "—"


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("Rennes", "de Rennes"),
        ("Amiens", "d’Amiens"),
        ("Évreux", "d’Évreux"),
        ("Le Mans", "du Mans"),
        ("Les Abymes", "des Abymes"),
        ("La Rochelle", "de La Rochelle"),
        ("Yutz", "de Yutz"),
        ("Alix Dupont", "d’Alix Dupont"),
        ("octobre 2026", "d’octobre 2026"),
        ("mai 2026", "de mai 2026"),
    ],
)
def test_place_is_spoken_with_its_article(name, spoken):
    assert names.of(name) == spoken


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ((2026, 12, 26, 23), (2027, 1, 2, 23), ("dim. 27 déc. 2026", "sam. 2 janv. 2027 inclus")),
        (
            (2026, 11, 23, 8),
            (2026, 11, 23, 11),
            ("lun. 23 nov. 2026 9\u00a0h", "lun. 23 nov. 2026 12\u00a0h"),
        ),
    ],
)
def test_period_of_whole_days_names_its_last_day(start, end, expected):
    zone = "Europe/Paris"

    said = (
        dates.dated_start(datetime(*start, tzinfo=UTC), zone),
        dates.dated_end(datetime(*end, tzinfo=UTC), zone),
    )

    assert said == expected


def test_year_and_zone_are_said_when_they_are_not_those_of_the_reader():
    instant = datetime(2027, 1, 4, 14, 30, tzinfo=UTC)

    assert dates.short_instant(instant, on=date(2027, 3, 1)) == "lun. 4 janv. 15\u00a0h\u00a030"
    assert dates.short_instant(instant, on=date(2026, 12, 1)) == "lun. 4 janv. 2027 15\u00a0h\u00a030"
    assert dates.short_instant(instant, "Europe/Paris") == "lun. 4 janv. 15\u00a0h\u00a030"
    assert dates.short_instant(instant, "America/Cayenne") == "lun. 4 janv. 11\u00a0h\u00a030 (Guyane)"
