"""RFC 9116: a contact, and a date that never comes near."""

from datetime import UTC, datetime, timedelta

PATH = "/.well-known/security.txt"


def test_security_txt_gives_a_contact_and_never_expires_within_thirty_days(client):
    page = client.get(PATH)

    fields = dict(line.split(": ", 1) for line in page.text.splitlines())
    left = datetime.fromisoformat(fields.pop("Expires")) - datetime.now(UTC)
    assert page["Content-Type"] == "text/plain; charset=utf-8"
    assert fields == {
        "Contact": "mailto:securite@exemple.example",
        "Preferred-Languages": "fr, en",
        "Canonical": f"http://testserver{PATH}",
    }
    assert timedelta(days=30) < left < timedelta(days=366)


def test_security_txt_is_absent_without_a_contact(client, settings):
    settings.PORTAL_SECURITY_CONTACT = None

    assert client.get(PATH).status_code == 404
