"""Fill the demonstration: tables, static files, reference and fictional data. One process, one Django start.

Run by the supervisor; writes the accounts to show at the end in the file given.
"""

import argparse
import io
from pathlib import Path

import django
from django.core.management import call_command

from cep_portal.demo.steps import step


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", required=True)
    parser.add_argument("--accounts", type=Path, required=True)
    options = parser.parse_args()
    django.setup()
    with step("Database tables"):
        call_command("migrate", interactive=False, verbosity=0)
    with step("Static files"):
        call_command("collectstatic", interactive=False, verbosity=0)
    with step("Reference data"):
        call_command("load_reference", verbosity=0)
    with step(f"Demonstration data ({options.scale})"):
        call_command("build_demonstration", scale=options.scale, verbosity=0)
    accounts = io.StringIO()
    call_command("demo_accounts", "--json", stdout=accounts)
    options.accounts.write_text(accounts.getvalue())


if __name__ == "__main__":
    main()
