"""Fill the demonstration: tables, static files, reference and fictional data. One process, one Django start.

Run by the supervisor; writes the accounts to show at the end in the file given.
"""

import argparse
import io
from pathlib import Path

import django
from django.core.management import call_command

from cep_portal.local.steps import step


def quietly(command: str, *arguments: str, **options: object) -> str:
    said = io.StringIO()
    call_command(command, *arguments, stdout=said, verbosity=0, **options)
    return said.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", required=True)
    parser.add_argument("--accounts", type=Path, required=True)
    options = parser.parse_args()
    django.setup()
    with step("Database tables"):
        quietly("migrate", interactive=False)
    with step("Static files"):
        quietly("collectstatic", interactive=False)
    if options.scale == "training":
        with step("Training place"):
            quietly("open_training_place")
    else:
        with step("Reference data"):
            quietly("load_reference")
            quietly("load_doors")
        with step(f"Demonstration data ({options.scale})"):
            quietly("build_demonstration", scale=options.scale)
    options.accounts.write_text(quietly("demo_accounts", "--json"))


if __name__ == "__main__":
    main()
