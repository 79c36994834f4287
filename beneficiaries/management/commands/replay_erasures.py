from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from beneficiaries.rights.services import replay_erasures
from beneficiaries.rights.services.erasure import journal_path


class Command(BaseCommand):
    help = "Efface à nouveau, après une restauration, les personnes que la sauvegarde a ramenées."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "journal", nargs="?", help="copie de erasures.log (par défaut, celle des fichiers)"
        )

    def handle(self, **options: Any) -> None:
        path = Path(options["journal"]) if options["journal"] else journal_path()
        if options["journal"] and not path.is_file():
            raise CommandError(f"{path} n’existe pas.")
        lines = path.read_text(encoding="ascii").splitlines() if path.is_file() else []
        back = replay_erasures(lines=lines, now=timezone.now())
        self.stdout.write(f"{len(lines)} lignes lues, {back} personnes effacées à nouveau.")
