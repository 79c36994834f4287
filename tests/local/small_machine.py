"""The real supervisor and the real servers, with three tiny programs in place of the portal's."""

import json
import sys

from cep_portal.local.parts import Part
from cep_portal.local.supervisor import Demonstration, main

WEB = """
import http.server, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""
WORKER_WITH_A_CHILD = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
time.sleep(600)
"""


class SmallMachine(Demonstration):
    def fill(self, environment: dict[str, str]) -> None:
        accounts = [
            {
                "role": "conseiller",
                "email": "conseil@demo.example",
                "password": "un-mot-de-passe",
            }
        ]
        (self.data / "accounts.json").write_text(json.dumps(accounts))

    def describe_parts(self, environment: dict[str, str]) -> list[Part]:
        run, logs = self.data / "run", self.data / "logs"
        return [
            Part(
                "web",
                [sys.executable, "-c", WEB, str(self.options.port)],
                environment,
                run,
                logs / "web.log",
            ),
            Part(
                "worker",
                [sys.executable, "-c", WORKER_WITH_A_CHILD],
                environment,
                run,
                logs / "worker.log",
            ),
        ]


if __name__ == "__main__":
    main(SmallMachine)
