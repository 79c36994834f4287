import re

import pytest
from django.urls import reverse

from cep_portal.common.references import ReferenceFilter

LEGAL = ["accessibility", "legal_notice", "privacy", "terms", "sitemap", "help", "contact"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", LEGAL)
def test_legal_page_is_open_and_linked_from_every_footer(client, name):
    page = client.get(reverse(f"common:{name}"))
    elsewhere = client.get(reverse("common:help"))

    assert page.status_code == 200
    assert f'href="{reverse(f"common:{name}")}"' in elsewhere.content.decode()


@pytest.mark.django_db
def test_mention_before_an_audit_is_the_lawful_one(client):
    assert "Accessibilité : non conforme" in client.get(reverse("common:contact")).content.decode()


@pytest.mark.django_db
def test_unknown_facts_wait_for_the_operator_of_the_portal(client, settings):
    settings.PORTAL_LEGAL = dict.fromkeys(settings.PORTAL_LEGAL)
    settings.PORTAL_LEGAL["publisher"] = "Éditeur d’essai"

    page = client.get(reverse("common:legal_notice")).content.decode()

    assert "Éditeur d’essai" in page
    assert page.count("à compléter par l’exploitant") == len(settings.PORTAL_LEGAL) - 1


@pytest.mark.django_db
def test_components_page_shows_every_component(client):
    assert client.get(reverse("common:components")).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["components", "components_wait"])
def test_components_page_is_absent_in_service(client, settings, name):
    settings.COMPONENTS_PAGE = False

    answer = client.get(reverse(f"common:{name}"))

    assert answer.status_code == 404
    assert "Cette page n’existe pas" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/lieux/?ou=%00", "/aide/?x=%00a", "/verifier/%00/"])
def test_address_with_a_nul_does_not_exist(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(("break_it", "status"), [(False, 404), (True, 500)])
def test_error_pages_carry_every_security_header(client, monkeypatch, break_it, status):
    if break_it:
        monkeypatch.setattr("cep_portal.common.views.render", None)  # calling it fails
    client.raise_request_exception = False

    response = client.get(reverse("common:help") if break_it else "/nulle-part/")

    assert response.status_code == status
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert {
        name: response[name]
        for name in (
            "X-Content-Type-Options",
            "Referrer-Policy",
            "Cross-Origin-Opener-Policy",
            "X-Frame-Options",
        )
    } == {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "X-Frame-Options": "DENY",
    }
    assert "geolocation=()" in response["Permissions-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize(("break_it", "status"), [(False, 404), (True, 500)])
def test_error_pages_show_the_reference_written_in_the_journal(client, monkeypatch, caplog, break_it, status):
    if break_it:
        monkeypatch.setattr("cep_portal.common.views.render", None)  # calling it fails
    client.raise_request_exception = False
    caplog.handler.addFilter(ReferenceFilter())

    response = client.get(reverse("common:help") if break_it else "/nulle-part/")

    reference = response["X-Request-ID"]
    assert response.status_code == status
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}", reference)
    assert response.content.decode().count(reference) == 1
    assert {record.reference for record in caplog.records if record.name == "django.request"} == {reference}


@pytest.mark.django_db
def test_two_requests_have_two_references(client):
    references = {client.get(reverse("common:help"))["X-Request-ID"] for _ in range(5)}

    assert len(references) == 5
