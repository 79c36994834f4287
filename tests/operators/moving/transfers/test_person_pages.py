"""The person answers in the personal space, or by the link with its code; nobody else does."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiaries.rights.models import PersonCode
from beneficiaries.rights.services import erase_person, restrict_file
from cep_portal.common.personal_data import declarations
from cep_portal.messaging.models import Message
from operators.moving.transfers import links
from operators.moving.transfers.enums import TransferState
from operators.moving.transfers.models import Transfer, TransferItem
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.notes import NoteFactory
from tests.factories.operators import AppointmentFactory, CounsellingSessionFactory, PathwayFactory
from tests.factories.transfers import consented, prepared, received, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def space(client, pathway):
    client.force_login(pathway.beneficiary.user)
    return client


def own(transfer):
    return reverse("operators:own_transfer", args=[transfer.uuid])


def said(form, *, items=(), **changes):
    return {
        "shown": form["shown"].value(),
        "consent": "on",
        **{f"item_{item.pk}": "on" for item in items},
        **changes,
    }


def code_sent() -> str:
    body = Message.objects.filter(key__startswith="person-code").order_by("-pk").first().body
    return re.search(r"\b(\d{6})\b", body).group(1)


def test_nothing_is_ticked_before_the_person_does(space, pathway):
    CounsellingSessionFactory(pathway=pathway)
    NoteFactory(pathway=pathway)
    form = space.get(own(prepared(pathway=pathway))).context["form"]

    assert [(item.kind, field.value()) for item, field in form.items] == [
        ("SESSIONS", None),
        ("NOTES", None),
    ]


def test_person_agrees_item_by_item_in_the_space(space, pathway):
    CounsellingSessionFactory(pathway=pathway)
    NoteFactory(pathway=pathway)
    transfer = prepared(pathway=pathway)
    sessions, notes = transfer.items.order_by("position")
    form = space.get(own(transfer)).context["form"]

    space.post(own(transfer), said(form, items=[sessions]))

    transfer.refresh_from_db()
    sessions.refresh_from_db()
    notes.refresh_from_db()
    assert (transfer.state, transfer.consent_way) == (TransferState.CONSENTED, "SPACE")
    assert (sessions.is_agreed, notes.is_agreed) == (True, False)


def test_person_says_which_appointments_are_kept(space, pathway):
    appointment = AppointmentFactory(adviser=pathway.adviser, beneficiary=pathway.beneficiary)
    transfer = prepared(pathway=pathway)
    form = space.get(own(transfer)).context["form"]
    assert form[f"keep_{appointment.pk}"].value() is True

    space.post(own(transfer), said(form))

    assert list(transfer.appointments.values_list("appointment", "is_kept")) == [(appointment.pk, False)]


def test_no_tick_no_transfer(space, pathway):
    transfer = prepared(pathway=pathway)
    form = space.get(own(transfer)).context["form"]

    answer = space.post(own(transfer), said(form, consent=""))

    assert answer.context["form"].errors == {"consent": ["Cochez l’accord, ou refusez le transfert."]}
    assert Transfer.objects.get().state == TransferState.PREPARED


def test_person_refuses(space, pathway):
    transfer = prepared(pathway=pathway)

    space.post(own(transfer), {"refuser": "oui"})

    transfer.refresh_from_db()
    assert (transfer.state, transfer.withdrawn_by) == ("WITHDRAWN", "PERSON")


@pytest.mark.parametrize("state", [consented, sent])
def test_person_takes_the_consent_back_in_the_space(space, pathway, state):
    transfer = state(pathway=pathway)
    withdraw = reverse("operators:own_transfer_withdraw", args=[transfer.uuid])
    assert withdraw in space.get(own(transfer)).text

    space.post(withdraw)

    transfer.refresh_from_db()
    assert transfer.state == TransferState.WITHDRAWN


def test_received_transfer_says_who_follows_and_offers_no_withdrawal(space, pathway, receiver):
    shown = space.get(own(received(pathway=pathway, adviser=receiver))).text

    assert receiver.user.full_name in shown
    assert "Retirer mon accord" not in shown


def test_space_asks_while_an_answer_is_expected(space, pathway):
    transfer = prepared(pathway=pathway)
    home = reverse("beneficiaries:space")
    assert "Changer d’opérateur : votre réponse" in space.get(home).text

    space.post(own(transfer), {"refuser": "oui"})

    assert "Changer d’opérateur : votre réponse" not in space.get(home).text
    shown = space.get(reverse("beneficiaries:space_page", args=["transferts"])).text
    assert "retiré" in shown


def test_another_person_finds_nothing(client, pathway):
    transfer = prepared(pathway=pathway)
    other = BeneficiaryFactory(user=UserFactory(role="BENEFICIARY"))
    client.force_login(other.user)

    assert client.get(own(transfer)).status_code == 404


def test_link_shows_nothing_before_the_code(client, pathway):
    CounsellingSessionFactory(pathway=pathway)
    transfer = prepared(pathway=pathway)
    signed = links.sign(transfer.uuid)

    shown = client.get(reverse("operators:transfer_link", args=[signed])).text
    answer = client.get(reverse("operators:transfer_answer", args=[signed]))

    for hidden in ("Kerbrat", transfer.contract.holder.name, "Séances"):
        assert hidden not in shown
    assert answer.url == reverse("operators:transfer_link", args=[signed])


def test_person_without_account_answers_by_link_and_code(client, receiver):
    pathway = PathwayFactory(beneficiary=BeneficiaryFactory(email="seule@exemple.example"))
    CounsellingSessionFactory(pathway=pathway)
    transfer = prepared(pathway=pathway)
    signed = links.sign(transfer.uuid)

    asked = client.post(reverse("operators:transfer_link", args=[signed]))
    proved = client.post(asked.url, {"code": code_sent()})
    form = client.get(proved.url).context["form"]
    client.post(proved.url, said(form, items=transfer.items.all()))

    transfer.refresh_from_db()
    assert (transfer.state, transfer.consent_way) == (TransferState.CONSENTED, "LINK")
    assert transfer.items.get().is_agreed is True
    client.post(reverse("operators:transfer_take_back", args=[signed]))
    transfer.refresh_from_db()
    assert (transfer.state, transfer.withdrawn_by) == ("WITHDRAWN", "PERSON")


def test_code_goes_to_the_mobile_of_who_has_no_address(client, receiver, settings):
    transfer = prepared(pathway=PathwayFactory(beneficiary=BeneficiaryFactory(by_phone=True)))
    signed = links.sign(transfer.uuid)

    client.post(reverse("operators:transfer_link", args=[signed]))

    message = Message.objects.get(key__startswith="person-code")
    assert message.channel == "SMS"
    assert PersonCode.objects.get().email == ""


def test_wrong_code_opens_nothing(client, pathway):
    transfer = prepared(pathway=pathway)
    signed = links.sign(transfer.uuid)
    asked = client.post(reverse("operators:transfer_link", args=[signed]))
    wrong = f"{(int(code_sent()) + 1) % 1_000_000:06d}"

    answer = client.post(asked.url, {"code": wrong})

    assert answer.context["form"].errors == {"code": ["Ce code ne convient pas. Il vous reste 4 essais."]}
    assert client.post(reverse("operators:transfer_take_back", args=[signed])).status_code == 302
    assert Transfer.objects.get().state == TransferState.PREPARED


def test_code_of_another_person_opens_nothing(client, pathway):
    transfer, other = prepared(pathway=pathway), prepared()
    asked = client.post(reverse("operators:transfer_link", args=[links.sign(other.uuid)]))
    code = PersonCode.objects.get()
    assert str(code.uuid) in asked.url

    answer = client.post(
        reverse("operators:transfer_code", args=[links.sign(transfer.uuid), code.uuid]),
        {"code": code_sent()},
    )

    assert answer.status_code == 404


def test_altered_link_is_unknown(client, pathway):
    signed = links.sign(prepared(pathway=pathway).uuid)

    assert client.get(reverse("operators:transfer_link", args=[signed[:-2] + "aa"])).status_code == 404


def test_signed_in_person_goes_straight_to_the_space(space, pathway):
    transfer = prepared(pathway=pathway)

    answer = space.get(reverse("operators:transfer_link", args=[links.sign(transfer.uuid)]))

    assert answer.url == own(transfer)


def test_freezing_the_file_ends_it_and_the_link(client, pathway):
    transfer = sent(pathway=pathway)

    restrict_file(beneficiary=pathway.beneficiary, now=timezone.now(), by=None)

    transfer.refresh_from_db()
    assert (transfer.state, transfer.withdrawn_by) == ("WITHDRAWN", "FILE")
    link = reverse("operators:transfer_link", args=[links.sign(transfer.uuid)])
    assert client.get(link).status_code == 404


def test_erasure_blanks_what_was_shown(pathway, receiver):
    CounsellingSessionFactory(pathway=pathway)
    received(pathway=pathway, adviser=receiver)

    erase_person(beneficiary=pathway.beneficiary, now=timezone.now(), by=None)

    assert list(TransferItem.objects.values_list("title", "content")) == [("", {})]


def test_person_s_copy_holds_the_transfers():
    models = [person_manifest.model for person_manifest in declarations()]

    assert Transfer in models
    assert TransferItem in models
