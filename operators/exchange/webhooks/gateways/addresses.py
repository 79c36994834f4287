"""Where a message may go: https, a public name, a public address. Read again at each sending.

A manager writes the address, this server opens it: without these walls it would open doors of its own
network (SSRF). The name is resolved here and the connection goes to the very address that was judged, so
that a name which changes between the two (DNS rebinding) gains nothing.
"""

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from django.conf import settings

from operators.exchange.webhooks.enums import Failure
from operators.exchange.webhooks.errors import UrlRefused

PORTS = {443, 8443}
LONGEST = 300
# A name with a dot whose last part is no number: neither « localhost » nor 127.1 nor an address in brackets.
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
PLAIN = re.compile(r"[\x21-\x7e]+")
# Addresses of version 6 that hide one of version 4: a gateway would open what is inside.
TUNNELS = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"), IPv6Network("2002::/16"))
BAD_SHAPE = "Donnez une adresse complète, qui commence par https://, sans espace ni accent."
BAD_HOST = "Donnez un nom d’hôte public, comme crm.exemple.fr : ni adresse IP, ni nom de votre réseau."
BAD_PORT = "Seuls les ports 443 et 8443 sont permis."
BAD_PARTS = "Ni identifiant ni mot de passe ni « # » dans l’adresse : la signature suffit."


class Unreachable(Exception):
    """Nothing may or can be sent there; `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


@dataclass(frozen=True)
class Target:
    host: str
    port: int
    path: str


def check_url(url: str) -> str:
    """The address as it will be kept. Raises UrlRefused with what to write instead."""
    url = url.strip()
    target = _target(url)
    if settings.PORTAL_WEBHOOK_LOCAL:
        return url
    if not HOST.fullmatch(target.host):
        raise UrlRefused(BAD_HOST)
    if target.port not in PORTS:
        raise UrlRefused(BAD_PORT)
    return url


def target_of(url: str) -> Target:
    """Raises Unreachable: an address that was kept is judged again."""
    try:
        check_url(url)
    except UrlRefused:
        raise Unreachable(Failure.FORBIDDEN) from None
    return _target(url)


def _target(url: str) -> Target:
    if len(url) > LONGEST or not PLAIN.fullmatch(url) or "\\" in url:
        raise UrlRefused(BAD_SHAPE)
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError:
        raise UrlRefused(BAD_SHAPE) from None
    if parts.scheme != "https" or not parts.hostname:
        raise UrlRefused(BAD_SHAPE)
    if "@" in parts.netloc or "#" in url:
        raise UrlRefused(BAD_PARTS)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.hostname, port, path)


def resolve(target: Target) -> list[str]:
    """The addresses of a host, in the order of the system. One that is not public refuses them all."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable(Failure.UNKNOWN_HOST) from None
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not addresses:
        raise Unreachable(Failure.UNKNOWN_HOST)
    if not all(is_allowed(address) for address in addresses):
        raise Unreachable(Failure.FORBIDDEN)
    return addresses


def is_allowed(text: str) -> bool:
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if settings.PORTAL_WEBHOOK_LOCAL and address.is_loopback:
        return True
    return _is_public(address)


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return _is_public(address.ipv4_mapped)
        if any(address in network for network in TUNNELS):
            return False
    return address.is_global and not address.is_multicast
