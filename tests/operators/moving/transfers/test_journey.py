"""The whole road over HTTP: prepared in Rennes, answered by the person, received in Strasbourg."""

import pytest
from django.test import Client
from django.urls import reverse

from operators.casework.attachments.services import scan_attachment
from operators.moving.transfers.models import Transfer
from tests.factories.attachments import clean_attachment
from tests.factories.notes import NoteFactory
from tests.factories.operators import CounsellingSessionFactory
from tests.factories.plans import ActionFactory
from tests.factories.territories import CommuneFactory

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_whole_road_of_a_transfer(pathway, receiver):
    CommuneFactory(strasbourg=True)
    CounsellingSessionFactory(pathway=pathway)
    ActionFactory(objective__plan__pathway=pathway, title="Écrire un CV")
    NoteFactory(pathway=pathway, text="canari")
    chosen = clean_attachment(pathway=pathway, content=b"%PDF-1.7 cv")
    rennes, strasbourg = signed_in(pathway.adviser.user), signed_in(receiver.user)
    person = signed_in(pathway.beneficiary.user)

    file = rennes.get(reverse("operators:pathway_detail", args=[pathway.uuid])).text
    prepare = reverse("operators:transfer_prepare", args=[pathway.uuid])
    assert prepare in file
    rennes.post(prepare, {"reason": "MOVED", "commune_text": "Strasbourg", "files": [chosen.pk]})
    transfer = Transfer.objects.get()
    desk = reverse("operators:transfer_detail", args=[transfer.uuid])
    assert strasbourg.get(desk).status_code == 404

    answer = reverse("operators:own_transfer", args=[transfer.uuid])
    assert answer in person.get(reverse("beneficiaries:space")).text
    form = person.get(answer).context["form"]
    ticked = {f"item_{item.pk}": "on" for item in transfer.items.filter(kind__in=["PLAN", "FILE"])}
    person.post(answer, {"shown": form["shown"].value(), "consent": "on", **ticked})
    assert "accord donné : à envoyer" in rennes.get(reverse("operators:today")).text
    assert strasbourg.get(desk).status_code == 404

    rennes.post(reverse("operators:transfer_send", args=[transfer.uuid]))
    assert "une personne, Strasbourg" in strasbourg.get(reverse("operators:today")).text
    assert "Kerbrat" not in strasbourg.get(desk).text
    strasbourg.post(reverse("operators:transfer_receive", args=[transfer.uuid]), {"adviser": receiver.pk})

    transfer.refresh_from_db()
    there = transfer.received_in
    assert "Écrire un CV" in strasbourg.get(reverse("operators:plan", args=[there.uuid])).text
    (copy,) = there.attachments.all()
    scan_attachment(attachment_id=copy.pk, now=copy.added_at)
    assert "cv.pdf" in strasbourg.get(reverse("operators:attachment_list", args=[there.uuid])).text
    assert not there.notes.exists()
    for name in ("pathway_detail", "plan", "note_list", "attachment_list"):
        assert strasbourg.get(reverse(f"operators:{name}", args=[pathway.uuid])).status_code == 404
        assert rennes.get(reverse(f"operators:{name}", args=[there.uuid])).status_code == 404
    assert receiver.user.full_name in person.get(answer).text
