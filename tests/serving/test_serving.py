"""What cep_portal.serving makes of a request; on the real server: tests/journeys/test_standing.py."""

import io
import re
import shlex
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.urls import get_resolver, reverse

from cep_portal.local.parts import granian
from cep_portal.serving.bodies import Body
from cep_portal.serving.environ import environ_of
from cep_portal.serving.limits import largest_body

ROOT = Path(__file__).resolve().parents[2]


def scope(*headers, client="203.0.113.9:51234", path="/lieux/"):
    """The attributes of granian's RSGI scope."""
    return SimpleNamespace(
        server="127.0.0.1:8000",
        client=client,
        scheme="http",
        method="GET",
        path=path,
        query_string="a=%C3%A9",
        http_version="1.1",
        headers=SimpleNamespace(items=lambda: list(headers)),
    )


def test_request_reads_as_a_wsgi_one():
    body = Body(io.BytesIO(b"abc"), 3)
    environ = environ_of(
        scope(
            ("host", "portal.example"),
            ("cookie", "a=1"),
            ("cookie", "b=2"),
            ("accept", "x"),
            ("accept", "y"),
            ("content-length", "999"),
            ("content-type", "text/plain"),
            path="/é/",
        ),
        body,
    )

    assert environ["HTTP_HOST"] == "portal.example"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["HTTP_ACCEPT"] == "x,y"
    assert (environ["CONTENT_LENGTH"], environ["CONTENT_TYPE"]) == ("3", "text/plain")
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/é/"
    assert environ["QUERY_STRING"] == "a=%C3%A9"
    assert (environ["REMOTE_ADDR"], environ["SERVER_PORT"]) == ("203.0.113.9", "8000")
    assert environ["wsgi.input"].read() == b"abc"


def test_address_of_ipv6_has_no_brackets():
    assert environ_of(scope(client="[2001:db8::1]:443"), Body(io.BytesIO()))["REMOTE_ADDR"] == "2001:db8::1"


def test_header_with_an_underscore_does_not_pass_for_the_proxys():
    environ = environ_of(
        scope(("x-forwarded-for", "192.0.2.1"), ("x_forwarded_for", "198.51.100.1")), Body(io.BytesIO())
    )

    assert environ["HTTP_X_FORWARDED_FOR"] == "192.0.2.1"


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("operators:delivery_list", "PORTAL_DELIVERY_BODY_BYTES"),
        ("operators:delivery_trial", "PORTAL_DELIVERY_BODY_BYTES"),
        ("operators:api_deliveries", "PORTAL_DELIVERY_BODY_BYTES"),
        ("operators:api_appointments", "PORTAL_BODY_BYTES"),
        ("beneficiaries:start", "PORTAL_BODY_BYTES"),
    ],
)
def test_only_views_that_say_so_take_a_large_body(settings, name, setting):
    assert largest_body(reverse(name)) == getattr(settings, setting)


def test_address_that_leads_nowhere_takes_no_large_body(settings):
    assert largest_body("/nulle-part/") == settings.PORTAL_BODY_BYTES


def test_forms_say_their_own_limits_before_the_server_does(settings):
    assert settings.PORTAL_UPLOAD_MAX_BYTES * 2 < settings.PORTAL_BODY_BYTES
    assert settings.PORTAL_DELIVERY_BYTES < settings.PORTAL_DELIVERY_BODY_BYTES


def test_image_starts_the_web_server_as_the_demonstration_does():
    command = (ROOT / "Dockerfile").read_text().partition("CMD [")[2].partition("]")[0].replace("\\\n", "")
    arguments = [shlex.split(part)[0] for part in command.split(",")]

    assert ["-m", *arguments] == granian(host="0.0.0.0", port=8000)


def standalone():
    """Name of each public page that says it needs no data."""
    found = []
    queue = [("", get_resolver())]
    while queue:
        space, resolver = queue.pop()
        for pattern in resolver.url_patterns:
            if hasattr(pattern, "url_patterns"):
                inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
                queue.append((inner, pattern))
            elif getattr(pattern.callback, "without_data", False):
                found.append(f"{space}{pattern.name}")
    return sorted(found)


def test_pages_of_help_and_law_need_no_data():
    names = {"help", "legal_notice", "accessibility", "privacy", "terms", "contact", "sitemap"}

    assert {f"common:{name}" for name in names} | {"beneficiaries:home"} <= set(standalone())


@pytest.mark.django_db
@pytest.mark.parametrize("name", standalone())
def test_page_without_data_asks_the_database_nothing(client, django_assert_num_queries, name):
    with django_assert_num_queries(0):
        answer = client.get(reverse(name))

    assert answer.status_code == 200
    assert re.match("text/(html|plain)", answer["Content-Type"])
