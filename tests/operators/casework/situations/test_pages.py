import io
import json
import re
import zipfile
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiaries.request.enums import CommuneBasis, Need, Situation
from beneficiaries.rights.services.archive import build_archive
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from operators.casework.pathways.enums import ClosingOutcome, PathwayState
from operators.casework.situations import rules
from operators.casework.situations.models import PathwaySituation, Rectification
from tests.clock import moved_day
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import AdviserFactory, PathwayFactory
from tests.factories.situations import RectificationFactory, SituationFactory
from tests.operators.casework.pathways.test_pages import as_role

pytestmark = pytest.mark.django_db
ENTRY = moved_day("2026-10-05")


@pytest.fixture
def person():
    return UserFactory(role=Role.BENEFICIARY)


@pytest.fixture
def pathway(person):
    return PathwayFactory(beneficiary=BeneficiaryFactory(user=person), entered_on=ENTRY)


@pytest.fixture
def adviser(client, pathway):
    client.force_login(pathway.adviser.user)
    return pathway.adviser


def page_of(name, one):
    return reverse(f"operators:{name}", args=[one.uuid])


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).replace("\xa0", " ").split())


def answers(**changes):
    return {"starts_on": ENTRY.isoformat(), "reasons": ["TRAINING"], "status": "EMPLOYEE", **changes}


@pytest.mark.parametrize(
    ("rule", "roles"),
    [
        (rules.can_keep_situations, {Role.ADVISER}),
        (rules.can_read_own_situation, {Role.BENEFICIARY}),
    ],
)
def test_rules_by_role(rule, roles):
    assert {role for role in Role if rule(as_role(role))} == roles


def test_form_opens_on_what_the_person_said(client, pathway, adviser):
    pathway.service_request = ServiceRequestFactory(
        contract=pathway.contract,
        beneficiary=pathway.beneficiary,
        situation=Situation.SELF_EMPLOYED,
        needs=[Need.CREATE_BUSINESS],
        commune_basis=CommuneBasis.WORK,
    )
    pathway.save()

    form = client.get(page_of("situation_change", pathway)).context["form"]

    assert form.initial == {
        **dict.fromkeys(("contract_type", "profession", "sector", "employer_size", "diploma"), ""),
        "starts_on": ENTRY,
        "reasons": ["CREATE_BUSINESS"],
        "status": "SELF_EMPLOYED",
        "department": pathway.service_request.commune.department_id,
    }


def test_only_the_reason_is_necessary_and_nothing_is_free_text(client, pathway, adviser):
    page = client.get(page_of("situation_change", pathway))

    refused = client.post(page_of("situation_change", pathway), {"starts_on": ENTRY.isoformat()})
    taken = client.post(
        page_of("situation_change", pathway), {"starts_on": ENTRY.isoformat(), "reasons": ["OTHER"]}
    )

    form = page.context["form"]
    assert refused.context["form"].errors == {"reasons": ["Cochez au moins une raison."]}
    assert taken.url == page_of("situation_list", pathway)
    assert [name for name, field in form.fields.items() if field.required] == ["starts_on", "reasons"]
    assert [field for field in form.fields.values() if type(field).__name__ == "CharField"] == []


@pytest.mark.dated
def test_change_is_noted_and_read_with_both_dates(client, pathway, adviser):
    SituationFactory(pathway=pathway)
    form = client.get(page_of("situation_change", pathway)).context["form"]

    page = client.post(
        page_of("situation_change", pathway),
        answers(
            starts_on=str(moved_day("2026-11-02")),
            reasons=["CHANGE_JOB"],
            status="JOB_SEEKER",
            profession="47",
            sector="NAF2.C",
        ),
        follow=True,
    )

    assert form.initial["starts_on"] == timezone.localdate()
    assert [row["period"] for row in page.context["rows"]] == [
        "Depuis le lundi 2 novembre 2026",
        "Du lundi 5 octobre 2026 au dimanche 1er novembre 2026",
    ]
    assert page.context["rows"][0]["changed"] == ["Statut"]
    assert f"Noté le lundi 5 octobre 2026 à 11 h par {adviser.user.full_name}" in text(page)


@pytest.mark.dated
def test_file_shows_what_is_true_today_and_the_timeline_what_changed(client, pathway, adviser):
    SituationFactory(pathway=pathway, ends_on=moved_day("2026-11-02"), starts_on=date(2020, 1, 6))
    SituationFactory(pathway=pathway, starts_on=moved_day("2026-11-02"), status="JOB_SEEKER", profession="")

    page = text(client.get(page_of("pathway_detail", pathway)))

    assert "Depuis le lundi 2 novembre 2026" in page
    assert "Statut : En recherche d’emploi · Profession : non précisé · noté le 5 oct. 2026" in page
    assert "octobre 2026 lun. 5 oct. Situation à l’entrée" in page


