"""The code of a sign-in: the same for everybody, once, for fifteen minutes, five times an hour."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.urls import reverse

from beneficiaries.signin import services
from beneficiaries.signin.models import SignInCode
from cep_portal.accounts.enums import Role
from cep_portal.common.personal_data import Subject
from cep_portal.messaging.models import Message
from tests.beneficiaries.signin.entering import ASK, account, ask, copy, last_code, say, told
from tests.beneficiaries.test_request_walls import run_sql
from tests.clock import present
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory

pytestmark = pytest.mark.django_db
NOW = present()
SPACE = reverse("beneficiaries:space")
MOBILE = "06 39 98 12 34"


def test_known_or_not_the_screen_the_rows_and_the_queries_are_the_same(client, django_assert_max_num_queries):
    BeneficiaryFactory(email="connue@exemple.example")
    UserFactory(email="agente@exemple.example", role=Role.ANALYST)
    seen = []
    for email in ("connue@exemple.example", "agente@exemple.example", "inconnu@exemple.example"):
        client.session.flush()
        with django_assert_max_num_queries(40) as queries:
            page = ask(client, email, follow=True)
        text = re.sub(
            r'name="(csrfmiddlewaretoken|form_key)" value="[\w-]+"', "", page.text.replace(email, "…")
        )
        body = re.sub(r"\d{6}", "…", Message.objects.get(recipient=email).body)
        seen.append((page.redirect_chain, text, body, len(queries)))

    assert seen[0] == seen[1] == seen[2]


def test_the_message_is_discreet_and_lives_as_long_as_the_code(client):
    ask(client, "lou@exemple.example")

    message, code = Message.objects.get(), SignInCode.objects.get()
    assert message.subject == "Votre code de connexion"
    assert not re.search("conseil|CEP", message.body)
    assert message.expires_at == code.expires_at == NOW + timedelta(minutes=15)


def test_a_code_serves_once_in_the_browser_that_asked(client):
    person = BeneficiaryFactory()
    ask(client, person.email)
    code = last_code()
    other = type(client)()

    assert copy(other, code).headers["Location"] == ASK
    copy(client)
    assert account(client) is not None
    row = SignInCode.objects.get()
    with pytest.raises(services.errors.CodeUsed):
        services.open_space(sign_in_code=row, now=NOW)


def test_an_older_code_says_that_a_newer_one_was_sent(client):
    ask(client, "lou@exemple.example")
    older = last_code()
    ask(client, "lou@exemple.example")

    page = copy(client, older)

    assert "Ce code a été remplacé" in page.text
    assert SignInCode.objects.latest("pk").attempts == 0


def test_a_code_expires_and_wrong_tries_are_counted(client, clock):
    BeneficiaryFactory(email="lou@exemple.example")
    ask(client, "lou@exemple.example")
    wrong = f"{(int(last_code()) + 1) % 1_000_000:06d}"

    assert "Il vous reste 4 essais" in copy(client, wrong).text
    clock.move_to(NOW + timedelta(minutes=15))
    assert "n’est plus valable" in copy(client).text


def test_the_name_may_take_as_long_again_as_the_code(client, clock):
    told(email="lou@exemple.example")
    ask(client, "lou@exemple.example")
    clock.move_to(NOW + timedelta(minutes=14))
    copy(client)
    clock.move_to(NOW + timedelta(minutes=20))
    say(client, "Lou", "Le Goff")
    assert account(client) is not None


def test_five_codes_an_hour_for_one_contact_however_typed(client):
    for typed in (MOBILE, "0639981234", "+33639981234", "06.39.98.12.34", "06-39-98-12-34"):
        ask(client, typed)

    page = ask(client, MOBILE)

    assert "Cinq codes ont déjà été envoyés" in page.text
    assert SignInCode.objects.count() == 5


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Donnez une adresse de courriel ou un mobile"),
        ("lou@", "Il manque la fin de l’adresse"),
        ("01 99 00 12 34", "ne reçoit pas de SMS"),
        ("lou", "Donnez une adresse de courriel ou un mobile"),
    ],
)
def test_a_contact_that_is_none_is_said_and_kept(client, typed, words):
    page = ask(client, typed)

    assert words in page.text.replace("\xa0", " ")
    assert f'value="{typed}"' in page.text or not typed
    assert not SignInCode.objects.exists()


def test_codes_are_forgotten_a_day_after_they_expire():
    code = services.send_sign_in_code(email="lou@exemple.example", now=NOW)
    over = code.expires_at + timedelta(days=1)

    early = services.forget_sign_in_codes(now=over - timedelta(seconds=1))

    assert (early, services.forget_sign_in_codes(now=over)) == (0, 1)


@pytest.mark.parametrize("contact", [{"email": "lou@exemple.example"}, {"phone": "+33639981234"}])
def test_codes_are_in_the_copy_and_erased_with_the_person(contact):
    from beneficiaries.signin.personal_data import MANIFESTS

    services.send_sign_in_code(now=NOW, **contact)
    services.send_sign_in_code(email="autre@exemple.example", now=NOW)
    person = BeneficiaryFactory(email="Lou@exemple.example", phone=MOBILE)
    subject = Subject(
        uuid=person.uuid,
        beneficiary_id=person.pk,
        user_id=None,
        emails=(person.email,),
        phones=(person.phone, "+33639981234"),
    )

    assert MANIFESTS[0].rows(subject).count() == 1


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("email = 'lou'", "sign_in_code_fits_channel"),
        ("phone = '06 39 98 12 34'", "sign_in_code_fits_channel"),
        ("channel = 'SMS'", "sign_in_code_fits_channel"),
        ("expires_at = sent_at", "sign_in_code_expires_after_sending"),
        ("attempts = 6", "sign_in_code_attempts_bounded"),
        ("used_at = sent_at", "sign_in_code_used_once_proved"),
    ],
)
def test_the_database_refuses_a_code_that_makes_no_sense(change, constraint):
    code = services.send_sign_in_code(email="lou@exemple.example", now=NOW)

    with pytest.raises(DatabaseError, match=constraint):
        run_sql(f"UPDATE beneficiaries_signincode SET {change} WHERE id = %s", code.pk)
