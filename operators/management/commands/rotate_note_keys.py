from django.core.management.base import BaseCommand

from operators.notes.services import BATCH, rotate_keys


class Command(BaseCommand):
    help = "Seal every note again under the newest key of PORTAL_NOTE_KEYS; safe to stop and to run twice."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--batch", type=int, default=BATCH, help="notes in one transaction")

    def handle(self, *, batch: int, **_options) -> None:
        count = rotate_keys(batch=batch)
        self.stdout.write(f"{count} note(s) sealed again. Older keys may leave PORTAL_NOTE_KEYS.")
