"""A WSGI environ (PEP 3333) from granian's RSGI scope."""

import sys
from functools import lru_cache
from typing import Any

from cep_portal.serving.bodies import Body

CONSTANT = {
    "GATEWAY_INTERFACE": "CGI/1.1",
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "granian",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": True,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}
OURS = {
    "content-type": "CONTENT_TYPE",
    "content-length": "",
    "transfer-encoding": "",
}  # ours: of what was received


@lru_cache(maxsize=512)
def _key(name: str) -> str:
    """Empty for a header that is not passed on: « x_forwarded_for » must not pass for « x-forwarded-for »."""
    if "_" in name:
        return ""
    return OURS.get(name, f"HTTP_{name.upper().replace('-', '_')}")


def environ_of(scope: Any, body: Body) -> dict[str, Any]:
    """The request as Django's WSGI handler reads it; its body was received whole."""
    host, _, port = scope.server.rpartition(":")
    environ = CONSTANT | {
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "CONTENT_LENGTH": str(body.length),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body.file,
    }
    for name, value in scope.headers.items():
        key = _key(name)
        if not key:
            continue
        if key in environ and key != "CONTENT_TYPE":
            environ[key] += ("; " if key == "HTTP_COOKIE" else ",") + value
        else:
            environ[key] = value
    return environ
