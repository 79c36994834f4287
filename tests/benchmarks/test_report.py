from datetime import UTC, datetime

from tests.benchmarks.report import Done, write
from tests.benchmarks.timing import Row, broken

MORNING, EVENING = datetime(2026, 11, 30, 8, tzinfo=UTC), datetime(2026, 11, 30, 20, tzinfo=UTC)


def _done(bench: str, measured: str, *, seconds: float = 60) -> Done:
    row = Row(f"the {bench}", measured, "2 ms (floor)", "3.0x", "≤ 4x", good=True)
    return Done(bench, [row], seconds)


def test_one_measure_taken_again_leaves_the_others_in_their_place(tmp_path):
    page = tmp_path / "benchmarks.md"
    write([_done("slots", "6 ms"), _done("desk", "7 ms")], scale="small", now=MORNING, page=page)
    write([_done("slots", "9 ms")], scale="small", now=EVENING, page=page)
    text = page.read_text()
    assert "6 ms" not in text
    assert text.index("9 ms") < text.index("7 ms")
    assert text.count("30/11/2026 20:00 UTC") == text.count("30/11/2026 08:00 UTC") == 1
    assert "about 2 minutes" in text


def test_a_measure_that_stopped_is_said(tmp_path):
    page = tmp_path / "benchmarks.md"
    row = broken("delivery", AssertionError("not all lines | were accepted"))
    write([Done("delivery", [row], 3)], scale="small", now=MORNING, page=page)
    assert "| BROKEN |" in page.read_text()
    assert "not all lines / were accepted" in page.read_text()


def test_the_page_says_the_machine_and_what_is_judged(tmp_path):
    page = tmp_path / "benchmarks.md"
    write([_done("slots", "6 ms")], scale="national", now=MORNING, page=page)
    text = page.read_text()
    assert "(national data)" in text
    assert "cores" in text
    assert "**the ratio is what is judged**" in text
