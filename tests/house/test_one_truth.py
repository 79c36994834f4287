"""What has one home in the code is not written again elsewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("beneficiaries", "cep_portal", "operators", "procurement", "reporting")
DAYS = "cep_portal/common/days.py"
# A pattern, where it may stand, and what to use instead.
RULES = [
    (r"def (local_day|monday_of|months_later|first_of_month)\b", {DAYS}, "cep_portal.common.days"),
    (r"\.astimezone\([^\n]*\)\.date\(\)", set(), "days.local_day"),
    (r"\.astimezone\(ZoneInfo\(", {DAYS}, "days.local or days.local_day"),
    (r"\blocaldate\([^)]", set(), "days.local_day"),
    (r"timedelta\(days=[\w.]+\.weekday\(\)", {DAYS}, "days.monday_of"),
    (r"\bmonthrange\b", {DAYS}, "days.months_later"),
    (r"\.month (- 1 )?[+-] \w+, 12\)", {DAYS}, "days.months_later"),
    (r"\.replace\(day=1\)", {DAYS}, "days.first_of_month"),
    (r'"Europe/Paris"', {DAYS, "cep_portal/settings/base.py"}, "days.PARIS"),
    (r"après le dernier contact|retention=\"", {"cep_portal/common/retention.py"}, "common.retention"),
    (
        r"AppointmentState\.BOOKED,\s*period__(starts|ends)with|period__\w+=[^,()]*,\s*state=AppointmentState\.BOOKED",
        {"operators/booking/agenda/models/appointments.py"},
        "Appointment.objects.to_come, not_over, begun or to_log",
    ),
    (r'"1er"', {"cep_portal/common/wording/dates.py", "reporting/kpis/wording.py"}, "common.wording.dates"),
]


def sources() -> list[Path]:
    files = [
        path for app in PRODUCT for path in (ROOT / app).rglob("*.py") if path.parent.name != "migrations"
    ]
    assert len(files) > 500
    return files


@pytest.mark.parametrize(("pattern", "homes", "instead"), RULES)
def test_rule_is_written_once(pattern, homes, instead):
    written = {
        str(path.relative_to(ROOT))
        for path in sources()
        if re.search(pattern, path.read_text(encoding="utf-8"))
    }

    assert homes <= written, "the pattern no longer finds its own home"
    assert sorted(written - homes) == [], f"use {instead}"
