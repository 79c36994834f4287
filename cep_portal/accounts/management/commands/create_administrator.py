from argparse import ArgumentTypeError
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils import timezone

from cep_portal.accounts import services
from cep_portal.common.errors import DomainError


class Command(BaseCommand):
    help = "The first administrator of a server: an account without a password, and its mandate."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", type=_email)
        parser.add_argument("--first-name", required=True)
        parser.add_argument("--last-name", required=True)

    def handle(self, *_args: object, **options: Any) -> None:
        try:
            user = services.create_administrator(
                email=options["email"],
                first_name=options["first_name"],
                last_name=options["last_name"],
                by=None,
                now=timezone.now(),
            )
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{user.full_name} est administrateur. Cette personne choisit son mot de passe"
            " par « Mot de passe oublié », sur la page « Se connecter »."
        )


def _email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError as refusal:
        raise ArgumentTypeError(f"« {text} » n’est pas une adresse électronique.") from refusal
    return text
