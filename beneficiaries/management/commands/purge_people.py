from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from beneficiaries.rights.services import purge_people


class Command(BaseCommand):
    help = "Prévient puis efface les personnes sans contact depuis la durée de conservation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="compter seulement")

    def handle(self, **options: Any) -> None:
        purged = purge_people(now=timezone.now(), is_dry_run=options["dry_run"])
        verb = "à prévenir, {} à effacer" if options["dry_run"] else "prévenues, {} effacées"
        self.stdout.write(f"{purged.warned} personnes {verb.format(purged.erased)}.")
