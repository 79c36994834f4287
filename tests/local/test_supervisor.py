import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from cep_portal.local import folder, processes
from cep_portal.local.servers import PostgresServer, ValkeyServer
from tests.clock import clock_of_children

SMALL_MACHINE = Path(__file__).with_name("small_machine.py")
pytestmark = pytest.mark.slow


class Launched:
    """A demonstration in its own process, as bin/demo starts it."""

    def __init__(self, data, port):
        self.data, self.port = data, port
        self.postgres, self.valkey = PostgresServer(data), ValkeyServer(data)
        self.servers = [self.postgres, self.valkey]
        self.process = None

    def start(self, *options):
        command = [sys.executable, str(SMALL_MACHINE), "--port", str(self.port)]
        command += ["--data-dir", str(self.data), *options]
        environment = os.environ | clock_of_children()
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
        return self

    def read_until(self, wanted):
        lines = []
        for line in self.process.stderr:
            lines.append(line)
            if wanted in line:
                break
        return "".join(lines)

    def end(self):
        """Wait for the end; return what was still to read."""
        return self.process.communicate(timeout=60)[1]

    def stop(self):
        self.process.terminate()
        self.end()

    def running(self):
        left = processes.working_in(self.data / "run", "python")
        for server in self.servers:
            left += processes.working_in(server.data, server.program_name)
        return left

    def has_three_programs(self):
        return len(processes.working_in(self.data / "run", "python")) == 3  # web, worker, its child

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
    if demonstration.process.poll() is None:
        demonstration.stop()
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
    assert processes.wait_until(launched.has_three_programs, seconds=10)

    after = set(processes.working_in(launched.data / "run", "python"))
    assert len(before & after) == 1  # the web server alone never stopped


def test_killed_database_comes_back(launched):
    launched.read_until("Stop: Ctrl-C")
    postgres = launched.servers[0]

    os.kill(int((postgres.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    launched.read_until("postgres had stopped: restarted")

    assert postgres.sql("SELECT 1", database=folder.DATABASE) == "1"


def test_killed_supervisor_leaves_no_orphan_and_can_start_again(launched):
    launched.read_until("Stop: Ctrl-C")
    launched.process.kill()
    launched.end()

    # The worker's own child is out of the kernel's reach: the next start ends it.
    launched.start().read_until("Stop: Ctrl-C")

    assert launched.answers()
    assert processes.wait_until(launched.has_three_programs, seconds=10)


def test_asked_to_stop_everything_ends_in_order(launched):
    launched.read_until("Stop: Ctrl-C")

    launched.process.send_signal(signal.SIGINT)
    said = launched.end()

    assert [line.split("  ")[0] for line in said.strip().splitlines()] == [
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


def test_second_start_keeps_data_and_fresh_forgets_them(launched):
    def slots_after(*options):
        launched.start(*options).read_until("Stop: Ctrl-C")
        return launched.postgres.sql("SELECT to_regclass('booked')", database=folder.DATABASE)

    launched.read_until("Stop: Ctrl-C")
    launched.postgres.sql("CREATE TABLE booked (slot int)", database=folder.DATABASE)
    launched.stop()

    kept = slots_after()
    launched.stop()
    forgotten = slots_after("--fresh")

    assert (kept, forgotten) == ("booked", "")


def test_other_scale_is_refused_rather_than_ignored(launched):
    launched.read_until("Stop: Ctrl-C")
    launched.stop()

    launched.start("--scale", "national")

    assert launched.end() == (
        f"{launched.data} holds a small demonstration."
        " Add --fresh to forget it, or choose another --data-dir.\n"
    )
