"""A receiver as operators have: a real HTTPS server on this machine, with a certificate of its own maker."""

import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

NAME = "crm.exemple.fr"
# OpenSSL reads the machine's own clock, which no test pins.
VALID_FROM, VALID_UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@dataclass
class Receiver:
    """What it answers, and what it was sent: (path, headers, body)."""

    url: str = ""
    status: int = 204
    statuses: list[int] = field(default_factory=list)  # first answers, in order
    location: str = ""
    drip: float = 0  # seconds between two bytes of the answer
    raw: bytes = b""  # instead of an answer
    asked: list = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])


class Handler(BaseHTTPRequestHandler):
    facts: Receiver

    def do_POST(self):
        facts = self.facts
        body = self.rfile.read(int(self.headers["Content-Length"]))
        facts.asked.append((self.path, dict(self.headers), body))
        if facts.raw or facts.drip:
            self._write_slowly(facts.raw or b"HTTP/1.1 200 OK\r\n\r\n")
            return
        self.send_response(facts.statuses.pop(0) if facts.statuses else facts.status)
        if facts.location:
            self.send_header("Location", facts.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        self.facts.asked.append((self.path, dict(self.headers), b""))
        self.send_response(200)
        self.end_headers()

    def _write_slowly(self, answer: bytes):
        step = 1 if self.facts.drip else len(answer)
        with suppress(OSError):  # the portal hung up, as it should
            for start in range(0, len(answer), step):
                self.wfile.write(answer[start : start + step])
                self.wfile.flush()
                if self.facts.closing.wait(self.facts.drip):
                    return

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    def handle_error(self, *args):
        pass


def serve(facts: Receiver, folder: Path) -> ThreadingHTTPServer:
    server = Server(("127.0.0.1", 0), type("Own", (Handler,), {"facts": facts}))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "leaf.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    facts.url = f"https://localhost:{server.server_port}"
    return server


def write_certificates(folder: Path) -> None:
    """root.pem, that a client may trust, and leaf.pem, which it signed for localhost and NAME."""
    root_key, leaf_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Racine d’essai")])
    root = (
        _certificate(root_name, root_name, root_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    leaf_name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    names = [x509.DNSName("localhost"), x509.DNSName(NAME)]
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    leaf = (
        _certificate(leaf_name, root_name, leaf_key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(issuer, critical=False)
        .sign(root_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "root.pem").write_bytes(root.public_bytes(pem))
    private = leaf_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "leaf.pem").write_bytes(private + leaf.public_bytes(pem))


def _certificate(subject, issuer, public_key) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(VALID_FROM)
        .not_valid_after(VALID_UNTIL)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )
