"""What a database holds, in words that two builds of the same data share.

Every table and every column counts, keys included. What is random by nature is named by its row (identifiers)
or left out, each with its reason below.

Run as a program on the database of the environment, it builds a scale at an instant and prints one digest a
table: `python -m tests.demo.canonical build 2026-11-30T14:01+01:00`.
"""

import hashlib
import json
import os
import re
import sys
from dataclasses import replace
from datetime import datetime

import django
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "cep_portal.settings.test"
    django.setup()

from cep_portal.celery import app
from cep_portal.common.days import local_day
from cep_portal.demo.dataset.scale import SCALES
from cep_portal.demo.dataset.whole import build_whole
from reporting.kpis.models import KpiValue
from reporting.kpis.selectors import latest_run
from reporting.kpis.services import compute_indicators

# Filled by migrations, or by people who sign in.
NOT_BUILT = {"django_migrations", "django_content_type", "django_session", "auth_permission"}
LINK = re.compile(r"https?://\S+")  # signed, at an instant and under the secret of this machine
REFERENCE = re.compile(r"\b(?:[0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}\b")  # as messages write it
UUID = re.compile(r"[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}")
RANDOM = {
    "accounts_user": {"password"},  # « ! » and a random text for who signs in by code
    "beneficiaries_complaint": {"reference"},  # drawn so that nobody guesses the next one
    "beneficiaries_servicerequest": {"reference"},  # the same, for those that services registered
    "documents_storeddocument": {
        "check_code",  # drawn for the same reason, printed in the file, hence its size and its sum
        "path",
        "sha256",
        "size_bytes",
    },
    "operators_attachment": {
        "path",
        "sha256",
        "sent_sha256",
        "size_bytes",
    },  # shows the identifier of its pathway
    "operators_extract": {"path", "sha256", "size_bytes"},  # lists identifiers
    "operators_note": {"sealed"},  # sealed under a new nonce each time
    "operators_oauthclient": {"client_id", "client_secret"},
    "operators_webhooksubscription": {"sealed"},  # a secret, sealed
    "reporting_kpirun": {"finished_at"},  # how long this machine took
}

MARK = "changed_xid"  # the transaction that wrote the row: counted by the cluster, whatever is written


def columns() -> dict[str, dict[str, str]]:
    """The type of each column, by table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " JOIN information_schema.tables USING (table_schema, table_name)"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1, 2"
        )
        known: dict[str, dict[str, str]] = {}
        for table, column, kind in cursor.fetchall():
            known.setdefault(table, {})[column] = kind
    return {table: kinds for table, kinds in known.items() if table not in NOT_BUILT}


def content() -> dict[str, list[dict]]:
    """The rows of each table, as the database writes them in JSON."""
    tables = {}
    for table in columns():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT to_jsonb(t) FROM {table} t")
            tables[table] = [
                row if isinstance(row, dict) else json.loads(row) for (row,) in cursor.fetchall()
            ]
    return tables


def digests() -> dict[str, str]:
    """One digest a table, the same for two builds of the same data."""
    tables, kinds = content(), columns()
    names = _names_of_identifiers(tables, kinds)
    return {
        table: _digest(sorted(_line(table, row, names) for row in rows)) for table, rows in tables.items()
    }


def _names_of_identifiers(tables: dict[str, list[dict]], kinds: dict[str, dict[str, str]]) -> dict[str, str]:
    """Each identifier of a row, in both spellings, with the row's name: cited elsewhere, it is known."""
    names: dict[str, str] = {}
    for table, rows in tables.items():
        if kinds[table].get("uuid") != "uuid":
            continue
        for row in rows:
            name = f"{table}:{row['id']}"
            names[row["uuid"]] = names[row["uuid"].replace("-", "")] = name
    return names


def _line(table: str, row: dict, names: dict[str, str]) -> str:
    left_out = RANDOM.get(table, set())
    kept = {column: value for column, value in row.items() if column not in left_out | {MARK}}
    text = LINK.sub("link", json.dumps(kept, sort_keys=True, ensure_ascii=False))
    text = UUID.sub(lambda match: names.get(match[0], "identifier"), text)
    return REFERENCE.sub("reference", text)  # after identifiers, whose middle may look like one


def _digest(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


# --- the program


def build(instant: str) -> dict[str, str]:
    """Build a small scale at an instant; the digests of what it made."""
    tiny = replace(SCALES["small"], entries_per_year=400, advisers=18, sites=18)
    scale = SCALES.get(os.environ.get("CANONICAL_SCALE", ""), tiny)
    with time_machine.travel(datetime.fromisoformat(instant), tick=True):
        build_whole(scale, day=timezone.localdate())
    return digests()


def load_references() -> dict:
    call_command("load_reference", verbosity=0)
    call_command("load_doors", verbosity=0)
    return {}


def figures() -> dict[tuple, tuple]:
    values = KpiValue.objects.values_list(
        *("kpi", "period_kind", "period_starts_on", "contract", "region"),
        *("numerator", "denominator", "definition_version"),
    )
    return {value[:5]: value[5:] for value in values}


def live_nights(*instants: str) -> dict[str, list[str]]:
    """Compute the figures as the build did, then as each night's task does; the values that changed."""
    known_at = latest_run().known_at
    nights = {"again": known_at, **{instant: datetime.fromisoformat(instant) for instant in instants}}
    changes = {}
    for name, instant in nights.items():
        before = figures()
        compute_indicators(known_at=instant, now=instant)
        after = figures()
        # The year to date takes in one more month on the first: its figures are others, as they should be.
        grown = "SINCE" if local_day(instant).month != local_day(known_at).month else ""
        changes[name] = sorted(
            str(key) for key in before if key[1] != grown and before[key] != after.get(key)
        )
    return changes


def main() -> None:
    app.conf.task_always_eager = False  # what the builders send is a worker's, later
    act = {"reference": load_references, "build": build, "nights": live_nights}[sys.argv[1]]
    sys.stdout.write(json.dumps(act(*sys.argv[2:])))


if __name__ == "__main__":
    main()
