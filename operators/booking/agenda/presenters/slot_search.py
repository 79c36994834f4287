"""What a person asks of the slot page, read from its address: each choice is a link that keeps the rest."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict

from beneficiaries.request.enums import AccessNeed
from cep_portal.common.days import local, local_day, monday_of
from cep_portal.common.wording.dates import hour, long_day, zone_label
from operators.booking.agenda import rules
from operators.booking.agenda.gateways import video
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.selectors import SlotTime
from operators.network.enums import Mode, ServiceLevel
from operators.network.models import Site
from operators.network.selectors import NearSite

LEVELS = {"1": ServiceLevel.ONE, "2": ServiceLevel.TWO}
MODES = {"sur-place": Mode.ON_SITE, "telephone": Mode.PHONE, "visio": Mode.VIDEO}
# The needs that limit the hours, as the address says that one goes without.
NEEDS = {"langue-des-signes": AccessNeed.SIGN_LANGUAGE, "sans-marche": AccessNeed.STEP_FREE}
HOURS = {"avant-9-h": "before_9", "apres-18-h": "after_18", "samedi": "saturday"}
LEVEL_LABELS = {"1": "Faire le point (niveau 1)", "2": "Construire un projet (niveau 2)"}
MODE_LABELS = {"sur-place": "Sur place", "telephone": "Par téléphone", "visio": "En visio"}
HOURS_LABELS = {"": "Toutes", "avant-9-h": "Avant 9 h", "apres-18-h": "Après 18 h", "samedi": "Samedi"}
EVERYWHERE = "tous"
ANY_MODE, ANY_MODE_LABEL = "toutes", "Peu importe"
SITES_SHOWN = 4
OWN_ADVISER = "le-mien"
YEARS = range(2000, 2200)  # beyond, a week more or another zone leaves the calendar


@dataclass(frozen=True)
class SlotSearch:
    """The choices as they stand in the address; `place` is a site's slug or `tous`."""

    level: str = "1"
    mode: str = "sur-place"
    hours: str = ""
    place: str = ""
    week: date | None = None
    offers_any_mode: bool = False
    without: tuple[str, ...] = ()
    own_adviser: bool = False  # the hours of the adviser the person knows, alone
    at_desk: int | None = None  # the adviser at the screen: « own » is then theirs; never in the address

    @classmethod
    def read(cls, query: QueryDict, *, offers_any_mode: bool = False) -> "SlotSearch":
        """Unknown values fall back to the defaults: an old or mistyped link still shows slots."""
        modes = {*MODES, ANY_MODE} if offers_any_mode else MODES
        level, mode = query.get("niveau", ""), query.get("modalite", "")
        return cls(
            level=level if level in LEVELS else "1",
            mode=mode if mode in modes else "sur-place",
            offers_any_mode=offers_any_mode,
            hours=query.get("heures", "") if query.get("heures") in HOURS else "",
            place=query.get("lieu", ""),
            week=_day(query.get("semaine", "")),
            without=tuple(word for word in NEEDS if word in query.getlist("sans")),
            own_adviser=query.get("conseiller") == OWN_ADVISER,
        )

    @classmethod
    def like(cls, appointment: Appointment) -> "SlotSearch":
        """The search that shows the week, level and mode of an appointment."""
        return cls(
            level=next(key for key, level in LEVELS.items() if level == appointment.level),
            mode=next(key for key, mode in MODES.items() if mode == appointment.mode),
            place=appointment.site.slug,
            week=local_day(appointment.starts_at, appointment.site.zone),
        )

    def url(self, **changes: Any) -> str:
        there = replace(self, **changes)
        choices = {
            "niveau": there.level,
            "modalite": there.mode,
            "heures": there.hours,
            "lieu": there.place,
            "semaine": there.week.isoformat() if there.week else "",
            "sans": there.without,
            "conseiller": OWN_ADVISER if there.own_adviser else "",
        }
        return "?" + urlencode({name: value for name, value in choices.items() if value}, doseq=True)

    @property
    def whose(self) -> str:
        return "avec vous" if self.at_desk else "avec votre conseiller"

    def monday(self, *, zone: str, now: datetime) -> date:
        """The Monday of the week shown, between the present week and the horizon."""
        wanted = self.week or local_day(rules.earliest_start(now), zone)
        first = monday_of(local_day(rules.earliest_start(now), zone))
        last = monday_of(local_day(rules.latest_start(now), zone))
        return min(max(monday_of(wanted), first), last)

    def site(self, places: list[NearSite]) -> NearSite | None:
        """The place asked for, else the closest; None for all of them, and away from any place."""
        if self.mode != "sur-place" or self.place == EVERYWHERE or not places:
            return None
        return next((site for site in places if site.site.slug == self.place), places[0])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def week_bounds(monday: date, zone: str) -> tuple[datetime, datetime]:
    """Local midnight of a Monday and of the next one."""
    start = datetime(monday.year, monday.month, monday.day, tzinfo=ZoneInfo(zone))
    return start, start + timedelta(days=7)