def test_file_without_situation_asks_for_it(client, pathway, adviser):
    assert "Noter la situation" in text(client.get(page_of("pathway_detail", pathway)))


def test_correction_leaves_what_was_written_readable(client, pathway, adviser):
    wrong = SituationFactory(pathway=pathway)

    page = client.post(page_of("situation_correct", wrong), answers(profession="54"), follow=True)
    again = client.get(page_of("situation_correct", wrong))

    assert "Employés administratifs d’entreprise" in text(page)
    assert "Avant correction (1)" in text(page)
    assert "Techniciens" in text(page)
    assert again.context["form"]["profession"].value() == "54"  # what stands in its place
    assert "Situation corrigée" in text(client.get(page_of("pathway_detail", pathway)))


def test_the_second_writer_of_a_situation_reads_both_answers(client, pathway, adviser):
    wrong = SituationFactory(pathway=pathway)
    url = page_of("situation_correct", wrong)
    version = client.get(url).context["form"].version
    client.post(url, answers(profession="54", version=version))

    second = client.post(url, answers(profession="47", version=version))

    assert "Employés administratifs d’entreprise" in text(second)
    assert [one.label for one in second.context["form"].differences] == [
        "Profession, exercée ou dernière exercée"
    ]
    assert pathway.situations.present().get().profession == "54"


def test_refusals_are_said_beside_their_question(client, pathway, adviser):
    situation = SituationFactory(pathway=pathway)
    tomorrow = (timezone.localdate() + timedelta(days=2)).isoformat()

    early = client.post(page_of("situation_change", pathway), answers(starts_on="1950-01-01"))
    late = client.post(page_of("situation_correct", situation), answers(starts_on=tomorrow))
    same = client.post(
        page_of("situation_correct", situation),
        answers(reasons=["CHANGE_JOB"], profession="47", sector="NAF2.C"),
    )

    assert set(early.context["form"].errors) == {"starts_on"}
    assert late.context["form"].errors == {
        "starts_on": ["Une situation est vraie aujourd’hui ou depuis un jour passé."]
    }
    assert same.context["form"].non_field_errors() == ["Rien n’est changé : corrigez une réponse ou la date."]


def test_situation_is_withdrawn(client, pathway, adviser):
    wrong = SituationFactory(pathway=pathway)

    page = client.post(page_of("situation_withdraw", wrong), follow=True)

    assert page.context["rows"] == []
    assert "Avant correction (1)" in text(page)


def test_closed_pathway_is_read_and_corrected(client, person):
    closed = PathwayFactory(
        state=PathwayState.CLOSED, closed_at=timezone.now(), outcome=ClosingOutcome.NEED_MET
    )
    situation = SituationFactory(pathway=closed)
    client.force_login(closed.adviser.user)

    page = client.get(page_of("situation_list", closed))
    change = client.get(page_of("situation_change", closed))
    correct = client.get(page_of("situation_correct", situation))

    assert "Ce parcours est clos" in text(page)
    assert "Noter un changement" not in text(page)
    assert change.url == page_of("situation_list", closed)
    assert correct.status_code == 200


@pytest.mark.parametrize("count", [1, 4])
def test_situation_list_query_count_is_constant(client, pathway, adviser, django_assert_num_queries, count):
    for n in range(count):
        start, end = date(2026, 1, 5) + timedelta(days=n), date(2026, 1, 6) + timedelta(days=n)
        SituationFactory(pathway=pathway, starts_on=start, ends_on=end)

    # session, user, mandates, pathway, reading log, situations, what the person asks
    with django_assert_num_queries(7):
        page = client.get(page_of("situation_list", pathway))

    assert len(page.context["rows"]) == count


def test_each_page_is_written_in_the_reading_log(client, pathway, adviser):
    situation = SituationFactory(pathway=pathway)

    client.get(page_of("situation_list", pathway))
    client.get(page_of("situation_change", pathway))
    client.get(page_of("situation_correct", situation))

    opened = AuditEvent.objects.filter(action="operators.pathway.opened", target_id=pathway.pk)
    assert opened.count() == 3


def test_colleague_says_why_before_reading(client, pathway):
    """Who does not follow the person passes the gate of the file first, on each page of it."""
    situation = SituationFactory(pathway=pathway)
    client.force_login(AdviserFactory(site=pathway.adviser.site).user)
    gate = page_of("file_reason", pathway)

    answers = [
        client.get(page_of("situation_list", pathway)),
        client.get(page_of("situation_change", pathway)),
        client.post(page_of("situation_withdraw", situation)),
        client.get(page_of("situation_correct", situation)),
    ]

    assert [answer.url.partition("?")[0] for answer in answers] == [gate] * 4
    assert PathwaySituation.objects.present().count() == 1


