"""The whole beat schedule, in git (ADR 0006). No task between 02:00 and 02:59: the clocks change then."""

from celery.schedules import crontab

BEAT_SCHEDULE = {
    "messaging.send_due_messages": {
        "task": "messaging.send_due_messages",
        "schedule": 15.0,
    },
    "messaging.forget_texts": {
        "task": "messaging.forget_texts",
        "schedule": crontab(hour=1, minute=40),
    },
    "messaging.check_morning": {
        "task": "messaging.check_morning",
        "schedule": crontab(hour=7, minute=30),
    },
    # Files added while the antivirus did not answer.
    "operators.scan_held": {
        "task": "operators.scan_held",
        "schedule": 300.0,
    },
    # A message leaves with its fact; this sends what is to be tried again.
    "operators.send_due_webhooks": {
        "task": "operators.send_due_webhooks",
        "schedule": 30.0,
    },
    "operators.forget_webhooks": {
        "task": "operators.forget_webhooks",
        "schedule": crontab(hour=1, minute=50),
    },
    "operators.expire_holds": {
        "task": "operators.expire_holds",
        "schedule": 60.0,
    },
    # Offers over, slots that freed since: a cancellation does it at once, a new opening within two minutes.
    "operators.pass_offers": {
        "task": "operators.pass_offers",
        "schedule": 120.0,
    },
    # Each hour: the sites where it is between 3 and 6, in their own zone, are measured once.
    "operators.measure_delays": {
        "task": "operators.measure_delays",
        "schedule": crontab(hour="0,1,3-23", minute=20),
    },
    "operators.count_missing_slots": {
        "task": "operators.count_missing_slots",
        "schedule": crontab(hour=5, minute=40),
    },
    "operators.follow_opening_requests": {
        "task": "operators.follow_opening_requests",
        "schedule": 600.0,
    },
    "operators.write_due_reminders": {
        "task": "operators.write_due_reminders",
        "schedule": crontab(minute="*/5", hour="0-1,3-23"),
    },
    "operators.write_group_reminders": {
        "task": "operators.write_group_reminders",
        "schedule": crontab(minute="2-59/5", hour="0-1,3-23"),
    },
    # Each hour: a pathway lent comes back on the first hour of the site's next day.
    "operators.return_handovers": {
        "task": "operators.return_handovers",
        "schedule": crontab(hour="0,1,3-23", minute=5),
    },
    "operators.expire_transfers": {
        "task": "operators.expire_transfers",
        "schedule": crontab(hour=1, minute=50),
    },
    "operators.find_duplicates": {
        "task": "operators.find_duplicates",
        "schedule": crontab(hour=4, minute=50),
    },
    "operators.forget_calls": {
        "task": "operators.forget_calls",
        "schedule": crontab(hour=1, minute=40),
    },
    "operators.forget_keys": {
        "task": "operators.forget_keys",
        "schedule": crontab(hour=1, minute=45),
    },
    "operators.close_unanswered": {
        "task": "operators.close_unanswered",
        "schedule": 300.0,
    },
    "operators.resume_deliveries": {
        "task": "operators.resume_deliveries",
        "schedule": 600.0,
    },
    "operators.raise_supply_alarms": {
        "task": "operators.raise_supply_alarms",
        "schedule": crontab(hour=6, minute=15),
    },
    "operators.forget_refused_lines": {
        "task": "operators.forget_refused_lines",
        "schedule": crontab(hour=1, minute=35),
    },
    # Granted files whose worker was lost.
    "operators.resume_extracts": {
        "task": "operators.resume_extracts",
        "schedule": 600.0,
    },
    # The link ends on the second; the file goes within ten minutes.
    "operators.destroy_extracts": {
        "task": "operators.destroy_extracts",
        "schedule": 600.0,
    },
    "operators.keep_link_failures": {
        "task": "operators.keep_link_failures",
        "schedule": crontab(hour=1, minute=45),
    },
    "beneficiaries.forget_codes": {
        "task": "beneficiaries.forget_codes",
        "schedule": crontab(hour=1, minute=10),
    },
    "accounts.clear_sessions": {
        "task": "accounts.clear_sessions",
        "schedule": crontab(hour=1, minute=20),
    },
    "beneficiaries.remind_managers": {
        "task": "beneficiaries.remind_managers",
        "schedule": crontab(hour=7, minute=10),
    },
    "beneficiaries.withdraw_exports": {
        "task": "beneficiaries.withdraw_exports",
        "schedule": crontab(minute=25, hour="0,1,3-23"),
    },
    "beneficiaries.purge_people": {
        "task": "beneficiaries.purge_people",
        "schedule": crontab(hour=1, minute=40),
    },
    "accounts.forget_journal": {
        "task": "accounts.forget_journal",
        "schedule": crontab(hour=1, minute=30),
    },
    "reporting.send_due_surveys": {
        "task": "reporting.send_due_surveys",
        "schedule": 300.0,
    },
    "reporting.compute_indicators": {
        "task": "reporting.compute_indicators",
        "schedule": crontab(hour=3, minute=10),
    },
    "procurement.mark_silent_penalties": {
        "task": "procurement.mark_silent_penalties",
        "schedule": crontab(hour=0, minute=20),
    },
    "reporting.assess_closed_month": {
        "task": "reporting.assess_closed_month",
        "schedule": crontab(hour=4, minute=10, day_of_month=1),
    },
}
