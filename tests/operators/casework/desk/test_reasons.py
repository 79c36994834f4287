"""Who does not follow a person says why before the file opens; the person reads it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from beneficiaries.rights.selectors import opening_lines, openings
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from cep_portal.common.personal_data import Subject, declarations
from operators.casework.desk.enums import FileReasonKind
from operators.casework.desk.errors import ReasonMissing
from operators.casework.desk.hooks import ASSIGNMENTS
from operators.casework.desk.models import FileReason
from operators.casework.desk.services import give_reason
from operators.casework.pathways import rules
from tests.factories.accounts import UserFactory
from tests.factories.operators import (
    AdviserFactory,
    AppointmentFactory,
    CounsellingSessionFactory,
    PathwayFactory,
)
from tests.hooks import only

pytestmark = pytest.mark.django_db


@pytest.fixture
def pathway():
    return PathwayFactory()


@pytest.fixture
def colleague(pathway):
    colleague = AdviserFactory(site=pathway.adviser.site)
    colleague.user.mandate = colleague.user.mandates.get()
    return colleague


def page(name, pathway):
    return reverse(f"operators:{name}", args=[pathway.uuid])


def opened(client, pathway):
    return client.get(page("pathway_detail", pathway)).status_code


def test_who_follows_the_person_is_asked_nothing(client, pathway):
    client.force_login(pathway.adviser.user)

    assert opened(client, pathway) == 200
    assert AuditEvent.objects.get(action="operators.pathway.opened").data == {}


def test_who_received_the_person_is_asked_nothing(client, pathway, colleague):
    CounsellingSessionFactory(pathway=pathway, adviser=colleague)
    client.force_login(colleague.user)

    assert opened(client, pathway) == 200


@pytest.mark.parametrize("place", ["adviser", "second_adviser"])
def test_who_is_to_receive_the_person_is_asked_nothing(client, pathway, colleague, place):
    receivers = {"adviser": pathway.adviser, place: colleague}
    AppointmentFactory(beneficiary=pathway.beneficiary, site=pathway.adviser.site, **receivers)
    client.force_login(colleague.user)

    assert opened(client, pathway) == 200


def test_a_cancelled_appointment_entrusts_nothing(client, pathway, colleague):
    AppointmentFactory(
        beneficiary=pathway.beneficiary,
        adviser=colleague,
        state="CANCELLED",
        cancelled_at=timezone.now(),
        cancelled_by="PERSON",
    )
    client.force_login(colleague.user)

    assert opened(client, pathway) == 302


def test_who_is_entrusted_by_an_upper_subject_is_asked_nothing(client, pathway, colleague, monkeypatch):
    only(monkeypatch, ASSIGNMENTS, lambda opened: opened.user == colleague.user)
    client.force_login(colleague.user)

    assert opened(client, pathway) == 200


def test_an_assignment_is_added_once():
    with pytest.raises(ValueError, match="added twice"):
        ASSIGNMENTS.add(*ASSIGNMENTS)


def test_colleague_says_why_before_the_file_opens(client, pathway, colleague):
    client.force_login(colleague.user)

    asked = client.get(page("pathway_detail", pathway))
    answer = client.post(asked.url, {"kind": "CALL"})
    file = client.get(page("pathway_detail", pathway))

    assert asked.url.split("?")[0] == page("file_reason", pathway)
    assert answer.url == page("pathway_detail", pathway)
    assert file.status_code == 200
    reason = FileReason.objects.get()
    assert (reason.user, reason.beneficiary, reason.kind) == (colleague.user, pathway.beneficiary, "CALL")
    line = AuditEvent.objects.get(action="operators.pathway.opened")
    assert (line.actor, line.data) == (colleague.user, {"reason": reason.pk})


def test_nothing_of_the_file_is_on_the_page_that_asks(client, pathway, colleague):
    session = CounsellingSessionFactory(pathway=pathway)
    client.force_login(colleague.user)

    text = client.get(page("file_reason", pathway)).text

    assert session.get_next_step_display() not in text
    assert pathway.beneficiary.email not in text
    assert AuditEvent.objects.filter(action__endswith=".opened").count() == 0


def test_colleague_closes_nothing_without_a_reason(client, pathway, colleague):
    client.force_login(colleague.user)

    answer = client.post(page("pathway_close", pathway), {"outcome": "LOST"})

    pathway.refresh_from_db()
    assert (answer.url, pathway.state) == (page("file_reason", pathway), "OPEN")


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({"text": "relecture"}, {"kind": ["Choisissez un motif."]}),
        (
            {"kind": "CURIOUS"},
            {"kind": ["« Pourquoi ouvrez-vous ce dossier ? » : choisissez une réponse de la liste."]},
        ),
        (
            {"kind": "OTHER", "text": "  "},
            {"text": ["Dites en quelques mots pourquoi vous ouvrez ce dossier."]},
        ),
    ],
)
def test_reason_is_of_the_list_and_another_says_which(client, pathway, colleague, sent, errors):
    client.force_login(colleague.user)

    answer = client.post(page("file_reason", pathway), sent)

    assert answer.context["form"].errors == errors
    assert FileReason.objects.count() == 0


def test_reason_holds_for_the_day_only(pathway, colleague):
    now = timezone.now()
    give_reason(pathway=pathway, kind="CALL", text="", by=colleague.user, now=now)
    again = give_reason(pathway=pathway, kind="OTHER", text="relecture", by=colleague.user, now=now)
    later = give_reason(
        pathway=pathway, kind="HAND_OVER", text="", by=colleague.user, now=now + timedelta(days=1)
    )

    assert (again.kind, later.kind) == ("CALL", "HAND_OVER")
    assert FileReason.objects.count() == 2
    given = AuditEvent.objects.filter(action="operators.file_reason.given").order_by("pk")
    assert [line.data for line in given] == [{"kind": "CALL"}, {"kind": "HAND_OVER"}]


def test_words_beside_a_reason_of_the_list_are_not_kept(pathway, colleague):
    reason = give_reason(
        pathway=pathway, kind="CALL", text="elle pleurait", by=colleague.user, now=timezone.now()
    )

    assert reason.text == ""


def test_another_reason_without_words_is_refused(pathway, colleague):
    with pytest.raises(ReasonMissing):
        give_reason(pathway=pathway, kind="OTHER", text=" ", by=colleague.user, now=timezone.now())


@pytest.mark.parametrize(
    "kind",
    [file_reason_kind for file_reason_kind in FileReasonKind if file_reason_kind != FileReasonKind.OTHER],
)
def test_each_reason_of_the_list_is_said_to_the_person(kind):
    assert FileReasonKind.said_to_the_person[kind]


def test_person_reads_why_the_file_was_opened(client, pathway, colleague):
    client.force_login(colleague.user)
    client.post(page("file_reason", pathway), {"kind": "OTHER", "text": "relecture d’une synthèse"})
    client.get(page("pathway_detail", pathway))
    client.force_login(pathway.adviser.user)
    client.get(page("pathway_detail", pathway))

    lines = list(opening_lines(beneficiary=pathway.beneficiary))
    rows = openings(beneficiary=pathway.beneficiary, lines=lines)

    assert [row.reason for row in rows] == ["", "relecture d’une synthèse"]


def test_person_reads_it_on_the_page(client, pathway, colleague):
    person = UserFactory(role=Role.BENEFICIARY)
    pathway.beneficiary.user = person
    pathway.beneficiary.save()
    client.force_login(colleague.user)
    client.post(page("file_reason", pathway), {"kind": "STAND_IN"})
    client.get(page("pathway_detail", pathway))
    client.force_login(person)

    text = client.get(reverse("beneficiaries:openings")).text

    assert "Motif donné : remplacement de la personne qui vous suit." in text
    assert colleague.user.last_name not in text


def test_person_sees_that_a_desk_opened_the_contact_details(client, pathway):
    """What an intake officer opens is in the list too, and expected."""
    officer = UserFactory(role=Role.INTAKE_OFFICER, role__organisation=pathway.contract.holder)
    client.force_login(officer)
    client.get(reverse("operators:caller_detail", args=[pathway.beneficiary.uuid]))

    lines = list(opening_lines(beneficiary=pathway.beneficiary))
    rows = openings(beneficiary=pathway.beneficiary, lines=lines)

    assert [(row.label, row.is_unusual) for row in rows] == [("Coordonnées et rendez-vous", False)]


def test_erasure_takes_the_words_away(pathway, colleague):
    now = timezone.now()
    give_reason(pathway=pathway, kind="OTHER", text="sa sœur", by=colleague.user, now=now)
    give_reason(pathway=pathway, kind="CALL", text="", by=colleague.user, now=now + timedelta(days=1))
    person = pathway.beneficiary
    subject = Subject(uuid=person.uuid, beneficiary_id=person.pk, user_id=None, emails=(), phones=())
    (declared,) = [
        person_manifest for person_manifest in declarations() if person_manifest.model is FileReason
    ]

    declared.erase(subject, now)

    assert list(FileReason.objects.order_by("pk").values_list("text", flat=True)) == ["effacé", ""]


@pytest.mark.parametrize(
    ("change", "wall"),
    [
        ("kind = 'CALL'", "reason_stays"),
        ("given_on = given_on - 1", "reason_stays"),
        ("text = ''", "file_reason_other_says_which"),
    ],
)
def test_database_keeps_a_reason(pathway, colleague, change, wall):
    give_reason(pathway=pathway, kind="OTHER", text="relecture", by=colleague.user, now=timezone.now())

    refused = pytest.raises((IntegrityError, ProgrammingError), match=wall if "_other" in wall else None)
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE operators_filereason SET {change}")


def test_database_keeps_one_reason_a_day(pathway, colleague):
    reason = give_reason(pathway=pathway, kind="CALL", text="", by=colleague.user, now=timezone.now())

    with pytest.raises(IntegrityError, match="file_reason_once_a_day"), transaction.atomic():
        FileReason.objects.create(
            user=reason.user,
            beneficiary=reason.beneficiary,
            given_on=reason.given_on,
            given_at=reason.given_at,
            kind="CALL",
        )


def test_adviser_of_another_operator_gets_404(client, pathway):
    client.force_login(AdviserFactory().user)

    assert client.get(page("file_reason", pathway)).status_code == 404
    assert client.post(page("file_reason", pathway), {"kind": "CALL"}).status_code == 404


def test_officer_is_never_asked(client, pathway):
    officer = UserFactory(role=Role.INTAKE_OFFICER, role__organisation=pathway.contract.holder)
    client.force_login(officer)

    assert client.get(page("file_reason", pathway)).status_code == 403
    assert rules.can_read_pathways(officer) is False
