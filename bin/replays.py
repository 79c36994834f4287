"""The suite at other presents (tests/clock.py): it must not age, and a Saturday must not surprise it."""

LATER, AT = "PORTAL_TEST_LATER", "PORTAL_TEST_AT"
REPLAYS = {
    "a day later": {LATER: "1"},
    "30 days later": {LATER: "30"},
    "400 days later": {LATER: "400"},
    "on a Saturday": {AT: "2026-11-28 10:00"},
    "when clocks go forward": {AT: "2028-03-26 10:00"},
    "when clocks go back": {AT: "2026-10-25 10:00"},
    "on a leap day": {AT: "2028-02-29 10:00"},
    "at the end of a year": {AT: "2026-12-31 23:30"},
}
A_YEAR_AND_MORE = REPLAYS["400 days later"]
# One an app, quick: what a plain run replays.
FEW_FOLDERS = [
    "tests/accounts",
    "tests/beneficiaries",
    "tests/messaging",
    "tests/operators/casework/pathways",
    "tests/procurement/followup",
    "tests/reporting/surveys",
]
