"""The measured delays of a site in plain words, and their twelve weeks as a picture."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from urllib.parse import quote, urlencode

from django.urls import reverse

from cep_portal.common.charts import LineChart, Measure, Series, line_chart, periods
from cep_portal.common.days import local, monday_of
from cep_portal.common.wording.dates import hour, long_day, short_day, short_instant
from cep_portal.common.wording.numbers import group, plural
from operators.network.enums import Mode, ServiceLevel
from operators.network.hooks import NextSlot
from operators.network.models import Site, SlotDelay

LEVELS = {ServiceLevel.ONE: "Faire le point (niveau 1)", ServiceLevel.TWO: "Construire un projet (niveau 2)"}
WEEKS = 12
MORNING = 6
NONE_FREE = "aucun créneau libre"
PARTS = (
    ("before_9_count", "avant 9 h"),
    ("lunch_count", "entre midi et 14 h"),
    ("after_18_count", "après 18 h"),
    ("saturday_count", "le samedi"),
)


@dataclass(frozen=True)
class Directions:
    """Two plain links: a map on the web, and the application of the phone; nothing is fetched from here."""

    web: str
    phone: str


def directions(site: Site) -> Directions:
    asked = urlencode({"query": site.full_address})
    return Directions(
        web=f"https://www.openstreetmap.org/search?{asked}",
        phone=f"geo:0,0?q={quote(site.full_address)}",
    )


@dataclass(frozen=True)
class DelayLine:
    mode: str
    first: str
    second: str
    third: str


@dataclass(frozen=True)
class LevelDelays:
    title: str
    lines: tuple[DelayLine, ...]


@dataclass(frozen=True)
class Delays:
    """What a site's page says of its delays; `levels` is empty when the night was not measured yet."""

    lead: str
    freshness: str
    levels: tuple[LevelDelays, ...]
    parts: str
    chart: LineChart | None


def spoken_days(days: int | None) -> str:
    """« le jour même », « le lendemain », « dans 5 jours »."""
    if days is None:
        return NONE_FREE
    return {0: "le jour même", 1: "le lendemain"}.get(days, f"dans {days} jours")


def spoken_first(latest: list[SlotDelay], *, level: str = ServiceLevel.ONE) -> str:
    """« Premier rendez-vous : sur place dans 5 jours, par téléphone le lendemain. » ; blank if unmeasured."""
    modes: dict[str, list[str]] = {}
    for delay in _in_order(latest):
        if delay.level == level and delay.first_days is not None:
            modes.setdefault(spoken_days(delay.first_days), []).append(str(delay.get_mode_display()))
    if modes:
        parts = [f"{_joined(names, last='ou')} {words}" for words, names in modes.items()]
        return f"Premier rendez-vous : {', '.join(parts)}."
    return "Aucun créneau libre en ce moment." if latest else ""


def regions(sites: Iterable[Site], slots: Mapping[int, NextSlot], *, on: date, by_region: bool) -> list[dict]:
    """The cards of a list in its order, under the name of their region; under none in another order."""
    groups = groupby(sites, key=lambda site: site.commune.department.region.name if by_region else "")
    return [
        {"name": name, "cards": [site_card(site, slots, on=on) for site in members]}
        for name, members in groups
    ]


def site_card(site: Site, slots: Mapping[int, NextSlot], *, on: date, km: float | None = None) -> dict:
    """Where, and the next possible appointment: « lun. 30 nov. 9 h, sur place ou par téléphone »."""
    where = site.full_address if km is None else f"À {max(km, 1):.0f} km : {site.full_address}"
    return {
        "title": site.name,
        "url": reverse("operators:site_detail", args=[site.slug]),
        "text": f"{where}. {_next_possible(slots.get(site.pk), site.zone, on)}",
    }


def _next_possible(slot: NextSlot | None, zone: str, on: date) -> str:
    if slot is None:
        return "Aucun créneau libre en ce moment."
    ways = _joined([str(Mode(mode).label) for mode in slot.modes], last="ou")
    return f"Prochain rendez-vous possible : {short_instant(slot.starts_at, zone, on=on)}, {ways}."


def site_delays(*, weeks: list[SlotDelay], today: date) -> Delays:
    """From the last measure of each of the last weeks (selectors.delay_weeks); the newest night speaks."""
    nights = {delay.measured_on for delay in weeks}
    latest = [delay for delay in weeks if delay.measured_on == max(nights)] if nights else []
    return Delays(
        lead=spoken_first(latest),
        freshness=_freshness(latest[0], today) if latest else "Pas encore mesuré.",
        levels=tuple(
            LevelDelays(title, lines)
            for level, title in LEVELS.items()
            if (lines := tuple(_line(delay) for delay in _in_order(latest) if delay.level == level))
        ),
        parts=_parts(latest),
        chart=_chart(weeks, today) if len(nights) > 1 else None,
    )


def _in_order(delays: list[SlotDelay]) -> list[SlotDelay]:
    return sorted(delays, key=lambda delay: (delay.level, Mode.values.index(delay.mode)))


def _line(delay: SlotDelay) -> DelayLine:
    mode = str(delay.get_mode_display()).capitalize()
    return DelayLine(
        mode, *(spoken_days(days) for days in (delay.first_days, delay.second_days, delay.third_days))
    )


def _freshness(delay: SlotDelay, today: date) -> str:
    if delay.measured_on != today:
        return f"Mesuré le {long_day(delay.measured_on)} ; pas de mesure depuis."
    at = local(delay.measured_at, delay.site.zone)
    return "Mesuré cette nuit." if at.hour < MORNING else f"Mesuré aujourd’hui à {hour(at)}."


def _parts(latest: list[SlotDelay]) -> str:
    """« 120 heures libres sur place, dont 12 avant 9 h et 8 après 18 h. » for level 1 on site."""
    for delay in _in_order(latest):
        if delay.level == ServiceLevel.ONE and delay.free_count:
            counts = [(getattr(delay, name), label) for name, label in PARTS]
            named = [f"{group(count)} {label}" for count, label in counts if count]
            ending = plural(delay.free_count)
            total = f"{group(delay.free_count)} heure{ending} libre{ending} {delay.get_mode_display()}"
            return f"{total}{', dont ' + _joined(named) if named else ''}."
    return ""


def _joined(parts: list[str], *, last: str = "et") -> str:
    return f" {last} ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _chart(weeks: list[SlotDelay], today: date) -> LineChart:
    """Days to the first hour of level 1, one measure a week; a week without a measure is a gap."""
    first = monday_of(today) - timedelta(weeks=WEEKS - 1)
    mondays = [first + timedelta(weeks=rank) for rank in range(WEEKS)]
    known = {
        (delay.mode, monday_of(delay.measured_on)): delay.first_days
        for delay in weeks
        if delay.level == ServiceLevel.ONE
    }
    offered = [mode for mode in Mode if any(one == mode for one, _ in known)]
    return line_chart(
        title="Jours d’attente jusqu’au premier rendez-vous",
        axis=periods(
            [short_day(monday)[5:] for monday in mondays], said="la semaine du {}", header="Semaine du"
        ),
        series=[
            Series(str(mode.label).capitalize(), [known.get((mode, monday)) for monday in mondays])
            for mode in offered
        ],
        measure=Measure(unit="j", places=0),
        description="La dernière mesure de chaque semaine, pour faire le point (niveau 1).",
    )
