from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Scale:
    """How much is built. Shares follow the published figures and may be given on the command line."""

    name: str
    entries_per_year: int
    advisers: int
    sites: int
    # 5,800 level 2 of 22,600 received in Nouvelle-Aquitaine in 2022, as published.
    level_two_share: float = 0.26
    no_show_share: float = 0.11
    seed: int = 2024
    since: date = date(2024, 1, 2)  # the first day of the history
    no_show_target: Decimal = Decimal(14)  # what each holder promises at most, in percent
    region: str = "53"  # where the named operator people work
    # Sessions logged days after they took place; in the late month most of them, after its closing.
    late_share: float = 0.0
    late_month: date | None = None


SCALES = {
    "small": Scale("small", entries_per_year=9_600, advisers=110, sites=60),
    "national": Scale("national", entries_per_year=180_000, advisers=1_500, sites=600),
}

# Sessions a pathway holds, level 1 only and with level 2: 4 on average at the default share.
SESSIONS_LEVEL_ONE = ((1, 15), (2, 25), (3, 25), (4, 20), (5, 15))
SESSIONS_WITH_LEVEL_TWO = ((6, 16), (7, 16), (8, 18), (9, 18), (10, 16), (11, 16))

# Share of people satisfied, published for 2021.
SATISFIED = {"ONE": 0.91, "TWO": 0.85}
ANSWER_SHARE = 0.48
SEASON = (1.15, 1.05, 1.10, 1.00, 0.95, 1.00, 0.75, 0.50, 1.25, 1.20, 1.15, 0.90)
SITUATIONS = (("EMPLOYEE", 78), ("SELF_EMPLOYED", 8), ("EXECUTIVE", 10), ("DISABLED_WORKER", 4))
# Reasons for coming: change of job or sector 67 %, business creation 20 %, as published.
NEEDS = (
    ("CHANGE_JOB", 50),
    ("CREATE_BUSINESS", 20),
    ("TRAINING", 10),
    ("RESIGN_TO_RETRAIN", 7),
    ("TAKE_STOCK", 8),
    ("GROW", 3),
    ("OTHER", 2),
)
MODES = (("ON_SITE", 58), ("PHONE", 24), ("VIDEO", 18))
THEMES = ("SITUATION", "SKILLS", "PROJECT", "JOB_MARKET", "TRAINING", "FUNDING", "BUSINESS", "WORKING_LIFE")
OUTCOMES = (
    ("PROJECT_READY", 34),
    ("TRAINING_STARTED", 22),
    ("JOB_CHANGED", 10),
    ("NEED_MET", 26),
    ("STOPPED", 8),
)
URGENCIES = (("NO_HURRY", 62), ("WITHIN_MONTH", 22), ("CONTRACT_END", 10), ("DISMISSAL", 6))
ACCESS_NEEDS = (("", 93), ("STEP_FREE", 3), ("COMPANION", 2), ("EASY_TO_READ", 1), ("SIGN_LANGUAGE", 1))