def filter_groups(search: SlotSearch, places: list[NearSite], chosen: NearSite | None) -> list[dict]:
    modes = {key: label for key, label in MODE_LABELS.items() if key != "visio" or video.is_available()}
    if search.offers_any_mode:
        modes[ANY_MODE] = ANY_MODE_LABEL
    groups = [
        _group("Pour", search, "level", LEVEL_LABELS),
        _group("Comment", search, "mode", modes),
    ]
    if search.mode == "sur-place" and len(places) > 1:
        groups.append(_place_group(search, places, chosen))
    return [*groups, _group("Heures", search, "hours", HOURS_LABELS)]


def _group(label: str, search: SlotSearch, name: str, labels: dict[str, str]) -> dict:
    items = [
        {"label": text, "url": search.url(**{name: value}), "current": getattr(search, name) == value}
        for value, text in labels.items()
    ]
    return {"label": label, "items": items}


def _place_group(search: SlotSearch, places: list[NearSite], chosen: NearSite | None) -> dict:
    shown = places[:SITES_SHOWN]
    if chosen is not None and chosen not in shown:
        shown = [*shown[:-1], chosen]
    items = [
        {
            "label": f"{site.site.name} ({site.km:.0f} km)" if site.km >= 1 else site.site.name,
            "url": search.url(place=site.site.slug),
            "current": site is chosen,
        }
        for site in shown
    ]
    everywhere = {
        "label": "Tous les lieux",
        "url": search.url(place=EVERYWHERE),
        "current": chosen is None,
    }
    return {"label": "Où", "items": [*items, everywhere]}


def slot_days(
    slots: list[SlotTime],
    places: list[NearSite],
    *,
    zone: str,
    name_places: bool,
    any_mode: bool = False,
    with_known: Collection[tuple[datetime, int]] = (),
    whose: str = "",
) -> list[dict]:
    """The slots by day and hour, each hour once: among several places the closest one stands for all.

    With `any_mode` each says its own; `with_known` are the times and sites of one adviser, said `whose`.
    """
    rank = {site.site.pk: number for number, site in enumerate(places)}
    days: dict[date, list[dict]] = {}
    seen = set()
    for slot in sorted(slots, key=lambda slot: (slot.starts_at, rank.get(slot.site_id, len(rank)))):
        if slot.site_id not in rank or slot.starts_at in seen:
            continue
        seen.add(slot.starts_at)
        there = places[rank[slot.site_id]].site
        start = local(slot.starts_at, slot.zone)
        mode = _first_mode(slot, is_closest=rank[slot.site_id] == 0) if any_mode else ""
        named = name_places or (mode == "sur-place" and len(places) > 1)
        parts = [MODE_LABELS[mode].lower()] if mode else []
        parts += [_detail(there, slot.zone, zone, named=named)]
        parts += [whose] if (slot.starts_at, slot.site_id) in with_known else []
        days.setdefault(start.date(), []).append(
            {
                "label": hour(start),
                "value": slot_value(slot.starts_at, there.slug, mode),
                "detail": ", ".join(part for part in parts if part),
            }
        )
    return [{"label": long_day(day).capitalize(), "slots": lines} for day, lines in days.items()]


def _first_mode(slot: SlotTime, *, is_closest: bool) -> str:
    """To whom the way does not matter: on site when it is the closest place, else by telephone."""
    order = ("sur-place", "telephone", "visio") if is_closest else ("telephone", "visio", "sur-place")
    offered = [key for key in order if MODES[key] in slot.modes]
    return next((key for key in offered if key != "visio" or video.is_available()), offered[0])


def _detail(site: Site, slot_zone: str, zone: str, *, named: bool) -> str:
    parts = [site.name] if named else []
    if slot_zone != zone:
        parts.append(zone_label(slot_zone))
    return ", ".join(parts)


def slot_value(starts_at: datetime, slug: str, mode: str = "") -> str:
    return f"{starts_at:%Y%m%dT%H%MZ}~{slug}{f'~{mode}' if mode else ''}"


def mode_in(value: str) -> str | None:
    """The mode a button carries, when the search left it open."""
    return value.split("~")[2] if value.count("~") == 2 and value.split("~")[2] in MODES else None


def read_slot(value: str) -> tuple[datetime, str] | None:
    """What a slot's button sends: the instant in UTC and the site's slug; None when altered."""
    text, slug, *_ = [*value.split("~"), ""]
    try:
        instant = datetime.strptime(text, "%Y%m%dT%H%MZ").replace(tzinfo=ZoneInfo("UTC"))
    except ValueError:
        return None
    return (instant, slug) if instant.year in YEARS else None
