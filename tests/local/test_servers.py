import os
import signal
import socket
import stat
import subprocess
import sys

import pytest

from cep_portal.local import processes, servers
from cep_portal.local.servers import PostgresServer, ServerError, ValkeyServer

START_AND_WAIT = """
import sys, time
from cep_portal.local.servers import PostgresServer
PostgresServer(sys.argv[1], durable=False).start()
print("started", flush=True)
time.sleep(600)
"""


@pytest.fixture
def postgres(tmp_path):
    server = PostgresServer(tmp_path)
    yield server
    server.stop()
    server.remove_data()


@pytest.fixture
def valkey(tmp_path):
    server = ValkeyServer(tmp_path)
    yield server
    server.stop()
    server.remove_data()


def ask_valkey(server, command):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(server.socket_path))
        connection.sendall(command.encode() + b"\r\n")
        return connection.recv(200).decode().strip()


def test_postgres_keeps_committed_rows_after_kill(postgres):
    postgres.start().ensure_database("portal")
    postgres.sql("CREATE TABLE booked AS SELECT 7 AS slot", database="portal")

    os.kill(postgres.pid, signal.SIGKILL)
    postgres.start()

    assert postgres.sql("SELECT slot FROM booked", database="portal") == "7"


def test_postgres_starts_over_the_lock_of_a_recycled_process(postgres):
    postgres.start().stop()
    (postgres.data / "postmaster.pid").write_text(f"{os.getpid()}\n{postgres.data}\n")

    postgres.start()

    assert postgres.sql("SELECT 1") == "1"


def test_postgres_starts_over_an_interrupted_initdb(postgres):
    (postgres.data / "base").mkdir(parents=True)
    postgres.data.with_name("postgres.new").mkdir()

    postgres.start()

    assert postgres.sql("SHOW server_encoding") == "UTF8"


def test_postgres_lowers_french_capitals(postgres):
    postgres.start()

    assert postgres.sql("SELECT lower('ÉVÊQUE ÇÀ')") == "évêque çà"


def test_postgres_is_reached_by_its_private_socket_only(postgres):
    postgres.start()

    assert postgres.sql("SHOW listen_addresses") == ""
    assert stat.S_IMODE(postgres.sockets.stat().st_mode) == 0o700


def test_postgres_error_carries_the_end_of_the_log(postgres, monkeypatch):
    monkeypatch.setitem(servers.COMMON_SETTINGS, "work_mem", "nonsense")

    with pytest.raises(ServerError, match='invalid value for parameter "work_mem"'):
        postgres.start()


def test_postgres_dies_with_its_starter(tmp_path):
    starter = subprocess.Popen([sys.executable, "-c", START_AND_WAIT, str(tmp_path)], stdout=subprocess.PIPE)
    starter.stdout.readline()
    server = PostgresServer(tmp_path, durable=False)

    starter.kill()
    starter.communicate()

    assert processes.wait_until(lambda: not processes.working_in(server.data, "postgres"), seconds=10)
    server.remove_data()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands its servers to another user")
def test_folder_that_nobody_cannot_enter_gets_a_stand_in(tmp_path):
    private = tmp_path / "private"
    private.mkdir(mode=0o700)

    with PostgresServer(private, durable=False) as server:
        assert server.data.parent.parent == servers.ROOT_HOME
        assert server.sql("SELECT 1") == "1"

    server.remove_data()
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert not server.data.parent.exists()


def test_valkey_keeps_waiting_tasks_after_kill(valkey):
    valkey.start()
    ask_valkey(valkey, "LPUSH celery task")

    os.kill(valkey.pid, signal.SIGKILL)
    valkey.start()

    assert ask_valkey(valkey, "LLEN celery") == ":1"


def test_valkey_refuses_rather_than_forgets_a_task(valkey):
    valkey.start()

    assert ask_valkey(valkey, "CONFIG GET maxmemory-policy").splitlines()[-1] == "volatile-lru"
