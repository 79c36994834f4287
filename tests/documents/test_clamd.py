"""The client of clamd, against a real socket that speaks its protocol."""

import pytest

from cep_portal.documents.gateways.clamd import ScannerUnavailable, find_virus
from tests.documents.clamd import EICAR, scanner


def test_clean_bytes_have_no_virus_and_arrive_whole(settings):
    content = bytes(range(256)) * 1024  # four chunks

    with scanner(settings) as server:
        assert find_virus(content) is None

    assert server.seen == [content]


def test_eicar_is_found_by_name(settings):
    with scanner(settings):
        assert find_virus(EICAR) == "Eicar-Signature"


def test_unix_socket_of_debian_is_spoken_to(settings, tmp_path):
    with scanner(settings, unix=str(tmp_path / "clamd.ctl")):
        assert find_virus(EICAR) == "Eicar-Signature"


@pytest.mark.parametrize("says", [b"INSTREAM size limit exceeded. ERROR\0", b"\0", b"stream: OK but no"])
def test_an_answer_that_is_no_verdict_is_no_verdict(settings, says):
    with scanner(settings, says=says), pytest.raises(ScannerUnavailable):
        find_virus(b"x")


@pytest.mark.parametrize(
    "address", ["", "tcp:127.0.0.1:1", "unix:/nonexistent/clamd.ctl", "clamd", "tcp:127.0.0.1"]
)
def test_without_a_scanner_nothing_is_known(settings, address):
    settings.PORTAL_CLAMD = address

    with pytest.raises(ScannerUnavailable):
        find_virus(b"x")
