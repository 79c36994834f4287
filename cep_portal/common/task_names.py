"""Every task of the portal, by name: services ask for one by `later()`, the clock by the schedule."""

from enum import StrEnum


class TaskName(StrEnum):
    CLEAR_SESSIONS = "accounts.clear_sessions"
    FORGET_JOURNAL = "accounts.forget_journal"

    CHECK_MORNING = "messaging.check_morning"
    FORGET_TEXTS = "messaging.forget_texts"
    SEND_DUE_MESSAGES = "messaging.send_due_messages"
    SEND_MESSAGE = "messaging.send_message"

    MOVE_CLOCK = "training.move_clock"
    RESET_PLACE = "training.reset_place"

    LIVE_DEMONSTRATION = "demo.live_demonstration"

    MARK_SILENT_PENALTIES = "procurement.mark_silent_penalties"

    BUILD_EXPORT = "beneficiaries.build_export"
    FORGET_CODES = "beneficiaries.forget_codes"
    FORGET_SIGN_IN_CODES = "beneficiaries.forget_sign_in_codes"
    PURGE_PEOPLE = "beneficiaries.purge_people"
    REMIND_MANAGERS = "beneficiaries.remind_managers"
    WITHDRAW_EXPORTS = "beneficiaries.withdraw_exports"

    CLOSE_UNANSWERED = "operators.close_unanswered"
    COUNT_MISSING_SLOTS = "operators.count_missing_slots"
    DESTROY_EXTRACTS = "operators.destroy_extracts"
    EXPIRE_HOLDS = "operators.expire_holds"
    EXPIRE_TRANSFERS = "operators.expire_transfers"
    FIND_DUPLICATES = "operators.find_duplicates"
    FOLLOW_OPENING_REQUESTS = "operators.follow_opening_requests"
    FORGET_CALLS = "operators.forget_calls"
    FORGET_KEYS = "operators.forget_keys"
    FORGET_REFUSED_LINES = "operators.forget_refused_lines"
    FORGET_WEBHOOKS = "operators.forget_webhooks"
    KEEP_LINK_FAILURES = "operators.keep_link_failures"
    MAKE_EXTRACT = "operators.make_extract"
    MEASURE_DELAYS = "operators.measure_delays"
    OFFER_FREE_SLOTS = "operators.offer_free_slots"
    PASS_OFFERS = "operators.pass_offers"
    RAISE_SUPPLY_ALARMS = "operators.raise_supply_alarms"
    RESUME_DELIVERIES = "operators.resume_deliveries"
    RESUME_EXTRACTS = "operators.resume_extracts"
    RETURN_HANDOVERS = "operators.return_handovers"
    SCAN_ATTACHMENT = "operators.scan_attachment"
    SCAN_HELD = "operators.scan_held"
    SEND_DUE_WEBHOOKS = "operators.send_due_webhooks"
    SEND_WEBHOOK = "operators.send_webhook"
    TAKE_DELIVERY = "operators.take_delivery"
    WRITE_DUE_REMINDERS = "operators.write_due_reminders"
    WRITE_GROUP_REMINDERS = "operators.write_group_reminders"

    ADVANCE_CLOSINGS = "reporting.advance_closings"
    BUILD_PACK = "reporting.build_pack"
    COMPUTE_INDICATORS = "reporting.compute_indicators"
    RESTATE_QUARTER = "reporting.restate_quarter"
    SEND_DUE_SURVEYS = "reporting.send_due_surveys"


# What a broker that was away lost is found again by a task of the schedule…
RESUMED_BY = {
    TaskName.SEND_MESSAGE: TaskName.SEND_DUE_MESSAGES,
    TaskName.OFFER_FREE_SLOTS: TaskName.PASS_OFFERS,
    TaskName.SCAN_ATTACHMENT: TaskName.SCAN_HELD,
    TaskName.TAKE_DELIVERY: TaskName.RESUME_DELIVERIES,
    TaskName.MAKE_EXTRACT: TaskName.RESUME_EXTRACTS,
    TaskName.SEND_WEBHOOK: TaskName.SEND_DUE_WEBHOOKS,
}
# … or asked again by the person who waits for it.
ASKED_AGAIN = {
    TaskName.BUILD_EXPORT: "the copy is said failed after ten minutes, its button comes back",
    TaskName.BUILD_PACK: "the pack is said failed after ten minutes, its button comes back",
    TaskName.MOVE_CLOCK: "the place stays on its way; `bin/manage reset_training` frees it",
    TaskName.RESET_PLACE: "the place opens again after ten minutes, its button comes back",
}
