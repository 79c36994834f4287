"""The server opens what a manager writes: it never opens its own network (SSRF)."""

import socket

import pytest

from operators.exchange.webhooks.enums import Failure
from operators.exchange.webhooks.errors import UrlRefused
from operators.exchange.webhooks.gateways.addresses import (
    Target,
    Unreachable,
    check_url,
    is_allowed,
    resolve,
    target_of,
)
from operators.exchange.webhooks.gateways.posting import Outcome, post

INSIDE = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001:db8::1",
    "not an address",
]


@pytest.mark.parametrize("address", INSIDE)
def test_inside_is_refused(address):
    assert is_allowed(address) is False


@pytest.mark.parametrize("address", ["8.8.8.8", "2a01:e0a::1", "::ffff:8.8.8.8"])
def test_public_internet_is_allowed(address):
    assert is_allowed(address) is True


def test_only_loopback_is_opened_for_tests(settings):
    settings.PORTAL_WEBHOOK_LOCAL = True

    assert [is_allowed(one) for one in ("127.0.0.1", "::1", "10.0.0.1", "169.254.169.254")] == [
        True,
        True,
        False,
        False,
    ]


def test_portal_opens_no_loopback(settings):
    assert settings.PORTAL_WEBHOOK_LOCAL is False


@pytest.mark.parametrize(
    "url",
    [
        "https://crm.exemple.fr/mon-cep",
        "https://crm.exemple.fr",
        "https://crm.exemple.fr:8443/a?b=c",
        " https://CRM.exemple.fr/ ",
    ],
)
def test_public_https_address_is_kept(url):
    assert check_url(url) == url.strip()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://crm.exemple.fr/", "commence par https"),
        ("ftp://crm.exemple.fr/", "commence par https"),
        ("https://", "commence par https"),
        ("crm.exemple.fr", "commence par https"),
        ("https://crm.exemple.fr/é", "accent"),
        ("https://crm.exemple.fr/a b", "espace"),
        ("https://crm.exemple.fr/\r\nHost: a", "espace"),
        ("https://crm.exemple.fr\\@10.0.0.1/", "espace"),
        ("https://crm.exemple.fr:99999/", "espace"),
        (f"https://crm.exemple.fr/{'a' * 300}", "espace"),
        ("https://moi:secret@crm.exemple.fr/", "mot de passe"),
        ("https://crm.exemple.fr@10.0.0.1/", "mot de passe"),
        ("https://crm.exemple.fr/#a", "mot de passe"),
        ("https://localhost/", "nom d’hôte public"),
        ("https://127.0.0.1/", "nom d’hôte public"),
        ("https://127.1/", "nom d’hôte public"),
        ("https://2130706433/", "nom d’hôte public"),
        ("https://[::1]/", "nom d’hôte public"),
        ("https://crm.exemple.fr./", "nom d’hôte public"),
        ("https://crm.exemple.fr:22/", "443 et 8443"),
    ],
)
def test_any_other_address_says_what_to_write(url, words):
    with pytest.raises(UrlRefused, match=words):
        check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://2130706433/",
        "https://localhost/",
        "http://crm.exemple.fr/",
    ],
)
def test_address_kept_by_another_way_is_refused_at_sending(url):
    assert post(url=url, body=b"{}", headers={}) == Outcome(failure=Failure.FORBIDDEN)


@pytest.fixture
def names(monkeypatch):
    """`names(*addresses)`: what the resolver of the machine answers from now on."""

    def answer(*addresses):
        found = [
            (socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))
            for address in addresses
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)

    return answer


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "::1", "169.254.169.254", "::ffff:10.0.0.1"])
def test_public_name_that_leads_inside_is_refused(names, address):
    names(address)

    assert post(url="https://crm.exemple.fr/", body=b"{}", headers={}) == Outcome(failure=Failure.FORBIDDEN)


def test_one_address_inside_refuses_the_name(names):
    names("8.8.8.8", "10.0.0.1")

    with pytest.raises(Unreachable) as refusal:
        resolve(target_of("https://crm.exemple.fr/"))

    assert refusal.value.failure == Failure.FORBIDDEN


def test_real_name_of_this_machine_is_refused():
    """No answer is prepared: `localhost` is resolved as at sending."""
    with pytest.raises(Unreachable) as refusal:
        resolve(Target("localhost", 443, "/"))

    assert refusal.value.failure == Failure.FORBIDDEN


def test_unknown_name_is_said(monkeypatch):
    def unknown(*args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    assert post(url="https://crm.exemple.fr/", body=b"{}", headers={}).failure == Failure.UNKNOWN_HOST
