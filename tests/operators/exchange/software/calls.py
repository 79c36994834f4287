"""What an operator's software sends: an hour, a person, and what came back."""

import time

from django.db import connection
from django.urls import reverse

NINE = "2026-11-30T09:00:00+01:00"
PERSON = {
    "first_name": "Nolwenn",
    "last_name": "Le Roux",
    "email": "nolwenn@exemple.example",
    "phone": "06 39 98 00 01",
}


def wait_until_told(seconds=120):
    """The feed waits for the oldest transaction of the server: here, for those of the run's other process."""
    ends = time.monotonic() + seconds
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (present,) = cursor.fetchone()
        while time.monotonic() < ends:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            if cursor.fetchone()[0] > present:
                return
            time.sleep(0.05)
    raise AssertionError("another transaction of the server never ended")


def url(name, *args):
    return reverse(f"operators:api_{name}", args=args)


def asked(site, **changed):
    return {
        "site": str(site.uuid),
        "starts_at": NINE,
        "level": "ONE",
        "mode": "ON_SITE",
        "situation": "EMPLOYEE",
        "commune": site.commune_id,
        "commune_basis": "HOME",
        "needs": ["TRAINING"],
        "person": PERSON,
        "agreed": True,
        **changed,
    }


def book(api, site, *, key="dossier-1", **changed):
    return api.post(
        url("appointments"), asked(site, **changed), format="json", headers={"Idempotency-Key": key}
    )


def kinds(response):
    return response.status_code, response.json()["type"].removeprefix("urn:mon-cep:")
