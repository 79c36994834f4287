"""Rows of the history as COPY reads them: tab-separated lines, explicit keys."""

import random

from beneficiaries.request.models import Beneficiary, ServiceRequest
from cep_portal.demo.dataset.clock import DAY, day_text, instant, offset_minutes, period
from cep_portal.demo.dataset.names import Names
from cep_portal.demo.dataset.network import Staffed
from cep_portal.demo.dataset.people import Person
from cep_portal.demo.dataset.scale import ANSWER_SHARE, OUTCOMES, SATISFIED, THEMES
from cep_portal.demo.dataset.tables import Copier
from operators.booking.agenda.models import Absence, Appointment
from operators.casework.pathways.models import CounsellingSession, Pathway
from reporting.surveys.models import Survey

NULL = "\\N"
LOGGED = 65  # minutes after the start of a session, when it is logged at once
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
COLUMNS = {
    Absence: ("uuid", "adviser_id", "period"),
    Beneficiary: (
        *("id", "uuid", "first_name", "last_name", "email", "phone", "created_at"),
        *("contact_proved_at", "email_verified_at"),
    ),
    ServiceRequest: (
        *("id", "uuid", "reference", "requested_at", "situation", "commune_id", "commune_basis"),
        *("needs", "urgency", "access_needs", "contract_id", "beneficiary_id", "state"),
        "known_from",
    ),
    Appointment: (
        *("id", "uuid", "adviser_id", "site_id", "service_request_id", "beneficiary_id", "period"),
        *("busy_period", "level", "mode", "state", "channel", "booked_at", "cancelled_at"),
        *("cancelled_by", "calendar_sequence", "outcome_at", "known_from"),
    ),
    Pathway: (
        *("id", "uuid", "beneficiary_id", "contract_id", "region_id", "service_request_id"),
        *("adviser_id", "entered_on", "state", "closed_at", "outcome", "known_from"),
    ),
    CounsellingSession: (
        *("id", "uuid", "pathway_id", "appointment_id", "adviser_id", "site_id", "starts_at", "zone"),
        *("duration_minutes", "level", "mode", "themes", "next_step", "recorded_at", "known_from"),
    ),
    Survey: (
        *("id", "uuid", "pathway_id", "kind", "level", "sent_at", "answered_at", "answered_on"),
        *("satisfaction", "known_from"),
    ),
}
_WEIGHTS = [weight for _, weight in OUTCOMES]
_OUTCOMES = [outcome for outcome, _ in OUTCOMES]


