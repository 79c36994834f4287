from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from cep_portal.accounts import services
from cep_portal.accounts.enums import Role
from cep_portal.accounts.errors import AccountExists
from cep_portal.accounts.models import AuditEvent, Mandate, User
from cep_portal.messaging.models import Message
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
NAMES = {"first_name": "Inès", "last_name": "Laurent"}


def test_the_first_administrator_has_a_mandate_and_an_audit_line():
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # already the 23rd in Paris

    user = services.create_administrator(email="Ines@pilotage.example", **NAMES, by=None, now=late)

    mandate = Mandate.objects.get()
    assert (user.email, user.full_name) == ("ines@pilotage.example", "Inès Laurent")
    assert user.has_usable_password() is False
    assert (mandate.user, mandate.role, mandate.starts_on, mandate.ends_on) == (
        user,
        Role.ADMINISTRATOR,
        date(2026, 11, 23),
        None,
    )
    assert list(AuditEvent.objects.order_by("pk").values_list("action", "target_id", "actor")) == [
        ("accounts.user.created", user.pk, None),
        ("accounts.mandate.granted", mandate.pk, None),
    ]


def test_an_address_that_has_an_account_is_refused():
    UserFactory(email="ines@pilotage.example")

    with pytest.raises(AccountExists):
        services.create_administrator(
            email="INES@pilotage.example", **NAMES, by=None, now=datetime(2026, 11, 22, tzinfo=UTC)
        )
    assert not Mandate.objects.exists()


def test_the_command_leads_to_a_password_by_mail(client):
    output = StringIO()

    call_command(
        "create_administrator",
        "ines@pilotage.example",
        "--first-name=Inès",
        "--last-name=Laurent",
        stdout=output,
    )
    client.post(reverse("account_reset_password"), {"email": "ines@pilotage.example"})

    assert output.getvalue() == (
        "Inès Laurent est administrateur. Cette personne choisit son mot de passe"
        " par « Mot de passe oublié », sur la page « Se connecter ».\n"
    )
    assert Message.objects.filter(body__contains="/compte/password/reset/key/").count() == 1


@pytest.mark.parametrize("email", ["ines", "ines@pilotage.example"])
def test_the_command_refuses_a_wrong_or_taken_address(email):
    UserFactory(email="ines@pilotage.example")

    with pytest.raises(CommandError):
        call_command("create_administrator", email, "--first-name=Inès", "--last-name=Laurent")
    assert User.objects.count() == 1
