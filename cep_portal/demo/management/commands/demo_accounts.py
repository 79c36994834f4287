import json

from django.core.management.base import BaseCommand

from cep_portal.demo.dataset.accounts import ACCOUNTS
from cep_portal.demo.dataset.build import PASSWORD


class Command(BaseCommand):
    help = "One sign-in per role of the demonstration."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args, **options) -> None:
        accounts = [
            {"role": account.role.label, "email": account.email, **_secret(account)} for account in ACCOUNTS
        ]
        if options["json"]:
            self.stdout.write(json.dumps(accounts, ensure_ascii=False))
            return
        for account in accounts:
            self.stdout.write("  ".join(account.values()))


def _secret(account) -> dict[str, str]:
    if account.role == "BENEFICIARY":
        return {"code": "par courriel, lisible sur /demonstration/messages/"}
    return {"password": PASSWORD}
