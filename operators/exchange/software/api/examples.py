"""The examples of the description: one operator, one person, one story; tests play them as they are."""

from cep_portal.common.days import PARIS
from operators.exchange.deliveries.rules.columns import NAMES, example_rows

SITE = "6b1f6a3c-0d0b-4d0e-9f55-2a4f0b6c7d11"
PERSON = "1c9a7c1e-2c1f-4a51-8a34-0e5d9b1f7a22"
APPOINTMENT = "a3f0c9d2-7b64-4a0e-bb5c-5f2d1e8c9b33"
MOVED = "c5d2e1f4-9d86-4c20-8d7e-7b4f30ae1d44"
PATHWAY = "e7f4a306-bfa8-4e42-9fa0-9d6152c03f55"
SESSION = "092615e8-d1ca-4064-a1c2-bf8374e25166"
ADVISER = "2b483f0a-f3ec-4286-83e4-d1a596047377"
DELIVERY = "4d6a512c-150e-44a8-95a6-f3c7b8269588"
CONTRACT = "6f8c734e-3720-46ca-87b8-15e9da48b799"
REFERENCE = "7K3MWX9TQ2AB"
NINE, TEN = "2026-11-30T09:00:00+01:00", "2026-11-30T10:00:00+01:00"
QUARTER_PAST = "2026-11-30T10:15:00+01:00"

