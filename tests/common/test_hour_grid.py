"""Days on a grid of quarter hours: where each hour stands, who shares a width, what is left between."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template

from cep_portal.common.hour_grid import Frame, frame_of, gaps, lanes, minutes_of

PARIS = ZoneInfo("Europe/Paris")
USUAL = Frame(8 * 60, 19 * 60)


def at(hour: int, minute: int = 0) -> int:
    return hour * 60 + minute


@pytest.mark.parametrize(
    ("span", "place"),
    [
        ((at(8), at(9)), "at-h0 at-q0 for-h1 for-q0"),
        ((at(9, 30), at(10, 15)), "at-h1 at-q2 for-h0 for-q3"),
        ((at(18), at(19)), "at-h10 at-q0 for-h1 for-q0"),
        ((at(10, 5), at(11, 0)), "at-h2 at-q0 for-h1 for-q0"),  # to the nearest quarter
        ((at(10, 10), at(10, 12)), "at-h2 at-q1 for-h0 for-q1"),  # never less than a quarter
        ((0, at(24)), "at-h0 at-q0 for-h11 for-q0"),  # cut to the hours shown
    ],
)
def test_each_hour_has_its_row(span, place):
    assert USUAL.place(span) == place


@pytest.mark.parametrize(
    ("spans", "frame"),
    [
        ([], (8, 19)),
        ([(at(7), at(8))], (7, 19)),
        ([(at(21), at(22))], (8, 22)),
        ([(at(6, 45), at(7, 30)), (at(19), at(20, 10))], (6, 21)),
    ],
)
def test_what_is_out_of_the_usual_hours_widens_the_grid(spans, frame):
    shown = frame_of(spans)

    assert (shown.first // 60, shown.last // 60) == frame
    assert len(shown.hours) == frame[1] - frame[0]
    assert shown.size == f"for-h{frame[1] - frame[0]}"


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(0, 60), (60, 120)], ["", ""]),
        ([(0, 60), (30, 90)], ["lane-1-2", "lane-2-2"]),
        ([(0, 60), (30, 90), (60, 120), (120, 180)], ["lane-1-2", "lane-2-2", "lane-1-2", ""]),
        ([(0, 60)] * 3, ["lane-1-3", "lane-2-3", "lane-3-3"]),
        ([(0, 60)] * 6, [*(f"lane-{n}-4" for n in (1, 2, 3, 4, 4, 4))]),
        ([(0, 65), (65, 120)], ["", ""]),  # what follows within a quarter shares nothing
    ],
)
def test_what_overlaps_stands_side_by_side(spans, expected):
    assert lanes(spans) == expected


def test_gaps_are_what_is_left_and_long_enough():
    assert gaps([(at(9), at(12)), (at(11), at(14))], within=(at(8), at(19)), least=60) == [
        (at(8), at(9)),
        (at(14), at(19)),
    ]
    assert gaps([(at(8, 30), at(18, 30))], within=(at(8), at(19)), least=60) == []


@pytest.mark.parametrize("day", ["2026-10-25", "2027-03-28"])
def test_day_of_the_change_keeps_the_hours_of_the_wall(day):
    midnight = datetime.fromisoformat(day).replace(tzinfo=PARIS)
    nine = midnight.replace(hour=9)

    assert minutes_of(nine, nine + timedelta(hours=1), midnight=midnight) == (at(9), at(10))
    late = midnight + timedelta(days=1)
    assert minutes_of(midnight - timedelta(hours=3), late, midnight=midnight) == (0, at(24))


def test_component_is_one_list_in_order_of_time():
    days = [
        {
            "label": "Lun. 30 nov.",
            "entries": [{"span": (at(10), at(11)), "start": "10 h", "end": "11 h", "title": "Camille Petit"}],
            "free": [{"kind": "free", "span": (at(9), at(10)), "title": "9 h – 10 h", "url": "/r/"}],
            "closed": [{"kind": "closed", "span": (at(14), at(19)), "title": "14 h – 19 h", "url": "/o/"}],
            "open": [(at(9), at(12))],
            "is_today": True,
        },
        {"label": "Mar. 1ᵉʳ déc."},
    ]
    template = Template("{% load ui %}{% ui_hours label='Semaine' days=days now=now %}")

    shown = template.render(Context({"days": days, "now": at(10, 30)}))

    texts = ("réserver", "Camille Petit", "maintenant", "ouvrir", "Rien ce jour")
    order = [shown.index(text) for text in texts]
    assert order == sorted(order)
    assert shown.count("Camille Petit") == 1
    assert '<span class="at-h1 at-q0 for-h3 for-q0"></span>' in shown
    assert '<div class="hours for-h11">' in shown
