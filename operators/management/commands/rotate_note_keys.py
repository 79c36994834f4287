from django.core.management.base import BaseCommand, CommandParser

from operators.casework.notes.services import BATCH, rotate_keys
from operators.exchange.webhooks.services import seal_secrets_again


class Command(BaseCommand):
    help = "Seal notes and secrets of webhooks under the newest key of PORTAL_NOTE_KEYS; safe to run twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=BATCH, help="notes in one transaction")

    def handle(self, *, batch: int, **_options: object) -> None:
        count = rotate_keys(batch=batch)
        secrets = seal_secrets_again()
        self.stdout.write(
            f"{count} note(s), {secrets} secret(s) of webhooks sealed again."
            " Older keys may leave PORTAL_NOTE_KEYS."
        )