class Rows:
    """Writes each fact once; keys follow each other so that the same seed gives the same rows."""

    def __init__(self, seed: int, communes: dict[str, tuple[list[str], list[int]]], now: int) -> None:
        self.rng = random.Random(seed)
        self.names = Names(self.rng)
        self.copier = Copier(COLUMNS)
        self._communes, self._now = communes, now
        self._next = dict.fromkeys(COLUMNS, 1)
        self._pathways: dict[int, list[str]] = {}

    def _key(self, model) -> int:
        key = self._next[model]
        self._next[model] = key + 1
        return key

    def _uuid(self) -> str:
        return f"{self.rng.getrandbits(128):032x}"

    def _write(self, model, *values) -> None:
        self.copier.lines[model].append("\t".join(map(str, values)))

    def absence(self, adviser: int, starts: int, ends: int) -> None:
        self._write(Absence, self._uuid(), adviser, period(starts, ends))

    def beneficiary(self, asked: int) -> int:
        key = self._key(Beneficiary)
        known = instant(asked)
        self._write(Beneficiary, key, self._uuid(), *self.names.person(key), *[known] * 3)
        return key

    def request(self, staffed: Staffed, beneficiary: int, asked: int, situation, wish, access, served) -> int:
        key = self._key(ServiceRequest)
        rng, (need, urgency) = self.rng, wish
        codes, bounds = self._communes[staffed.department]
        commune = rng.choices(codes, cum_weights=bounds)[0]
        bits = rng.getrandbits(60)
        reference = "".join(CROCKFORD[bits >> shift & 31] for shift in range(0, 60, 5))
        self._write(
            *(ServiceRequest, key, self._uuid(), reference, instant(asked), situation, commune),
            *("HOME" if rng.random() < 0.8 else "WORK", f"{{{need}}}", urgency),
            *(f"{{{access}}}", staffed.site.contract_id),
            *(beneficiary, "SERVED" if served else "SCHEDULED", instant(asked)),
        )
        return key

    def appointment(
        self,
        staffed: Staffed,
        person: Person,
        starts: int,
        level: str,
        state: str,
        booked: int,
        cancelled_by="",
    ) -> int:
        key = self._key(Appointment)
        cancelled = instant(max(booked, starts - self.rng.randrange(150, 3000))) if cancelled_by else NULL
        logged = instant(min(starts + LOGGED, self._now)) if state in {"ATTENDED", "NO_SHOW"} else NULL
        ended = cancelled if cancelled_by else logged
        self._write(
            *(Appointment, key, self._uuid(), staffed.adviser.pk, staffed.site.pk, person.request),
            *(person.beneficiary, period(starts, starts + 60), period(starts, starts + 75), level),
            *(person.mode, state, "PERSON", instant(booked), cancelled, cancelled_by, 0, ended),
            instant(booked) if ended == NULL else ended,
        )
        return key

    def open_pathway(self, staffed: Staffed, person: Person, starts: int) -> int:
        key = self._key(Pathway)
        entered = day_text((starts + offset_minutes(staffed.site.zone, starts // DAY)) // DAY)
        self._pathways[key] = [
            *(str(key), self._uuid(), str(person.beneficiary), str(staffed.site.contract_id), staffed.region),
            *(str(person.request), str(staffed.adviser.pk), entered, "OPEN", NULL, ""),
            instant(min(starts + LOGGED, self._now)),
        ]
        return key

    def session(
        self,
        staffed: Staffed,
        person: Person,
        appointment: int,
        starts: int,
        level: str,
        *,
        closes,
        late: int = 0,
    ):
        rng = self.rng
        themes = rng.sample(THEMES, rng.choice((1, 2, 2, 3)))
        recorded = min(starts + LOGGED + late + int(rng.expovariate(1 / 900)), self._now)
        self._write(
            *(CounsellingSession, self._key(CounsellingSession), self._uuid(), person.pathway),
            *(appointment, staffed.adviser.pk, staffed.site.pk, instant(starts), staffed.site.zone),
            *(rng.choice((45, 50, 60, 60, 60, 75)), level, person.mode, f"{{{','.join(themes)}}}"),
            *("CLOSE" if closes else "NEXT_SESSION", *[instant(recorded)] * 2),
        )

    def close_pathway(self, person: Person, closed: int, rng: random.Random, *, reached_two: bool) -> None:
        """Closed at the end of the last session, when that is past; the survey leaves soon after."""
        if closed > self._now:
            return
        line = self._pathways[person.pathway]
        line[8:11] = "CLOSED", instant(closed), rng.choices(_OUTCOMES, _WEIGHTS)[0]
        sent = closed + 5
        level = "TWO" if reached_two else "ONE"
        answered = sent + 30 + int(rng.expovariate(1 / 4000))
        answer = [NULL, NULL, NULL]
        if rng.random() < ANSWER_SHARE and answered < self._now:
            happy = rng.random() < SATISFIED[level]
            mark = rng.choice((3, 4, 4)) if happy else rng.choice((1, 2, 2))
            answer = [instant(answered), day_text(answered // DAY), str(mark)]
        if sent < self._now:
            key = self._key(Survey)
            self._write(
                *(Survey, key, self._uuid(), person.pathway, "AT_CLOSING", level, instant(sent), *answer),
                instant(sent) if answer[0] == NULL else answer[0],
            )

    def flush_pathways(self) -> None:
        """Pathways may change until their adviser's walk ends: they are written then."""
        self.copier.lines[Pathway] += ["\t".join(line) for line in self._pathways.values()]
        self._pathways.clear()
