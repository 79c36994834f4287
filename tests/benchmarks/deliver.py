"""200,000 lines of an operator's software, read, judged and written by one worker process."""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.benchmarks.timing import Row

LINES, MOST, MEBIBYTES = 200_000, 600, 300
PEOPLE = LINES // 5  # a request, two appointments and two sessions each
FIRST = datetime(2024, 1, 7, tzinfo=UTC)  # a Sunday
MINUTES = 5
A_SUNDAY = 24 * 60 // MINUTES  # meetings


def delivery_of_lines() -> Row:
    """A whole file of new facts; its floor is PostgreSQL copying the same file into one table of text."""
    with tempfile.TemporaryDirectory(prefix="portal-delivery-") as folder:
        path = Path(folder) / "remontee.csv"
        operator = _write_file(path)
        floor = _copy(path)
        worker = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.deliver", str(operator), str(path)],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    done = json.loads(worker.stdout)
    assert (done["new"], done["refused"]) == (LINES, 0), f"not all lines were accepted: {done}"
    ratio = done["seconds"] / floor
    return Row(
        f"delivery of {LINES:,} lines",
        f"{done['seconds']:.0f} s, {done['mebibytes']:.0f} MiB",
        f"COPY of the file {floor:.2f} s",
        f"{ratio:.0f}x",
        f"≤ {MOST}x, {MEBIBYTES} MiB",
        ratio <= MOST and done["mebibytes"] <= MEBIBYTES,
    )


def _write_file(path: Path) -> int:
    from django.db.models import Count

    from operators.exchange.deliveries.rules.columns import NAMES
    from operators.network.models import Adviser
    from procurement.contracts.models import Contract

    # As many advisers as such a file has in life: eighty thousand appointments are not those of five.
    contracts = Contract.objects.in_force(FIRST.date()).annotate(advisers=Count("sites__advisers"))
    contract = contracts.order_by("-advisers", "pk").first()
    advisers = list(Adviser.objects.filter(site__contract=contract).select_related("site", "user"))
    with path.open("w", encoding="utf-8") as file:
        file.write(";".join(NAMES) + "\n")
        for line in _lines(advisers):
            file.write(";".join(line.get(name, "") for name in NAMES) + "\n")
    return contract.holder_id


def _lines(advisers: list) -> Iterator[dict[str, str]]:
    """On Sundays, when nobody of the demonstration receives there, so that every line is new and right."""
    for person in range(PEOPLE):
        adviser = advisers[person % len(advisers)]
        common = {
            "personne": f"P-{person}",
            "lieu": adviser.site.slug,
            "conseiller": adviser.user.email,
            "niveau": "ONE",
            "modalite": "PHONE",
        }
        yield {
            "nature": "DEMANDE",
            "id": f"D-{person}",
            "personne": f"P-{person}",
            "date_heure": FIRST.isoformat(),
            "situation": "EMPLOYEE",
            "commune": adviser.site.commune_id,
            "commune_de": "HOME",
            "besoins": "TRAINING",
        }
        for turn in range(2):
            yield from _meeting(common, person, turn, person // len(advisers))


def _meeting(common: dict[str, str], person: int, turn: int, place: int) -> Iterator[dict[str, str]]:
    """The second meeting of a person is a Sunday later: twice in one hour would be asked about."""
    number = f"{person}-{turn}"
    sundays, rank = divmod(place, A_SUNDAY)
    starts_at = FIRST + timedelta(weeks=2 * sundays + turn, minutes=MINUTES * rank)
    meeting = {**common, "date_heure": starts_at.isoformat(), "duree_minutes": str(MINUTES)}
    yield {
        **meeting,
        "nature": "RENDEZ_VOUS",
        "id": f"R-{number}",
        "demande": f"D-{person}",
        "etat": "ATTENDED",
        "pris_le": FIRST.isoformat(),
    }
    yield {
        **meeting,
        "nature": "SEANCE",
        "id": f"S-{number}",
        "parcours": f"A-{person}",
        "rendez_vous": f"R-{number}",
        "themes": "PROJECT|TRAINING",
        "suite": "PERSON_ACTS",
    }


def _copy(path: Path) -> float:
    from django.db import connection, transaction

    from operators.exchange.deliveries.rules.columns import NAMES

    started = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        columns = ", ".join(f"{name} text" for name in NAMES)
        cursor.execute(f"CREATE TEMPORARY TABLE delivery_floor ({columns}) ON COMMIT DROP")
        statement = "COPY delivery_floor FROM STDIN (FORMAT csv, HEADER, DELIMITER ';')"
        with cursor.copy(statement) as copy, path.open("rb") as file:
            while piece := file.read(1 << 16):
                copy.write(piece)
    return time.perf_counter() - started


def _take(organisation_id: int, path: Path) -> dict:
    from django.utils import timezone

    from cep_portal.accounts.models import Organisation
    from operators.exchange.deliveries.services import send_delivery, sending, take_delivery

    sending.later = lambda *_name, **_kwargs: None  # read here, not by a worker
    with path.open("rb") as file:
        delivery, _ = send_delivery(
            organisation=Organisation.objects.get(pk=organisation_id),
            file_name=path.name,
            pieces=iter(lambda: file.read(1 << 16), b""),
            is_trial=False,
            by=None,
            now=timezone.now(),
        )
    started = time.perf_counter()
    done = take_delivery(delivery_id=delivery.pk, now=timezone.now())
    return {
        "seconds": time.perf_counter() - started,
        "mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "new": done.new_count,
        "refused": done.refused_count,
        "fields": done.refused_fields,
    }


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(_take(int(sys.argv[1]), Path(sys.argv[2]))))  # noqa: T201 -- read by the parent
