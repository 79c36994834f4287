"""The pages of notes: who reads, who says why first, who never does."""

import logging

import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiaries.request.models import Beneficiary
from beneficiaries.rights.selectors import opening_lines, openings
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from operators.casework.desk.models import FileReason
from operators.casework.notes.models import Note, NoteRequest
from tests.factories.accounts import UserFactory
from tests.factories.notes import NoteFactory, NoteRequestFactory
from tests.factories.operators import (
    AdviserFactory,
    CounsellingSessionFactory,
    PathwayFactory,
)
from tests.factories.territories import RegionFactory

pytestmark = pytest.mark.django_db
CANARY = "canari-jaune-7431"
OTHERS = [role for role in Role if role != Role.ADVISER]


@pytest.fixture
def note(client):
    note = NoteFactory(text=CANARY)
    client.force_login(note.author.user)
    return note


def list_url(note):
    return reverse("operators:note_list", args=[note.pathway.uuid])


def reason_url(note):
    return reverse("operators:file_reason", args=[note.pathway.uuid])


def opened():
    return list(AuditEvent.objects.filter(action="operators.note.opened").order_by("pk"))


def test_who_follows_the_person_reads_and_the_reading_is_written(client, note):
    page = client.get(list_url(note))

    assert CANARY in page.text
    (line,) = opened()
    assert (line.actor, line.target_id, line.data) == (note.author.user, note.pk, {})


def test_who_received_the_person_reads(client, note):
    colleague = AdviserFactory(site=note.author.site)
    CounsellingSessionFactory(pathway=note.pathway, adviser=colleague)
    client.force_login(colleague.user)

    assert CANARY in client.get(list_url(note)).text


def test_a_colleague_says_why_first_and_the_journal_keeps_it(client, note):
    """One question for the whole file; the reading keeps a line of its own."""
    colleague = AdviserFactory(site__contract=note.pathway.contract)
    client.force_login(colleague.user)

    asked = client.get(list_url(note), follow=True)
    shown = client.post(asked.redirect_chain[-1][0], {"kind": "CALL"}, follow=True)

    assert CANARY not in asked.text
    assert CANARY in shown.text
    (line,) = opened()
    assert (line.actor, line.data) == (colleague.user, {"reason": FileReason.objects.get().pk})


def test_a_reason_for_one_person_opens_no_other(client, note):
    other = NoteFactory(text="voisin-5512", pathway__adviser=note.author)
    client.force_login(AdviserFactory(site=note.author.site).user)
    client.post(reason_url(note), {"kind": "CALL"})

    assert "voisin-5512" not in client.get(list_url(other), follow=True).text


@pytest.mark.parametrize("page", ["note_correct", "note_release"])
def test_no_other_page_shows_a_note_before_the_reason(client, note, page):
    asked = NoteRequestFactory(pathway=note.pathway)
    uuid = note.uuid if page == "note_correct" else asked.uuid
    client.force_login(AdviserFactory(site=note.author.site).user)

    response = client.get(reverse(f"operators:{page}", args=[uuid]))

    assert response["Location"].startswith(f"{reason_url(note)}?suite=")
    assert opened() == []


def test_another_operator_s_adviser_finds_nothing(client, note):
    client.force_login(AdviserFactory().user)

    for page, uuid in (
        ("note_list", note.pathway.uuid),
        ("note_add", note.pathway.uuid),
        ("note_correct", note.uuid),
        ("note_release", NoteRequestFactory(pathway=note.pathway).uuid),
    ):
        assert client.get(reverse(f"operators:{page}", args=[uuid])).status_code == 404


def test_notes_of_a_frozen_file_are_read_by_nobody_but_the_person(note):
    adviser, person = note.pathway.adviser.user, UserFactory(role=Role.BENEFICIARY)
    Beneficiary.objects.update(restricted_at=timezone.now(), user=person)

    seen = [Note.objects.visible_to(_acting(user)).count() for user in (adviser, person)]

    assert seen == [0, 1]


@pytest.mark.parametrize("role", OTHERS)
def test_no_other_role_reads_a_note(client, note, role):
    """The intake officer, the manager and France compétences: no page, whoever holds the contract."""
    region = RegionFactory() if role == Role.COMMITTEE_MEMBER else None
    user = UserFactory(role=role, role__region=region)
    mandate = user.mandates.get()
    if mandate.organisation_id:
        mandate.organisation = note.pathway.contract.holder
        mandate.save()
    client.force_login(user)

    assert Note.objects.visible_to(_acting(user)).count() == 0
    for url in (list_url(note), reverse("operators:note_correct", args=[note.uuid])):
        assert client.get(url).status_code == 403


def _acting(user):
    user.mandate = user.mandates.get()
    return user


@pytest.mark.parametrize("count", [1, 4])
def test_list_query_count_is_constant(client, django_assert_num_queries, count):
    pathway = PathwayFactory()
    for _ in range(count):
        NoteFactory(pathway=pathway)
    client.force_login(pathway.adviser.user)

    # session, user, mandates, pathway, sessions, notes, journal, request
    with django_assert_num_queries(8):
        page = client.get(reverse("operators:note_list", args=[pathway.uuid]))

    assert len(page.context["pages"]) == count


