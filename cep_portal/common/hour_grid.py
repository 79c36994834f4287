"""Days laid out on one grid of quarter hours: pure geometry, in minutes since local midnight.

A day of 23 or 25 hours has the rows of any other: rows are hours of the clock on the wall. The classes are
those of `static/css/portal.css`: the policy forbids a style of one's own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from cep_portal.common.days import local
from cep_portal.common.wording.dates import hour

HOUR, QUARTER, DAY = 60, 15, 24 * 60
USUAL = (8 * HOUR, 19 * HOUR)
MOST_LANES = 4  # beyond, the last ones lie on each other

type Minutes = tuple[int, int]


@dataclass(frozen=True)
class Frame:
    """The whole hours a grid shows, the same for each of its days; half-open."""

    first: int
    last: int

    @property
    def size(self) -> str:
        """The class of the grid: how many hours it has."""
        return f"for-h{(self.last - self.first) // HOUR}"

    @property
    def hours(self) -> list[dict]:
        """The hours of the margin, each with its place."""
        return [
            {"label": hour(time(minute // HOUR)), "place": self.place((minute, minute + HOUR))}
            for minute in range(self.first, self.last, HOUR)
        ]

    def shows(self, span: Minutes) -> bool:
        return span[0] < self.last and span[1] > self.first

    def place(self, span: Minutes) -> str:
        """The classes of a span, cut to the frame, to the nearest quarter; never less than one."""
        starts, ends = (_quarter(min(max(minute, self.first), self.last)) for minute in span)
        from_hour, from_quarter = divmod((starts - self.first) // QUARTER, 4)
        hours, quarters = divmod(max(1, (ends - starts) // QUARTER), 4)
        return f"at-h{from_hour} at-q{from_quarter} for-h{hours} for-q{quarters}"


def _quarter(minute: int) -> int:
    return (minute + QUARTER // 2) // QUARTER * QUARTER


def frame_of(spans: Iterable[Minutes]) -> Frame:
    """The usual hours, widened to the whole hours of what is out of them."""
    first, last = USUAL
    for starts, ends in spans:
        first = min(first, starts // HOUR * HOUR)
        last = max(last, -(-ends // HOUR) * HOUR)
    return Frame(first, last)


def minutes_of(starts_at: datetime, ends_at: datetime, *, midnight: datetime) -> Minutes:
    """Where an instant span stands in the local day that begins at `midnight`, an instant of its zone."""
    zone = midnight.tzinfo
    if zone is None:
        raise ValueError("a midnight carries its zone")
    next_midnight = datetime.combine(midnight.date() + timedelta(days=1), time.min, tzinfo=zone)
    first = 0 if starts_at <= midnight else minute_of(local(starts_at, zone).time())
    last = DAY if ends_at >= next_midnight else minute_of(local(ends_at, zone).time())
    return first, last


def minute_of(clock: time) -> int:
    return clock.hour * HOUR + clock.minute


def lanes(spans: Sequence[Minutes]) -> list[str]:
    """The class of each span, in order of start: empty when alone, else its lane among those it meets."""
    answer: list[str] = []
    group: list[int] = []
    busy: list[int] = []  # until when each lane is taken
    for starts, ends in [*((_quarter(a), _quarter(b)) for a, b in spans), (DAY + 1, DAY + 1)]:
        if busy and starts >= max(busy):
            answer += [_lane(lane, len(busy)) for lane in group]
            group, busy = [], []
        lane = next((number for number, until in enumerate(busy) if until <= starts), len(busy))
        busy[lane : lane + 1] = [max(ends, starts + QUARTER)]
        group.append(lane)
    return answer


def _lane(lane: int, count: int) -> str:
    return f"lane-{min(lane + 1, MOST_LANES)}-{min(count, MOST_LANES)}" if count > 1 else ""


def gaps(spans: Iterable[Minutes], *, within: Minutes, least: int) -> list[Minutes]:
    """What is left of a day between spans, in order, but what is shorter than `least`."""
    left, at = [], within[0]
    for starts, ends in sorted([*spans, (within[1], within[1])]):
        if min(starts, within[1]) - at >= least:
            left.append((at, min(starts, within[1])))
        at = max(at, ends)
    return left


def laid_out(days: Sequence[dict], *, frame: Frame, now: int | None = None) -> list[dict]:
    """The same days with `lines`, all that is on them in order of time, each with its place on the grid.

    `now` is the present minute, marked on the days that are `is_today`.
    """
    return [
        day
        | {
            "lines": _lines(day, frame, now),
            "bands": [frame.place(span) for span in day["open"] if frame.shows(span)],
        }
        for day in days
    ]


def _lines(day: dict, frame: Frame, now: int | None) -> list[dict]:
    taken = sorted([*day["entries"], *day["free"]], key=lambda line: line["span"])
    lines = [
        line | {"place": f"{frame.place(line['span'])} {lane}".strip()}
        for line, lane in zip(taken, lanes([line["span"] for line in taken]), strict=True)
    ]
    lines += [line | {"place": frame.place(line["span"])} for line in day["closed"]]
    if day["is_today"] and now is not None and frame.shows((now, now + 1)):
        span = (now, now + QUARTER)
        lines.append(
            {"kind": "now", "span": span, "title": hour(time(*divmod(now, HOUR))), "place": frame.place(span)}
        )
    return sorted(lines, key=lambda line: line["span"])
