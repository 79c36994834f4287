import pytest
from django.urls import reverse

from cep_portal.accounts.enums import Role
from tests.factories.accounts import UserFactory
from tests.messaging.factories import NOW, MessageFactory

pytestmark = pytest.mark.django_db
LIST, PUBLIC = reverse("messaging:message_list"), reverse("messaging:demonstration_list")


@pytest.mark.parametrize("message_count", [1, 4])
def test_message_list_query_count_is_constant(client, django_assert_num_queries, message_count):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    MessageFactory.create_batch(message_count)

    with django_assert_num_queries(8):  # session, user, mandates, states, morning, count, messages, agents
        response = client.get(LIST)

    assert len(response.context["page"]) == message_count


@pytest.mark.parametrize(
    ("role", "demonstration", "status"),
    [
        (Role.ADMINISTRATOR, False, 200),
        (Role.ANALYST, False, 403),
        (Role.ADVISER, False, 403),
        (Role.ADVISER, True, 200),
        (Role.BENEFICIARY, True, 403),
    ],
)
def test_who_reads_the_list(client, settings, role, demonstration, status):
    settings.PORTAL_DEMONSTRATION = demonstration
    client.force_login(UserFactory(role=role))
    message = MessageFactory()

    assert client.get(LIST).status_code == status
    assert client.get(reverse("messaging:message_detail", args=[message.uuid])).status_code == status


def test_steering_reads_whom_agents_are_written_to_and_of_a_person_that_they_were(client):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    agent = UserFactory(role=Role.ADVISER, email="Agent@exemple.example")
    MessageFactory(recipient=agent.email.lower(), subject="Un accès")
    told = MessageFactory(
        recipient="camille@exemple.example", last_error="550 <camille@exemple.example> +33 6 39 98 00 01"
    )

    page = client.get(LIST).content.decode()
    detail = client.get(reverse("messaging:message_detail", args=[told.uuid])).content.decode()

    assert agent.email.lower() in page
    assert [text for text in (page, detail) if "camille" in text or "39 98" in text] == []
    assert "550 &lt;…&gt;" in detail


def test_steering_finds_no_person_by_the_address(client):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    UserFactory(role=Role.ADVISER, email="camille.agent@exemple.example")
    MessageFactory(recipient="camille.agent@exemple.example")
    MessageFactory(recipient="camille@exemple.example")

    response = client.get(LIST, {"recherche": "camille"})

    assert [message.recipient for message in response.context["page"]] == ["camille.agent@exemple.example"]


def test_filters_keep_state_and_search(client):
    MessageFactory(sent=True, recipient="camille@exemple.example")
    MessageFactory(sent=True)
    MessageFactory(recipient="camille@exemple.example")

    response = client.get(PUBLIC, {"etat": "SENT", "recherche": "camille"})

    assert [(one.recipient, one.state) for one in response.context["page"]] == [
        ("camille@exemple.example", "SENT")
    ]


def test_visitor_reads_the_text_and_follows_its_link(client):
    message = MessageFactory(attachment_name="rdv.ics", attachment_type="text/calendar", attachment="BEGIN")

    content = client.get(reverse("messaging:demonstration_detail", args=[message.uuid])).content.decode()
    attachment = client.get(reverse("messaging:demonstration_attachment", args=[message.uuid]))

    assert 'href="http://testserver/rendez-vous/essai/"' in content
    assert "Télécharger rdv.ics" in content
    assert attachment.content == b"BEGIN"
    assert attachment["Content-Disposition"] == 'attachment; filename="rdv.ics"'


def test_production_shows_no_text_to_anybody(client, settings):
    settings.PORTAL_DEMONSTRATION = False
    message = MessageFactory(body="code 123456", attachment_name="rdv.ics")
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))

    content = client.get(reverse("messaging:message_detail", args=[message.uuid])).content.decode()

    assert "123456" not in content
    assert "Le texte n’est pas montré" in content
    assert client.get(PUBLIC).status_code == 404
    assert client.get(reverse("messaging:demonstration_detail", args=[message.uuid])).status_code == 404
    assert client.get(reverse("messaging:demonstration_attachment", args=[message.uuid])).status_code == 404


def test_empty_outbox_says_so(client):
    assert "Aucun message" in client.get(PUBLIC).content.decode()


def test_filters_keep_any_search(client):
    response = client.get(PUBLIC, {"recherche": "a&etat=b"})

    assert response.context["states"][0]["items"][0]["url"] == "?etat=&recherche=a%26etat%3Db"


def page_of(client, message) -> str:
    return client.get(reverse("messaging:demonstration_detail", args=[message.uuid])).content.decode()


def test_sms_of_the_demonstration_is_read_in_the_outbox(client):
    message = MessageFactory(channel="SMS", subject="", recipient="+33639980001", body="Rendez-vous lundi")

    assert ">SMS</a>" in client.get(PUBLIC).content.decode()
    page = page_of(client, message)
    assert "06\u00a039\u00a098\u00a000\u00a001" in page
    assert "Rendez-vous lundi" in page


def test_what_became_of_a_message_is_said(client):
    delivered = MessageFactory(sent=True, delivered_at=NOW)
    bounced = MessageFactory(sent=True, bounced_at=NOW, bounce_reason="mailbox full")
    untrue = MessageFactory(state="CANCELLED", withdrawn="NO_LONGER_TRUE")

    assert "remis</span>" in page_of(client, delivered)
    page = page_of(client, bounced)
    assert "refusé</span>" in page
    assert "mailbox full" in page
    assert "ce qu’il dit n’est plus vrai" in page_of(client, untrue)


def test_emptied_text_says_so(client):
    assert "Le texte est effacé" in page_of(client, MessageFactory(sent=True, body=""))
