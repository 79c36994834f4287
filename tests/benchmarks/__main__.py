"""bin/bench: each measure beside its own floor, in the same minutes, on the same server."""

import argparse
import os
import tempfile
from pathlib import Path

# Before cep_portal is imported: Celery looks for it once, when its application is made.
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"

from cep_portal.local.servers import PostgresServer, ValkeyServer

MEASURES = (
    *("slots", "communes", "desk", "region", "pdf", "bookings", "calendar", "burst", "year"),
    *("delivery", "stack", "road"),
)
HEAD = ("measure", "measured", "floor", "ratio", "target", "")


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("--scale", choices=("small", "national"), default="national")
    parser.add_argument("--only", nargs="+", choices=MEASURES, default=MEASURES)
    parser.add_argument("--write", type=Path, help="also write the table as Markdown to this file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        Path(folder).chmod(0o755)
        data = Path(folder) / "server"
        with PostgresServer(data) as server, ValkeyServer(data) as broker:
            # A queue that nobody empties: what a page costs is to hand its message over.
            os.environ["PORTAL_BROKER_URL"] = broker.broker_url
            rows = list(_measure(server, folder, options))
    if options.write:
        options.write.write_text(_markdown(rows, options.scale))


def _measure(server: PostgresServer, folder: str, options: argparse.Namespace):
    _print(HEAD)
    data_needed = set(options.only) - {"stack", "road"}
    if data_needed:
        _build(server, folder, options.scale)
        for row in _on_data(options.only):
            _print(row.cells())
            yield row
    if {"stack", "road"} & set(options.only):
        from tests.benchmarks.stack import whole_stack

        for row in whole_stack(road="road" in options.only):
            _print(row.cells())
            yield row


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


def _on_data(only):
    from tests.benchmarks import booking, deliver, desk, reading, slots, year

    measures = {
        "slots": slots.slot_search,
        "communes": reading.commune_search,
        "desk": desk.desk_page,
        "region": reading.regional_page,
        "pdf": reading.pack_pdf,
        "bookings": booking.bookings_per_second,
        "calendar": booking.one_calendar,
        "burst": booking.burst,
        "year": year.year_of_sessions,
        "delivery": deliver.delivery_of_lines,
    }
    for name, measure in measures.items():
        if name in only:
            found = measure()
            yield from found if isinstance(found, list) else [found]


def _print(cells) -> None:
    widths = (46, 12, 30, 8, 16, 6)
    line = "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True))
    print(line, flush=True)  # noqa: T201 -- the table is the output


def _markdown(rows, scale: str) -> str:
    lines = [
        f"# Benchmarks ({scale} scale)",
        "",
        "Written by `bin/bench --write`: ratios count, machines differ.",
        "",
    ]
    lines += ["| " + " | ".join(cell or "verdict" for cell in HEAD) + " |", "|---" * len(HEAD) + "|"]
    lines += ["| " + " | ".join(row.cells()) + " |" for row in rows]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
