"""The whole beat schedule, in git (ADR 0006). No task between 02:00 and 02:59: the clocks change then."""

from celery.schedules import crontab

from cep_portal.common.task_names import TaskName

TIMES = {  # seconds between two passages, or hours of Paris
    TaskName.SEND_DUE_MESSAGES: 15.0,
    TaskName.FORGET_TEXTS: crontab(hour=1, minute=40),
    TaskName.CHECK_MORNING: crontab(hour=7, minute=30),
    # Files added while the antivirus did not answer.
    TaskName.SCAN_HELD: 300.0,
    # A message leaves with its fact; this sends what is to be tried again.
    TaskName.SEND_DUE_WEBHOOKS: 30.0,
    TaskName.FORGET_WEBHOOKS: crontab(hour=1, minute=50),
    TaskName.EXPIRE_HOLDS: 60.0,
    # Offers over, slots that freed since: a cancellation does it at once, a new opening within two minutes.
    TaskName.PASS_OFFERS: 120.0,
    # Each hour: the sites where it is between 3 and 6, in their own zone, are measured once.
    TaskName.MEASURE_DELAYS: crontab(hour="0,1,3-23", minute=20),
    TaskName.COUNT_MISSING_SLOTS: crontab(hour=5, minute=40),
    TaskName.FOLLOW_OPENING_REQUESTS: 600.0,
    TaskName.WRITE_DUE_REMINDERS: crontab(minute="*/5", hour="0-1,3-23"),
    TaskName.WRITE_GROUP_REMINDERS: crontab(minute="2-59/5", hour="0-1,3-23"),
    # Each hour: a pathway lent comes back on the first hour of the site's next day.
    TaskName.RETURN_HANDOVERS: crontab(hour="0,1,3-23", minute=5),
    TaskName.EXPIRE_TRANSFERS: crontab(hour=1, minute=50),
    TaskName.FIND_DUPLICATES: crontab(hour=4, minute=50),
    TaskName.FORGET_CALLS: crontab(hour=1, minute=40),
    TaskName.FORGET_KEYS: crontab(hour=1, minute=45),
    TaskName.CLOSE_UNANSWERED: 300.0,
    TaskName.RESUME_DELIVERIES: 600.0,
    TaskName.RAISE_SUPPLY_ALARMS: crontab(hour=6, minute=15),
    TaskName.FORGET_REFUSED_LINES: crontab(hour=1, minute=35),
    # Granted files whose worker was lost.
    TaskName.RESUME_EXTRACTS: 600.0,
    # The link ends on the second; the file goes within ten minutes.
    TaskName.DESTROY_EXTRACTS: 600.0,
    TaskName.KEEP_LINK_FAILURES: crontab(hour=1, minute=45),
    TaskName.FORGET_CODES: crontab(hour=1, minute=10),
    TaskName.FORGET_SIGN_IN_CODES: crontab(hour=1, minute=10),
    TaskName.CLEAR_SESSIONS: crontab(hour=1, minute=20),
    TaskName.REMIND_MANAGERS: crontab(hour=7, minute=10),
    TaskName.WITHDRAW_EXPORTS: crontab(minute=25, hour="0,1,3-23"),
    TaskName.PURGE_PEOPLE: crontab(hour=1, minute=40),
    TaskName.FORGET_JOURNAL: crontab(hour=1, minute=30),
    TaskName.SEND_DUE_SURVEYS: 300.0,
    TaskName.COMPUTE_INDICATORS: crontab(hour=3, minute=10),
    TaskName.MARK_SILENT_PENALTIES: crontab(hour=0, minute=20),
    TaskName.ADVANCE_CLOSINGS: crontab(hour=4, minute=20),
    TaskName.RESTATE_QUARTER: crontab(hour=4, minute=40, day_of_month=5, month_of_year="1,4,7,10"),
}

# A demonstration alone: where none is, nothing asks for it. Soon after midnight, and when it starts again.
DEMONSTRATION_TIMES = {TaskName.LIVE_DEMONSTRATION: 600.0}

BEAT_SCHEDULE = {str(name): {"task": str(name), "schedule": when} for name, when in TIMES.items()}
DEMONSTRATION_SCHEDULE = {
    str(name): {"task": str(name), "schedule": when} for name, when in DEMONSTRATION_TIMES.items()
}