TOKEN_IN = {"grant_type": "client_credentials"}
TOKEN = {
    "access_token": "ImEzZjBj…",
    "token_type": "Bearer",
    "expires_in": 3600,
    "scope": "APPOINTMENTS_READ SLOTS_READ",
}
SITE_OUT = {
    "id": SITE,
    "name": "Maison de l’évolution professionnelle de Rennes",
    "commune": "35238",
    "zone": PARIS,
    "is_step_free": True,
}
SLOT = {"starts_at": NINE, "ends_at": TEN, "zone": PARIS}
PLACE_IN = {"site": SITE, "starts_at": NINE, "level": "ONE", "mode": "ON_SITE"}
MOVE_IN = PLACE_IN | {"starts_at": QUARTER_PAST}
APPOINTMENT_IN = PLACE_IN | {
    "situation": "EMPLOYEE",
    "commune": "35238",
    "commune_basis": "HOME",
    "needs": ["TRAINING"],
    "urgency": "NO_HURRY",
    "access_needs": [],
    "person": {
        "first_name": "Nolwenn",
        "last_name": "Le Roux",
        "email": "nolwenn@exemple.example",
        "phone": "06 39 98 00 01",
    },
    "agreed": True,
}
APPOINTMENT_OUT = {
    "id": APPOINTMENT,
    "reference": REFERENCE,
    "person": PERSON,
    "state": "BOOKED",
    "channel": "SOFTWARE",
    "level": "ONE",
    "mode": "ON_SITE",
    "site": SITE,
    "starts_at": NINE,
    "ends_at": TEN,
    "zone": PARIS,
    "booked_at": "2026-11-23T17:00:00+01:00",
    "cancelled_at": None,
    "cancelled_by": "",
    "cancel_reason": "",
    "moved_from": None,
    "moved_to": None,
}
MOVED_OUT = APPOINTMENT_OUT | {
    "id": MOVED,
    "starts_at": QUARTER_PAST,
    "ends_at": "2026-11-30T11:15:00+01:00",
    "moved_from": APPOINTMENT,
}
LEVEL_IN = {"level": "TWO"}
LEVEL_OUT = APPOINTMENT_OUT | {"level": "TWO"}
CANCEL_IN = {"by": "PERSON", "reason": "WORK"}
CANCELLED_OUT = APPOINTMENT_OUT | {
    "state": "CANCELLED",
    "cancelled_at": "2026-11-24T08:12:00+01:00",
    "cancelled_by": "PERSON",
    "cancel_reason": "WORK",
}
REQUEST_OUT = {
    "reference": REFERENCE,
    "state": "SCHEDULED",
    "requested_at": "2026-11-23T17:00:00+01:00",
    "zone": PARIS,
    "person": PERSON,
    "situation": "EMPLOYEE",
    "commune": "35238",
    "commune_basis": "HOME",
    "needs": ["TRAINING"],
    "urgency": "NO_HURRY",
    "access_needs": [],
}
PATHWAY_OUT = {
    "id": PATHWAY,
    "person": PERSON,
    "reference": REFERENCE,
    "region": "53",
    "adviser": ADVISER,
    "entered_on": "2026-11-30",
    "state": "OPEN",
    "closed_at": None,
    "outcome": "",
    "reopened_at": None,
    "zone": PARIS,
}
SESSION_OUT = {
    "id": SESSION,
    "pathway": PATHWAY,
    "appointment": APPOINTMENT,
    "adviser": ADVISER,
    "site": SITE,
    "starts_at": "2026-11-30T09:05:00+01:00",
    "zone": PARIS,
    "held_on": "2026-11-30",
    "duration_minutes": 55,
    "level": "ONE",
    "mode": "ON_SITE",
    "is_unplanned": False,
    "recorded_at": "2026-11-30T10:04:00+01:00",
}
LOG_IN = {
    "appointment": APPOINTMENT,
    "attendance": "ATTENDED",
    "held": {
        "starts_at": "2026-11-30T09:05:00+01:00",
        "duration_minutes": 55,
        "level": "ONE",
        "mode": "ON_SITE",
        "themes": ["PROJECT", "TRAINING"],
    },
    "next_step": "NEXT_SESSION",
}
CORRECTION_IN = {
    "starts_at": "2026-11-30T09:10:00+01:00",
    "duration_minutes": 50,
    "level": "ONE",
    "mode": "PHONE",
    "themes": ["PROJECT"],
    "reason": "ENTRY_ERROR",
}
LOG_OUT = {"appointment": APPOINTMENT, "state": "ATTENDED", "session": SESSION_OUT}
LINES = [{name: cell for name, cell in zip(NAMES, row, strict=True) if cell} for row in example_rows()]
DELIVERY_IN = {"lignes": LINES}
DELIVERY_WAITING = {
    "id": DELIVERY,
    "state": "WAITING",
    "reason": "",
    "is_trial": False,
    "sent_at": "2026-11-30T18:00:00+00:00",
    "finished_at": None,
    "line_count": 0,
    "new_count": 0,
    "changed_count": 0,
    "same_count": 0,
    "withdrawn_count": 0,
    "refused_count": 0,
    "refused_fields": {},
    "remarks": [],
}
DELIVERY_OUT = DELIVERY_WAITING | {
    "state": "DONE",
    "finished_at": "2026-11-30T18:00:02+00:00",
    "line_count": 4,
    "new_count": 3,
    "refused_count": 1,
    "refused_fields": {"niveau": 1},
}
REFUSED_LINE = {
    "number": 4,
    "line": {"nature": "SEANCE", "id": "S-3310", "niveau": "SIX"},
    "problems": [
        {"field": "niveau", "what": "« SIX » n’est pas dans la liste.", "how": "Écrivez ONE ou TWO."}
    ],
}
LISTS = {"lists": {"levels": [{"code": "ONE", "label": "niveau 1"}, {"code": "TWO", "label": "niveau 2"}]}}
REGIONS = {"results": [{"code": "53", "name": "Bretagne", "zone": PARIS}]}
DEPARTMENTS = {"results": [{"code": "35", "name": "Ille-et-Vilaine", "zone": PARIS, "region": "53"}]}
COMMUNES = {
    "results": [
        {"code": "35238", "name": "Rennes", "department": "35", "postcodes": ["35000", "35200", "35700"]}
    ]
}


def page_of(example: dict) -> dict:
    return {"results": [example], "next": None}
