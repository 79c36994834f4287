"""The standing test server: found again, started over a crash, gone with its folder, never twice."""

import os
import shutil
import signal
import subprocess
import sys

import psycopg
import pytest

from cep_portal.local import processes
from tests.standing import ROOT, StandingServer

pytestmark = pytest.mark.slow


@pytest.fixture
def standing(tmp_path):
    server = StandingServer(tmp_path / "server")
    yield server
    server.stop()
    server.postgres.remove_data()
    server.lock.unlink(missing_ok=True)


def has_ended(server):
    return server.keeper() is None and not processes.working_in(server.postgres.data, "postgres")


def rows_of(server, statement):
    with psycopg.connect(server.address(), autocommit=True) as line:
        return line.execute(statement).fetchall()


def test_second_run_finds_the_same_server(standing):
    address, keeper = standing.address(), standing.keeper()

    assert (standing.address(), standing.keeper()) == (address, keeper)
    assert processes.working_in(standing.postgres.data, "postgres")


@pytest.mark.parametrize("killed", ["keeper", "postgres"])
def test_server_comes_back_with_its_databases_after_kill(standing, killed):
    with psycopg.connect(standing.address(), autocommit=True) as line:
        line.execute("CREATE DATABASE kept")
        postgres = int((standing.postgres.data / "postmaster.pid").read_text().splitlines()[0])

    os.kill(standing.keeper() if killed == "keeper" else postgres, signal.SIGKILL)

    assert processes.wait_until(lambda: has_ended(standing), seconds=20)
    assert rows_of(standing, "SELECT 1 FROM pg_database WHERE datname = 'kept'") == [(1,)]


def test_nothing_is_left_when_the_folder_is_deleted(standing):
    standing.address()

    shutil.rmtree(standing.folder)

    assert processes.wait_until(lambda: has_ended(standing), seconds=20)
    assert not standing.postgres.data.exists()
    assert not standing.postgres.sockets.exists()


def test_runs_that_start_together_share_one_keeper(standing):
    starter = f"from tests.standing import *; s = StandingServer(Path({str(standing.folder)!r})); s.address()"
    starter += "; print(s.keeper())"

    starters = [
        subprocess.Popen([sys.executable, "-c", starter], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    keepers = {each.communicate(timeout=120)[0].strip() for each in starters}

    assert keepers == {str(standing.keeper())}


def test_stop_ends_keeper_and_server(standing):
    standing.address()

    assert standing.stop()
    assert has_ended(standing)
    assert not standing.stop()


def test_files_written_before_another_boot_are_forgotten(standing):
    with psycopg.connect(standing.address(), autocommit=True) as line:
        line.execute("CREATE DATABASE kept")
    standing.stop()

    standing.boot_file.write_text("another")

    assert rows_of(standing, "SELECT 1 FROM pg_database WHERE datname = 'kept'") == []
