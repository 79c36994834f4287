"""bin/bench: each measure beside its own floor, in the same minutes, on the same server."""

import argparse
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

# Before cep_portal is imported: Celery looks for it once, when its application is made.
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"

from cep_portal.local.servers import PostgresServer, ValkeyServer
from tests.benchmarks import report
from tests.benchmarks.timing import Row, broken

MEASURES = (
    *("slots", "page", "communes", "desk", "region", "pdf", "bookings", "calendar", "burst", "year"),
    *("delivery", "pages", "stack", "road"),
)
ON_NOTHING = ("stack", "road")  # they start a demonstration of their own
TITLES = ("measure", "measured", "floor", "ratio", "target", "")


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("--scale", choices=("small", "national"), default="national")
    parser.add_argument("--only", nargs="+", choices=MEASURES, default=MEASURES)
    parser.add_argument("--write", type=Path, default=report.PAGE, help="the page whose rows are replaced")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        Path(folder).chmod(0o755)
        data = Path(folder) / "server"
        with PostgresServer(data) as server, ValkeyServer(data) as broker:
            # A queue that nobody empties: what a page costs is to hand its message over.
            os.environ["PORTAL_BROKER_URL"] = broker.broker_url
            done = list(_measure(server, folder, options))
    report.write(done, scale=options.scale, now=datetime.now(UTC), page=options.write)
    sys.exit(any(row.is_broken for each in done for row in each.rows))


def _measure(server: PostgresServer, folder: str, options: argparse.Namespace) -> Iterator[report.Done]:
    _print(TITLES)
    if set(options.only) - set(ON_NOTHING):
        _build(server, folder, options.scale)
        for name, measure in _on_data(options.scale).items():
            if name in options.only:
                yield _done(name, measure)
    if set(ON_NOTHING) & set(options.only):
        from tests.benchmarks.stack import whole_stack

        yield _done("stack", lambda: whole_stack(road="road" in options.only))


def _done(name: str, measure: Callable[[], Row | list[Row]]) -> report.Done:
    """A measure that stops is said and does not stop the others."""
    started = time.perf_counter()
    try:
        rows = measure()
    except Exception as failure:  # noqa: BLE001 -- whatever stopped it is its row
        traceback.print_exc()
        rows = broken(name, failure)
    rows = rows if isinstance(rows, list) else [rows]
    for row in rows:
        _print(row.cells())
    return report.Done(name, rows, time.perf_counter() - started)


def _build(server: PostgresServer, folder: str, scale: str) -> None:
    os.environ |= {
        "PORTAL_DATABASE_URL": server.ensure_database("bench"),
        "PORTAL_DATA_DIR": folder,
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    call_command("build_demonstration", scale=scale, verbosity=0)
    server.sql("VACUUM ANALYZE", database="bench")  # not while the measures run
    server.sql("CHECKPOINT")


def _on_data(scale: str) -> dict[str, Callable[[], Row | list[Row]]]:
    from tests.benchmarks import booking, deliver, desk, page, pages, reading, slots, year

    return {
        "slots": slots.slot_search,
        "page": page.slot_page,
        "communes": reading.commune_search,
        "desk": desk.desk_page,
        "region": reading.regional_page,
        "pdf": reading.pack_pdf,
        "bookings": booking.bookings_per_second,
        "calendar": booking.one_calendar,
        "burst": booking.burst,
        "year": year.year_of_sessions,
        "delivery": deliver.delivery_of_lines,
        "pages": lambda: list(pages.page_weights(scale)),
    }


def _print(cells: Sequence[str]) -> None:
    widths = (46, 12, 30, 8, 16, 6)
    line = "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True))
    print(line, flush=True)  # noqa: T201 -- the table is the output


if __name__ == "__main__":
    main()
