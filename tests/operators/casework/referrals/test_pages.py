"""The adviser refers, the partner answers without an account, the person sees and takes back."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from cep_portal.common.days import local_day
from operators.casework.pathways.hooks import Ahead, Day, preparations
from operators.casework.referrals import links, wording
from operators.casework.referrals.contributions import to_do
from operators.casework.referrals.models import Referral
from tests.factories.accounts import UserFactory
from tests.factories.operators import AdviserFactory, AppointmentFactory, PathwayFactory
from tests.factories.referrals import ReferralDoorFactory, ReferralFactory

pytestmark = pytest.mark.django_db
FACTS = {"reason": "FUND_TRAINING", "note": "Une licence.", "shares": ["phone", "email"]}


def add_page(pathway, door):
    return reverse("operators:referral_add", args=[pathway.uuid, door.uuid])


def answer_page(referral):
    return reverse("operators:referral_answer", args=[links.sign(referral.uuid)])


def fresh(**facts):
    """Sent yesterday: the pages read the real clock."""
    day = timezone.now() - timedelta(days=1)
    return ReferralFactory(consented_at=day, sent_at=day, **facts)


def test_the_very_text_is_shown_before_the_agreement_is_asked(desk, pathway):
    door = ReferralDoorFactory()

    response = desk.post(add_page(pathway, door), FACTS)

    text = wording.transmitted(pathway=pathway, **FACTS)
    assert response.context["text"] == text
    assert "maelle@exemple.example" in text
    assert wording.consent(door) in response.text
    assert Referral.objects.count() == 0


def test_the_agreement_sends_the_text_that_was_shown(desk, pathway):
    door = ReferralDoorFactory()
    shown = desk.post(add_page(pathway, door), FACTS).context["shown"]

    response = desk.post(add_page(pathway, door), {**FACTS, "shown": shown, "consent": "on"})

    sent = Referral.objects.get()
    assert response.url == reverse("operators:referral_detail", args=[sent.uuid])
    assert wording.fingerprint(sent.transmitted) == shown


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ({}, "Sans l’accord de la personne, rien n’est transmis."),
        ({"consent": "on", "note": "Autre chose."}, "Le texte a changé"),
    ],
)
def test_without_agreement_to_that_text_nothing_is_sent(desk, pathway, posted, words):
    door = ReferralDoorFactory()
    shown = desk.post(add_page(pathway, door), FACTS).context["shown"]

    response = desk.post(add_page(pathway, door), {**FACTS, "shown": shown, **posted})

    assert words in response.text
    assert Referral.objects.count() == 0


def test_going_back_to_correct_keeps_what_was_typed(desk, pathway):
    door = ReferralDoorFactory()

    response = desk.post(add_page(pathway, door), {**FACTS, "shown": "x", "corriger": "oui"})

    assert response.context["form"]["note"].value() == "Une licence."
    assert "consent" not in response.context


def test_only_contacts_that_are_known_are_offered(desk, pathway):
    pathway.beneficiary.phone = ""
    pathway.beneficiary.save()

    form = desk.get(add_page(pathway, ReferralDoorFactory())).context["form"]

    assert form.fields["shares"].choices == [("email", "maelle@exemple.example")]


def test_the_directory_is_filtered_by_kind(desk, pathway):
    ReferralDoorFactory(name="Porte VAE", kind="VAE")
    ReferralDoorFactory(name="Porte OPCO", kind="OPCO")
    page = reverse("operators:referral_choose", args=[pathway.uuid])

    groups = desk.get(f"{page}?type=VAE").context["groups"]

    assert [one.name for group in groups for one in group["doors"]] == ["Porte VAE"]
    assert "Aucun partenaire de ce type ici" in desk.get(f"{page}?type=APEC").text


@pytest.mark.parametrize("role", [Role.INTAKE_OFFICER, Role.OPERATOR_MANAGER])
def test_who_books_or_manages_reads_no_referral(client, pathway, role):
    user = UserFactory(role=role, role__organisation=pathway.contract.holder)
    client.force_login(user)
    sent = ReferralFactory(pathway=pathway)

    status = client.get(reverse("operators:referral_detail", args=[sent.uuid])).status_code

    assert (status, Referral.objects.visible_to(user).count()) == (403, 0)


def test_another_operator_s_adviser_finds_nothing(client, pathway):
    client.force_login(AdviserFactory().user)
    sent = ReferralFactory(pathway=pathway)

    pages = [
        reverse("operators:referral_detail", args=[sent.uuid]),
        reverse("operators:referral_choose", args=[pathway.uuid]),
        add_page(pathway, sent.door),
    ]

    assert [client.get(page).status_code for page in pages] == [404, 404, 404]


def test_a_colleague_says_why_before_reading_a_referral(client, pathway):
    client.force_login(AdviserFactory(site=pathway.adviser.site).user)
    sent = ReferralFactory(pathway=pathway)
    pages = [
        reverse("operators:referral_detail", args=[sent.uuid]),
        reverse("operators:referral_choose", args=[pathway.uuid]),
        add_page(pathway, sent.door),
    ]

    ways = {client.get(page).url.split("?")[0] for page in pages}

    assert ways == {reverse("operators:file_reason", args=[pathway.uuid])}


@pytest.mark.parametrize("count", [1, 4])
def test_list_query_count_is_constant(desk, pathway, django_assert_num_queries, count):
    for _ in range(count):
        ReferralFactory(pathway=PathwayFactory(adviser=pathway.adviser))

    with django_assert_num_queries(5):  # session, user, mandates, count, referrals
        response = desk.get(reverse("operators:referral_list"))

    assert len(response.context["rows"]) == count


def test_the_list_shows_what_waits_longest_first_and_says_late(desk, pathway):
    recent = fresh(pathway=pathway)
    old = ReferralFactory(pathway=pathway)
    ReferralFactory(pathway=pathway, refused=True)
    ReferralFactory(pathway__adviser=AdviserFactory(site=pathway.adviser.site))

    rows = desk.get(reverse("operators:referral_list")).context["rows"]

    assert [(row["door"], row["is_late"]) for row in rows] == [
        (old.door.name, True),
        (recent.door.name, False),
    ]


def test_an_answer_learnt_by_telephone_is_noted(desk, pathway, adviser):
    sent = fresh(pathway=pathway)
    page = reverse("operators:referral_detail", args=[sent.uuid])

    response = desk.post(page, {"state": "ACCEPTED", "note": "Lundi."}, follow=True)

    sent.refresh_from_db()
    assert (sent.state, sent.answered_by, sent.answer_note) == ("ACCEPTED", adviser, "Lundi.")
    assert "Réponse notée" in response.text
    assert AuditEvent.objects.filter(action="operators.pathway.opened").count() == 2


def test_a_partner_reads_and_answers_without_an_account():
    sent, partner = fresh(transmitted="Personne : Maëlle Kerbrat"), Client()

    shown = partner.get(answer_page(sent))
    after = partner.post(answer_page(sent), {"state": "ACCEPTED", "note": ""}, follow=True)
    over = partner.post(answer_page(sent), {"state": "DONE", "note": ""}, follow=True)

    assert "Maëlle Kerbrat" in shown.text
    assert shown.headers["Cache-Control"].count("no-store") == 1
    assert "Vous avez accepté de la recevoir" in after.text
    assert (over.status_code, "Maëlle" in over.text) == (410, False)


@pytest.mark.parametrize("state", [{"refused": True}, {"state": "WITHDRAWN", "withdrawn_at": timezone.now()}])
def test_a_link_that_is_over_shows_nobody(client, state):
    sent = fresh(transmitted="Personne : Maëlle Kerbrat", **state)

    response = client.get(answer_page(sent))

    assert (response.status_code, "Maëlle" in response.text) == (410, False)


def test_a_link_altered_or_too_old_shows_nobody(client, settings):
    settings.PORTAL_REFERRAL_LINK_DAYS = 90
    day = timezone.now() - timedelta(days=91)
    old = ReferralFactory(consented_at=day, sent_at=day)

    assert client.get(answer_page(old)).status_code == 410
    assert client.get(answer_page(old).replace(".", ".x")).status_code == 404


def test_the_person_reads_what_was_transmitted_and_takes_it_back(client, pathway):
    person = pathway.beneficiary
    person.user = UserFactory(role=Role.BENEFICIARY, email=person.email)
    person.save()
    sent = fresh(pathway=pathway, transmitted="Personne : Maëlle Kerbrat")
    client.force_login(person.user)
    page = reverse("beneficiaries:space_page", args=["orientations"])

    shown = client.get(page)
    after = client.post(reverse("operators:referral_withdraw", args=[sent.uuid]), follow=True)

    assert "Personne : Maëlle Kerbrat" in shown.text
    assert "C’est fait : l’accord est retiré." in after.text
    assert "Retirer mon accord" not in after.text
    assert AuditEvent.objects.get(action="operators.referral.withdrawn").actor == person.user


def test_the_space_says_nothing_of_the_referrals_of_others(client):
    client.force_login(UserFactory(role=Role.BENEFICIARY))

    response = client.post(reverse("operators:referral_withdraw", args=[ReferralFactory().uuid]))

    assert response.status_code == 404


def test_the_file_and_the_day_tell_what_became_of_a_referral(desk, pathway):
    ReferralFactory(pathway=pathway, accepted=True, answer_note="Lundi.")
    late = ReferralFactory(pathway=pathway)
    user, now = pathway.adviser.user, timezone.now()

    page = desk.get(reverse("operators:pathway_detail", args=[pathway.uuid])).text
    (task,) = to_do(Day(pathway.adviser, user, now)).first

    assert "le partenaire, par son lien · Lundi." in page
    assert reverse("operators:referral_choose", args=[pathway.uuid]) in page
    assert (task.verb, task.about) == ("Relancer", f"{late.door.name}, pour Maëlle Kerbrat")
    assert task.due_on < local_day(now)


@pytest.mark.dated
def test_an_appointment_is_prepared_with_the_partner_s_answer(pathway):
    sent = ReferralFactory(pathway=pathway, accepted=True)
    booked = AppointmentFactory(adviser=pathway.adviser, beneficiary=pathway.beneficiary)

    pathways = {(booked.beneficiary_id, booked.site.contract_id): pathway}
    needed = preparations(Ahead([booked], pathways, pathway.adviser.user))

    assert f"orientation vers {sent.door.name} : acceptée le 4 nov. 2026" in needed[booked.pk]


def test_a_session_whose_next_step_is_a_referral_leads_to_the_directory(desk, pathway):
    started = timezone.now() - timedelta(hours=3)
    booked = AppointmentFactory(adviser=pathway.adviser, beneficiary=pathway.beneficiary, starts_at=started)
    page = reverse("operators:session_log", args=[booked.uuid])
    initial = desk.get(page).context["form"].initial
    said = {"starts": f"{initial['starts']:%H:%M}", "themes": ["FUNDING"], "next_step": "REFERRAL"}

    response = desk.post(page, {**initial, **said})

    assert response.url == reverse("operators:referral_choose", args=[pathway.uuid])