@pytest.mark.parametrize("role", [Role.INTAKE_OFFICER, Role.OPERATOR_MANAGER])
def test_who_books_or_manages_reads_none(client, pathway, role):
    """RDV-SP 1692: a role that books and opens no file."""
    situation = SituationFactory(pathway=pathway, profession="64")
    client.force_login(UserFactory(role=role, role__organisation=pathway.contract.holder))

    pages = [
        client.get(page_of("situation_list", pathway)),
        client.get(page_of("situation_correct", situation)),
        client.post(page_of("situation_change", pathway), answers()),
    ]
    caller = client.get(reverse("operators:caller_detail", args=[pathway.beneficiary.uuid]))

    assert [page.status_code for page in pages] == [403] * 3
    assert "Chauffeurs" not in caller.text


def test_frozen_file_and_other_operator_do_not_exist(client, pathway):
    situation = SituationFactory(pathway=pathway)
    asked = RectificationFactory(pathway=pathway)
    client.force_login(AdviserFactory().user)
    acts = [
        ("get", "situation_list", pathway),
        ("get", "situation_change", pathway),
        ("get", "situation_correct", situation),
        ("post", "situation_withdraw", situation),
        ("post", "rectification_answer", asked),
    ]

    other = [getattr(client, verb)(page_of(name, of), {"answer": "KEPT"}) for verb, name, of in acts]
    pathway.beneficiary.restricted_at = timezone.now()
    pathway.beneficiary.save()
    client.force_login(pathway.adviser.user)
    frozen = [getattr(client, verb)(page_of(name, of), {"answer": "KEPT"}) for verb, name, of in acts]

    assert {page.status_code for page in [*other, *frozen]} == {404}


def test_person_reads_it_and_asks_to_correct_it(client, pathway, person):
    SituationFactory(pathway=pathway)
    client.force_login(person)

    page = text(client.get(reverse("beneficiaries:space_page", args=["situation"])))
    empty = client.post(reverse("operators:rectification_ask"))
    client.post(reverse("operators:rectification_ask"), {"parts": ["profession"]})
    waiting = text(client.get(reverse("beneficiaries:space_page", args=["situation"])))
    twice = client.post(reverse("operators:rectification_ask"), {"parts": ["profession"]})

    assert "Profession Techniciens" in page
    assert empty.context["form"].errors == {"parts": ["Cochez ce qui est à corriger."]}
    assert Rectification.objects.get().parts == ["profession"]
    assert "Demande transmise" in waiting
    assert twice.context["form"].non_field_errors() == [
        "Votre demande est déjà transmise à votre conseiller."
    ]


@pytest.mark.parametrize(("said", "words"), [("CORRECTED", "C’est corrigé"), ("KEPT", "Laissé tel quel")])
def test_person_reads_the_answer(client, pathway, person, said, words):
    SituationFactory(pathway=pathway)
    RectificationFactory(
        pathway=pathway, answer=said, answered_at=timezone.now(), answered_by=pathway.adviser.user
    )
    client.force_login(person)

    assert words in text(client.get(reverse("beneficiaries:space_page", args=["situation"])))


def test_space_without_situation_or_pathway(client):
    alone = UserFactory(role=Role.BENEFICIARY)
    BeneficiaryFactory(user=alone)
    client.force_login(alone)

    page = client.get(reverse("beneficiaries:space_page", args=["situation"]))
    ask = client.get(reverse("operators:rectification_ask"))

    assert "Rien n’est encore noté" in text(page)
    assert ask.url == reverse("beneficiaries:space_page", args=["situation"])


@pytest.mark.dated
def test_adviser_answers_what_the_person_asked(client, pathway, adviser):
    SituationFactory(pathway=pathway)
    asked = RectificationFactory(pathway=pathway)

    file = text(client.get(page_of("pathway_detail", pathway)))
    page = text(client.get(page_of("situation_list", pathway)))
    early = client.post(page_of("rectification_answer", asked), {"answer": "CORRECTED"}, follow=True)
    unknown = client.post(page_of("rectification_answer", asked), {"answer": "?"})
    done = client.post(page_of("rectification_answer", asked), {"answer": "KEPT"}, follow=True)

    assert "correction demandée" in file
    assert "À corriger : Profession. Réponse due avant le mercredi 16 décembre 2026" in page
    assert "corrigez d’abord la situation" in text(early)
    assert unknown.status_code == 404
    assert "Réponse notée. La personne en est prévenue." in text(done)
    assert "La personne demande une correction" not in text(done)


def test_copy_of_the_data_says_it_in_words(client, pathway):
    SituationFactory(pathway=pathway)

    archive = build_archive(beneficiary=pathway.beneficiary, now=timezone.now())

    facts = json.loads(zipfile.ZipFile(io.BytesIO(archive)).read("donnees.json"))
    rows = next(fact["rows"] for fact in facts["parties"] if fact["title"].startswith("Votre situation"))
    assert (rows[0]["profession"], rows[0]["ce qui amène"]) == (
        "Techniciens",
        ["Changer de métier ou de secteur"],
    )
