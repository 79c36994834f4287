"""A small scanner that speaks clamd's INSTREAM on a real socket: EICAR is its only virus."""

import socketserver
import struct
import threading
from contextlib import contextmanager

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scanner(socketserver.StreamRequestHandler):
    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        self.server.seen.append(content)
        virus = b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
        self.wfile.write(self.server.says or virus)


@contextmanager
def scanner(settings, *, says: bytes = b"", unix: str = ""):
    """Run the scanner and name it in PORTAL_CLAMD; `says` is answered whatever the content."""
    kind = socketserver.ThreadingUnixStreamServer if unix else socketserver.ThreadingTCPServer
    with kind(unix or ("127.0.0.1", 0), Scanner) as server:
        server.seen, server.says, server.daemon_threads = [], says, True
        address = f"unix:{unix}" if unix else f"tcp:127.0.0.1:{server.server_address[1]}"
        settings.PORTAL_CLAMD = address
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
            settings.PORTAL_CLAMD = ""