def test_a_note_is_written_from_the_last_session_without_typing(client):
    session = CounsellingSessionFactory()
    client.force_login(session.adviser.user)
    file_page = client.get(reverse("operators:pathway_detail", args=[session.pathway.uuid]))
    url = reverse("operators:note_add", args=[session.pathway.uuid])
    assert f"{url}?seance={session.uuid}" in file_page.text
    form = client.get(f"{url}?seance={session.uuid}").context["form"]

    response = client.post(url, {"session": form["session"].value(), "themes": ["SKILLS"]})

    assert response.status_code == 302
    assert Note.objects.get().session == session


def test_sensitive_word_asks_why_and_the_text_is_kept_on_the_page(client, note):
    url = reverse("operators:note_add", args=[note.pathway.uuid])

    page = client.post(url, {"text": "En dépression depuis mai."})

    assert "Ce texte semble parler de sujets sensibles" in page.text
    assert page.context["form"]["text"].value() == "En dépression depuis mai."
    assert 'name="keep_reason"' in page.text
    assert Note.objects.count() == 1


def test_a_note_is_corrected_from_its_page(client, note):
    url = reverse("operators:note_correct", args=[note.uuid])
    assert client.get(url).context["form"]["text"].value() == CANARY

    client.post(url, {"text": "mieux"})

    page = client.get(list_url(note))
    assert [one.content.text for one in page.context["pages"]] == ["mieux"]
    # The former version is never corrected again: its address opens the one that stands.
    assert client.get(url).context["form"]["text"].value() == "mieux"


def test_the_second_writer_of_a_note_reads_both_texts_and_loses_none(client, note):
    url = reverse("operators:note_correct", args=[note.uuid])
    version = client.get(url).context["form"].version
    client.post(url, {"text": "celle de la collègue", "version": version})

    second = client.post(url, {"text": "la mienne", "version": version})

    assert "celle de la collègue" in second.text
    assert second.context["form"]["text"].value() == "la mienne"
    assert Note.objects.count() == 2
    client.post(url, {"text": "les deux", "version": second.context["form"].version})
    page = client.get(list_url(note))
    assert [one.content.text for one in page.context["pages"]] == ["les deux"]
    assert Note.objects.count() == 3


def test_file_says_how_many_notes_and_never_what_they_say(client, note):
    page = client.get(reverse("operators:pathway_detail", args=[note.pathway.uuid]))

    assert "Lire 1 note" in page.text
    assert CANARY not in page.text


def asked_on_today(client):
    groups = client.get(reverse("to_do")).context["to_do"].groups
    return [task.about for group in groups for task in group.tasks if task.verb == "Remettre ses notes à"]


def test_person_asks_the_adviser_gives_the_person_reads(client, note):
    user = UserFactory(role=Role.BENEFICIARY)
    note.pathway.beneficiary.user = user
    note.pathway.beneficiary.save()
    client.force_login(user)
    assert "Demander à lire mes notes" in client.get("/mon-espace/notes/").text
    client.post(reverse("operators:note_ask"))
    waiting = client.get("/mon-espace/notes/")
    assert "Demande transmise" in waiting.text
    assert CANARY not in waiting.text
    asked = NoteRequest.objects.get()

    client.force_login(note.author.user)
    assert asked_on_today(client) == [note.pathway.beneficiary.full_name]
    client.post(reverse("operators:note_release", args=[asked.uuid]), {f"note_{note.pk}": ""})
    assert asked_on_today(client) == []

    client.force_login(user)
    assert CANARY in client.get("/mon-espace/notes/").text


def test_person_reads_nothing_of_somebody_else(client, note):
    NoteRequestFactory(pathway=note.pathway, released_at=timezone.now(), released_by=note.author.user)
    user = UserFactory(role=Role.BENEFICIARY)
    PathwayFactory(beneficiary__user=user)
    client.force_login(user)

    assert CANARY not in client.get("/mon-espace/notes/").text


def test_person_sees_who_opened_the_notes(client, note):
    client.get(list_url(note))
    client.force_login(AdviserFactory(site=note.author.site).user)
    client.post(reason_url(note), {"kind": "CALL"})
    client.get(list_url(note))

    person = note.pathway.beneficiary
    rows = openings(beneficiary=person, lines=list(opening_lines(beneficiary=person)))
    assert [(row.label, row.reader, row.reason) for row in rows] == [
        (
            "Notes d’entretien",
            "Cette personne travaille au même endroit que qui vous suit.",
            "vous avez appelé ou écrit",
        ),
        ("Notes d’entretien", "Cette personne vous suit.", ""),
    ]


def test_canary_is_in_no_log_and_no_journal(client, note, caplog):
    caplog.set_level(logging.DEBUG)
    url = reverse("operators:note_add", args=[note.pathway.uuid])

    client.post(url, {"text": f"{CANARY} en dépression"})
    client.post(url, {"text": f"{CANARY} RQTH", "keep_reason": "PERSON_ASKED"})
    client.get(list_url(note))

    assert Note.objects.count() == 2
    assert CANARY not in caplog.text
    assert [line for line in AuditEvent.objects.all() if CANARY in str(line.data)] == []


def test_the_themes_ticked_at_the_log_come_ticked_on_the_note(client, note):
    session = CounsellingSessionFactory(pathway=note.pathway, themes=["PROJECT", "FUNDING"])
    url = reverse("operators:note_add", args=[note.pathway.uuid])

    form = client.get(url, {"seance": str(session.uuid)}).context["form"]
    elsewhere = client.get(url, {"seance": "x"}).context["form"]

    assert form["themes"].value() == ["PROJECT", "FUNDING"]
    assert elsewhere["themes"].value() == []
