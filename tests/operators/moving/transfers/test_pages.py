"""The two desks: who prepared reads everything, who receives reads nothing of the person before reception."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from operators.casework.pathways.hooks import Day, OpenFile, happenings
from operators.moving.transfers import contributions, rules
from operators.moving.transfers.enums import TransferState
from operators.moving.transfers.models import Transfer
from tests.factories.accounts import UserFactory
from tests.factories.attachments import clean_attachment
from tests.factories.operators import AdviserFactory, CounsellingSessionFactory, PathwayFactory
from tests.factories.territories import CommuneFactory
from tests.factories.transfers import consented, prepared, received, sent
from tests.operators.casework.pathways.test_pages import as_role

pytestmark = pytest.mark.django_db


def page(name, transfer):
    return reverse(f"operators:transfer_{name}", args=[transfer.uuid])


@pytest.fixture
def desk(client, pathway):
    client.force_login(pathway.adviser.user)
    return client


@pytest.fixture
def there(client, receiver):
    """The desk of the receiving operator."""
    client.force_login(receiver.user)
    return client


@pytest.mark.parametrize(
    ("rule", "roles"),
    [
        (rules.can_transfer, {Role.ADVISER}),
        (rules.can_follow_transfers, {Role.ADVISER, Role.OPERATOR_MANAGER}),
        (rules.can_answer_own_transfers, {Role.BENEFICIARY}),
    ],
)
def test_rules_by_role(rule, roles):
    assert {role for role in Role if rule(as_role(role))} == roles


def test_transfer_is_prepared_from_the_file(desk, pathway, receiver):
    CommuneFactory(strasbourg=True)
    chosen, other = (clean_attachment(pathway=pathway, file_name=f"{n}.pdf") for n in ("cv", "autre"))
    asked = reverse("operators:transfer_prepare", args=[pathway.uuid])

    answer = desk.post(asked, {"reason": "MOVED", "commune_text": "Strasbourg", "files": [chosen.pk]})

    transfer = Transfer.objects.get()
    assert answer.url == page("detail", transfer)
    assert (transfer.contract, transfer.reason) == (receiver.site.contract, "MOVED")
    assert [item.attachment for item in transfer.items.filter(kind="FILE")] == [chosen]
    assert other.file_name not in desk.get(answer.url).text


def test_refusal_to_prepare_stands_on_its_question(desk, pathway):
    CommuneFactory()
    asked = reverse("operators:transfer_prepare", args=[pathway.uuid])

    answer = desk.post(asked, {"reason": "MOVED", "commune_text": "Rennes"})

    assert answer.context["form"].errors == {
        "commune_text": ["C’est déjà votre organisme qui reçoit les personnes de cette commune."]
    }


def test_file_of_another_pathway_is_never_proposed(desk, pathway):
    CommuneFactory(strasbourg=True)
    clean_attachment(pathway=pathway)
    foreign = clean_attachment(pathway=PathwayFactory())
    asked = reverse("operators:transfer_prepare", args=[pathway.uuid])

    answer = desk.post(asked, {"reason": "MOVED", "commune_text": "Strasbourg", "files": [foreign.pk]})

    assert list(answer.context["form"].errors) == ["files"]


def test_former_desk_sends_once_agreed(desk, pathway):
    transfer = consented(pathway=pathway)

    desk.post(page("send", transfer))

    transfer.refresh_from_db()
    assert transfer.state == TransferState.SENT


def test_former_desk_cannot_send_before_the_consent(desk, pathway):
    transfer = prepared(pathway=pathway)

    shown = desk.post(page("send", transfer), follow=True).text

    transfer.refresh_from_db()
    assert transfer.state == TransferState.PREPARED
    assert "Ce transfert est « accord attendu »" in shown


def test_former_desk_takes_it_back(desk, pathway):
    transfer = sent(pathway=pathway)

    desk.post(page("withdraw", transfer))

    transfer.refresh_from_db()
    assert (transfer.state, transfer.withdrawn_by) == ("WITHDRAWN", "ADVISER")


@pytest.mark.parametrize("state", [prepared, consented])
def test_receiving_operator_knows_nothing_before_it_is_sent(there, pathway, state):
    transfer = state(pathway=pathway)

    assert there.get(page("detail", transfer)).status_code == 404
    assert there.get(reverse("operators:transfer_list")).context["rows"] == []


@pytest.mark.parametrize("address", ["detail", "receive", "refuse"])
def test_no_name_nor_word_is_read_before_reception(there, pathway, address):
    CounsellingSessionFactory(pathway=pathway)
    transfer = sent(pathway=pathway)

    shown = there.get(page(address, transfer)).text + there.get(reverse("operators:transfer_list")).text

    assert "Strasbourg" in shown
    assert "Séances" in shown
    for hidden in ("Kerbrat", "Maëlle", "maelle@", "39 98", "Analyse de la situation"):
        assert hidden not in shown


def test_reception_opens_the_pathway_with_what_was_agreed(there, pathway, receiver):
    CounsellingSessionFactory(pathway=pathway)
    transfer = sent(pathway=pathway)

    answer = there.post(page("receive", transfer), {"adviser": receiver.pk})

    transfer.refresh_from_db()
    assert answer.url == reverse("operators:pathway_detail", args=[transfer.received_in.uuid])
    shown = there.get(answer.url).text
    assert "Maëlle Kerbrat" in shown
    assert "Parcours reçu de" in shown
    assert "Analyse de la situation" in there.get(page("detail", transfer)).text


def test_receiver_reads_only_what_was_agreed(there, pathway, receiver):
    CounsellingSessionFactory(pathway=pathway)
    clean_attachment(pathway=pathway, file_name="prive.pdf")
    transfer = received(pathway=pathway, adviser=receiver, agreed=())

    shown = there.get(page("detail", transfer)).text

    assert "Rien d’autre que le nom et les coordonnées." in shown
    assert there.get(reverse("operators:pathway_detail", args=[pathway.uuid])).status_code == 404
    assert there.get(reverse("operators:attachment_list", args=[pathway.uuid])).status_code == 404
    assert there.get(reverse("operators:note_list", args=[pathway.uuid])).status_code == 404


def test_reception_asks_for_an_adviser_of_the_contract(there, pathway):
    transfer = sent(pathway=pathway)

    answer = there.post(page("receive", transfer), {"adviser": AdviserFactory().pk})

    assert list(answer.context["reception"].errors) == ["adviser"]


def test_refusal_asks_for_a_reason(there, pathway):
    transfer = sent(pathway=pathway)

    assert there.post(page("refuse", transfer), {"reason": ""}).context["refusal"].errors == {
        "reason": ["Choisissez un motif."]
    }
    there.post(page("refuse", transfer), {"reason": "NOT_ENOUGH"})

    transfer.refresh_from_db()
    assert transfer.state == TransferState.REFUSED
    assert "Kerbrat" not in there.get(page("detail", transfer)).text


def test_answering_twice_says_so(there, pathway, receiver):
    transfer = received(pathway=pathway, adviser=receiver)

    answer = there.post(page("refuse", transfer), {"reason": "NOT_HERE"})

    assert answer.context["refusal"].non_field_errors() == ["Ce transfert est « reçu » : rouvrez la page."]


@pytest.mark.parametrize("act", ["send", "withdraw"])
def test_receiver_does_not_act_for_the_former(there, pathway, act):
    assert there.post(page(act, sent(pathway=pathway))).status_code == 404


@pytest.mark.parametrize("act", ["receive", "refuse"])
def test_former_does_not_answer_for_the_receiver(desk, pathway, act):
    assert desk.post(page(act, sent(pathway=pathway)), {}).status_code == 404


def test_third_operator_and_intake_officers_find_nothing(client, pathway, receiver):
    transfer = received(pathway=pathway, adviser=receiver)

    client.force_login(AdviserFactory().user)
    assert client.get(page("detail", transfer)).status_code == 404
    for adviser in (pathway.adviser, receiver):
        holder = adviser.site.contract.holder
        client.force_login(UserFactory(role=Role.INTAKE_OFFICER, role__organisation=holder))
        assert client.get(page("detail", transfer)).status_code == 403
        assert client.get(reverse("operators:transfer_list")).status_code == 403


def test_manager_reads_numbers_and_no_name(client, pathway, receiver):
    sent(pathway=pathway)
    counts = {}
    for adviser in (pathway.adviser, receiver):
        holder = adviser.site.contract.holder
        client.force_login(UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=holder))
        answer = client.get(reverse("operators:transfer_list"))
        assert "Kerbrat" not in answer.text
        counts[adviser.pk] = [
            (one.leaving, one.coming)
            for one in answer.context["counts"]
            if one.label == TransferState.SENT.label
        ]

    assert counts == {pathway.adviser.pk: [(1, 0)], receiver.pk: [(0, 1)]}


def test_former_pathway_stays_readable_and_says_where_it_went(desk, pathway, receiver):
    received(pathway=pathway, adviser=receiver)

    shown = desk.get(reverse("operators:pathway_detail", args=[pathway.uuid])).text

    assert "Confié à un autre opérateur : il se relit ici, rien ne s’y ajoute." in shown
    assert "Fixer le prochain rendez-vous" not in shown
    assert "Transférer à un autre opérateur" not in shown


def test_each_reading_is_in_the_journal_of_the_pathway_read(desk, pathway):
    desk.get(page("detail", prepared(pathway=pathway)))

    opened = AuditEvent.objects.filter(action__endswith="opened", target_type="operators.pathway")
    assert [event.target_id for event in opened] == [pathway.pk]


@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize("side", ["", "?sens=departs"])
def test_list_query_count_is_constant(client, receiver, django_assert_num_queries, count, side):
    adviser = AdviserFactory()
    for _ in range(count):
        sent(pathway=PathwayFactory(adviser=adviser))
    client.force_login(adviser.user if side else receiver.user)

    with django_assert_num_queries(5):  # session, user, mandates, count, transfers
        answer = client.get(reverse("operators:transfer_list") + side)

    assert len(answer.context["rows"]) == count


def test_day_of_each_adviser_shows_what_is_to_do(pathway, receiver):
    transfer, now = consented(pathway=pathway), timezone.now()
    own, theirs = pathway.adviser, receiver

    def labels(adviser):
        tasks = contributions.to_do(Day(adviser, adviser.user, now))
        return [(task.about, task.note) for task in tasks.first], tasks.count

    assert labels(own) == ([("Maëlle Kerbrat", "accord donné : à envoyer")], 1)
    assert labels(theirs) == ([], 0)
    transfer.state, transfer.sent_at, transfer.sent_by = "SENT", now, own.user
    transfer.save()
    holder = pathway.contract.holder.name
    assert labels(own) == ([], 0)
    assert labels(theirs) == ([("une personne, Strasbourg", f"à recevoir de {holder}")], 1)


def test_timeline_of_both_pathways_tells_it(pathway, receiver):
    transfer = received(pathway=pathway, adviser=receiver)

    def titles(one, user):
        return [
            line.title
            for line in happenings(OpenFile(one, user, timezone.now()))
            if line.badge == "transfert"
        ]

    holder = transfer.contract.holder.name
    assert titles(pathway, pathway.adviser.user) == [
        f"Transfert préparé vers {holder}",
        "Accord donné au transfert",
        f"Transfert envoyé à {holder}",
        f"{holder} : reçu",
    ]
    assert titles(transfer.received_in, receiver.user) == [f"Parcours reçu de {pathway.contract.holder.name}"]


def test_transfer_over_by_its_delay_offers_no_answer(there, pathway):
    transfer = sent(pathway=pathway, now=timezone.now() - timedelta(days=40))

    answer = there.get(page("detail", transfer))

    assert answer.context["may_answer"] is False
    assert "Recevoir cette personne" not in answer.text
