import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from cep_portal.demo import folder, processes
from cep_portal.demo.servers import PostgresServer, ValkeyServer

SMALL_MACHINE = Path(__file__).with_name("small_machine.py")
ROOT = SMALL_MACHINE.parent.parent.parent
pytestmark = pytest.mark.slow


class Launched:
    """A demonstration in its own process, as bin/demo starts it."""

    def __init__(self, data, port):
        self.data, self.port = data, port
        self.servers = PostgresServer(data), ValkeyServer(data)
        self.process = None

    def start(self):
        command = [
            sys.executable,
            str(SMALL_MACHINE),
            "--port",
            str(self.port),
            "--data-dir",
            str(self.data),
        ]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            command, stderr=subprocess.PIPE, text=True, env=environment
        )
        return self

    def read_until(self, wanted):
        lines = []
        for line in self.process.stderr:
            lines.append(line)
            if wanted in line:
                break
        return "".join(lines)

    def end(self):
        self.process.wait(60)
        return self.process.stderr.read()

    def running(self):
        left = processes.working_in(self.data / "run", "python")
        for server in self.servers:
            left += processes.working_in(server.data, server.program_name)
        return left

    def answers(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/sante/") as answer:
            return answer.status == 200


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def launched(tmp_path, port):
    demonstration = Launched(tmp_path / "demo", port).start()
    yield demonstration
    demonstration.process.terminate()
    demonstration.process.wait(60)
    demonstration.process.stderr.close()
    for server in demonstration.servers:
        server.stop_leftovers()
        server.remove_data()


def leader_of(data, program_text):
    for pid in processes.working_in(data / "run", "python"):
        if program_text in Path(f"/proc/{pid}/cmdline").read_text():
            return pid
    raise LookupError(program_text)


def test_killed_part_comes_back_without_its_old_children(launched):
    launched.read_until("Stop: Ctrl-C")
    before = set(processes.working_in(launched.data / "run", "python"))
    worker = leader_of(launched.data, "Popen")

    os.kill(worker, signal.SIGKILL)
    launched.read_until("worker had stopped (-9): restarted")
    assert processes.wait_until(
        lambda: len(processes.working_in(launched.data / "run", "python")) == 3,
        seconds=10,
    )

    after = set(processes.working_in(launched.data / "run", "python"))
    assert len(before & after) == 1  # the web server alone never stopped


def test_killed_database_comes_back(launched):
    launched.read_until("Stop: Ctrl-C")
    postgres = launched.servers[0]

    os.kill(
        int((postgres.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL
    )
    launched.read_until("postgres had stopped: restarted")

    assert postgres.sql("SELECT 1", database=folder.DATABASE) == "1"


def test_killed_supervisor_leaves_no_orphan_and_can_start_again(launched):
    launched.read_until("Stop: Ctrl-C")
    launched.process.kill()
    launched.end()

    # The worker's own child is out of the kernel's reach: the next start ends it.
    launched.start().read_until("Stop: Ctrl-C")

    assert launched.answers()
    assert len(processes.working_in(launched.data / "run", "python")) == 3


def test_asked_to_stop_everything_ends_in_order(launched):
    launched.read_until("Stop: Ctrl-C")

    launched.process.send_signal(signal.SIGINT)
    said = launched.end()

    assert [line.split("  ")[0] for line in said.splitlines()] == [
        "Stopping worker",
        "Stopping web",
        "Stopping valkey",
        "Stopping postgres",
    ]
    assert launched.process.returncode == 0
    assert launched.running() == []


def test_taken_port_is_named_with_another_to_try(launched, tmp_path, port):
    launched.read_until("Stop: Ctrl-C")

    other = Launched(tmp_path / "other", port).start()

    assert other.end() == (
        f"Port {port} is already taken by another program. Try: bin/demo --port {port + 1}\n"
    )
    assert other.process.returncode == 1


def test_folder_in_use_is_named_with_its_process(launched, port):
    launched.read_until("Stop: Ctrl-C")

    other = Launched(launched.data, port + 1).start()

    assert other.end() == (
        f"A demonstration already runs on {launched.data} (process {launched.process.pid})."
        " Stop it, or choose another --data-dir.\n"
    )


def test_second_start_keeps_data_and_fresh_forgets_them(tmp_path, port):
    data = tmp_path / "demo"
    servers = PostgresServer(data), ValkeyServer(data)
    command = [
        sys.executable,
        str(SMALL_MACHINE),
        "--once",
        "--port",
        str(port),
        "--data-dir",
        str(data),
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}

    def secret_after(*options):
        subprocess.run(
            [*command, *options], env=environment, capture_output=True, check=False
        )
        return folder.read_environment(data)["PORTAL_SECRET_KEY"]

    first, second, fresh = secret_after(), secret_after(), secret_after("--fresh")

    assert first == second
    assert fresh != first
    for server in servers:
        server.remove_data()
