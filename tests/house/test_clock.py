"""Nothing of the product reads a clock that a test cannot pin: neither Python, nor SQL, nor the database."""

import os
import re
import subprocess
import sys
import threading
import time
import uuid
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core import signing
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from cep_portal.accounts.models import User
from tests.clock import clock_of_children, moved, moved_day, present, usual_text, wall
from tests.database_clock import clock_read_by

ROOT = Path(__file__).resolve().parents[2]
# What the migrated database reads the time for by itself, and why no test pins it.
REAL_CLOCK_WALLS = {
    "portal_settled": "compares when transactions began, which is real; answers in the portal's clock",
    "portal_now": "from when a fact is known; tests and who builds a past say it first (tests/strictness.py)",
    "pgtrigger_kept_a_year_f6b3a": "the journal is kept from the portal itself, which could forge an instant",
}
STORED_SQL = """
    SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND probin IS NULL
    UNION ALL SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
    UNION ALL SELECT adrelid::regclass::text, pg_get_expr(adbin, adrelid) FROM pg_attrdef
    UNION ALL SELECT viewname, definition FROM pg_views WHERE schemaname = 'public'
    UNION ALL SELECT matviewname, definition FROM pg_matviews
    UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT polname, pg_get_expr(polqual, polrelid) FROM pg_policy
"""


@pytest.mark.django_db
def test_what_the_database_keeps_reads_no_clock_but_the_walls():
    with connection.cursor() as cursor:
        cursor.execute(STORED_SQL)
        stored = cursor.fetchall()

    assert len(stored) > 400
    assert {name for name, sql in stored if clock_read_by(sql or "")} == set(REAL_CLOCK_WALLS)


@pytest.mark.parametrize(
    ("sql", "read"),
    [
        ("SELECT now()", "now()"),
        ("SELECT pg_catalog.now ( )", "pg_catalog.now ( )"),
        ("UPDATE x SET at = STATEMENT_TIMESTAMP()", "STATEMENT_TIMESTAMP()"),
        ("DELETE FROM x WHERE day < CURRENT_DATE - 1", "CURRENT_DATE"),
        ("SELECT current_timestamp(0)", "current_timestamp"),
        ("SELECT 'today'::date", "'today'"),
        ('SELECT known_now(), "now", x.now FROM x', None),
        ("SELECT 'now() is said', 'it''s CURRENT_DATE'", None),
    ],
)
def test_the_clock_of_a_statement_is_seen(sql, read):
    assert clock_read_by(sql) == read


@pytest.mark.django_db
def test_a_statement_that_reads_the_database_s_clock_fails():
    with pytest.raises(AssertionError, match="read the database's clock"):
        list(User.objects.annotate(at=Now()))
    with pytest.raises(AssertionError, match="read the database's clock"), connection.cursor() as cursor:
        cursor.execute("SELECT 1 WHERE CURRENT_DATE > '2020-01-01'")


def readings() -> set[datetime]:
    """The present, by each road that Python has to it."""
    lived = {timezone.now(), datetime.now(UTC), datetime.fromtimestamp(time.time(), UTC)}
    lived |= {datetime(*time.gmtime()[:6], tzinfo=UTC), datetime.fromtimestamp(time.time_ns() / 1e9, UTC)}
    lived.add(datetime.fromtimestamp(time.clock_gettime(time.CLOCK_REALTIME), UTC))
    lived.add(
        datetime.fromtimestamp((uuid.uuid1().time - 0x01B21DD213814000) / 1e7, UTC).replace(microsecond=0)
    )
    return lived


def test_every_reading_of_python_is_the_present():
    assert readings() == {present()}
    assert date.today() == timezone.localdate() == datetime.now(UTC).date()  # noqa: DTZ011 -- what it reads


def test_another_thread_reads_the_present_too():
    lived = []

    thread = threading.Thread(target=lambda: lived.append(readings()))
    thread.start()
    thread.join()

    assert lived == [{present()}]


def test_a_link_signed_then_read_later_is_too_old(clock):
    signed = signing.TimestampSigner().sign("x")
    clock.shift(11)

    with pytest.raises(signing.SignatureExpired):
        signing.TimestampSigner().unsign(signed, max_age=10)


@pytest.mark.at("2027-06-01 23:30")
def test_a_test_may_ask_for_its_own_hour(clock):
    assert timezone.localtime().isoformat() == "2027-06-01T23:30:00+02:00"
    assert wall("2027-06-01 23:30") == timezone.now()
    clock.move_to(wall("2027-10-31 12:00"))
    assert timezone.localtime().isoformat() == "2027-10-31T12:00:00+01:00"


@pytest.mark.at("2028-02-29 10:00")
def test_dates_beside_the_present_keep_their_hour_and_their_day_of_the_week():
    assert moved("2026-11-30 09:00") == wall("2028-03-06 09:00")
    assert (moved_day("2026-11-23"), usual_text(moved("2027-01-04 12:00"))) == (
        date(2028, 2, 28),
        "2027-01-04 12:00",
    )


def test_a_child_process_begins_at_the_present():
    """What a journey starts: web, worker, demonstration."""
    program = "from django.utils import timezone; print(timezone.now().isoformat())"
    told = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | clock_of_children(),
        capture_output=True,
        text=True,
        check=True,
    )

    late = datetime.fromisoformat(told.stdout.strip()) - present()
    assert 0 <= late.total_seconds() < 60


def test_no_script_of_a_page_reads_the_browser_s_clock():
    """So Chromium's own is none of a test's; else pin it too, by Playwright's `context.clock`."""
    scripts = [path for path in (ROOT / "static").rglob("*.js") if not path.name.endswith(".min.js")]

    assert scripts
    assert [path.name for path in scripts if re.search(r"\bDate\b", path.read_text())] == []


def test_no_service_says_from_when_a_fact_is_known():
    """The database does, but for who builds a past: what figures counted would be rewritten (ADR 0067)."""
    readers = re.compile(
        r"^reporting/facts/|^cep_portal/demo/dataset/rows|/migrations/|/models|/pasts|/personal_data"
    )
    apps = ("beneficiaries", "cep_portal", "operators", "procurement", "reporting")
    files = [str(path.relative_to(ROOT)) for app in apps for path in (ROOT / app).rglob("*.py")]
    others = [name for name in files if not readers.search(name)]

    assert len(others) > 500
    assert [name for name in others if "known_from" in (ROOT / name).read_text()] == []
