"""Who may call what: written by hand, apart from the code, so that a slip on either side is seen.

PUBLIC, SIGNED_IN or the roles; a URL missing here fails the build.
"""

from cep_portal.accounts.enums import Role
from cep_portal.common.access import PUBLIC, SIGNED_IN, TOKEN

BENEFICIARY = {Role.BENEFICIARY}
ADVISER = {Role.ADVISER}
INTAKE = {Role.INTAKE_OFFICER}
MANAGER = {Role.OPERATOR_MANAGER}
PARTNER = {Role.PARTNER}
CONTRACTS = {Role.CONTRACT_MANAGER}
DECIDER = {Role.DECIDER}
COMMITTEE = {Role.COMMITTEE_MEMBER}
ADMINISTRATOR = {Role.ADMINISTRATOR}
STEERING = {Role.ANALYST, Role.CONTRACT_MANAGER, Role.BUYER, Role.DECIDER}
NATIONAL = STEERING | ADMINISTRATOR
AGENTS = set(Role.agents)

MATRIX = {
    # the person's road
    "beneficiaries:home": PUBLIC,
    "beneficiaries:start": PUBLIC,
    "beneficiaries:triage_door": PUBLIC,
    "beneficiaries:triage_note": PUBLIC,
    "beneficiaries:triage_commune": PUBLIC,
    "beneficiaries:triage_need": PUBLIC,
    "beneficiaries:triage_check": PUBLIC,
    "beneficiaries:request_find": PUBLIC,
    "beneficiaries:request": PUBLIC,
    "beneficiaries:request_contact": PUBLIC,
    "beneficiaries:request_code": PUBLIC,
    "beneficiaries:request_prove": PUBLIC,
    "beneficiaries:attestation": PUBLIC,  # the holder's session, else the contact page
    "beneficiaries:space": BENEFICIARY,
    "beneficiaries:complaint_write": PUBLIC,
    "beneficiaries:complaint_find": PUBLIC,
    "beneficiaries:complaint_status": PUBLIC,  # dates only
    "beneficiaries:complaint_follow": PUBLIC,  # a signed link
    "beneficiaries:complaint_list": MANAGER,
    "beneficiaries:complaint_detail": MANAGER,
    "beneficiaries:complaint_counts": NATIONAL,
    "beneficiaries:space_page": BENEFICIARY,
    "beneficiaries:preferences": BENEFICIARY,
    "beneficiaries:openings": BENEFICIARY,
    "beneficiaries:my_data": BENEFICIARY,
    "beneficiaries:rectify": BENEFICIARY,
    "beneficiaries:email_change": BENEFICIARY,
    "beneficiaries:email_code": BENEFICIARY,
    "beneficiaries:export_ask": BENEFICIARY,
    "beneficiaries:export": BENEFICIARY,
    "beneficiaries:export_status": BENEFICIARY,
    "beneficiaries:export_download": BENEFICIARY,
    "beneficiaries:restrict": BENEFICIARY,
    "beneficiaries:erase": BENEFICIARY,
    "beneficiaries:erase_code": BENEFICIARY,
    "beneficiaries:erased": PUBLIC,  # says that it is done, to whom it was done
    "beneficiaries:file_keep": PUBLIC,  # a signed link
    "operators:slot_list": PUBLIC,
    "operators:booking": PUBLIC,
    "operators:booking_code": PUBLIC,
    "operators:appointment": PUBLIC,  # a signed link
    "operators:appointment_booked": PUBLIC,
    "operators:appointment_calendar": PUBLIC,
    "operators:appointment_cancel": PUBLIC,
    "operators:appointment_move": PUBLIC,
    "operators:nothing_fits": PUBLIC,
    "operators:nothing_fits_give_up": PUBLIC,  # POST, for the browser that proved itself
    "operators:waiting_contact": PUBLIC,
    "operators:waiting_code": PUBLIC,
    "operators:earlier": PUBLIC,  # the appointment's signed link
    "operators:offer": PUBLIC,  # a signed link
    "operators:appointment_restore": PUBLIC,
    "operators:appointment_mode": PUBLIC,
    "operators:replacement": PUBLIC,
    "operators:calendar_feed": PUBLIC,  # an unguessable address, for a calendar program
    "operators:group_list": PUBLIC,
    "operators:group_choose": PUBLIC,
    "operators:group_join": PUBLIC,
    "operators:group_code": PUBLIC,
    "operators:group_place": PUBLIC,  # a signed link
    "operators:group_place_calendar": PUBLIC,
    "operators:site_list": PUBLIC,
    "operators:site_detail": PUBLIC,
    "reporting:survey": PUBLIC,  # a signed link
    "documents:check": PUBLIC,
    "territories:commune_search": PUBLIC,
    "operators:contact_confirm": PUBLIC,
    "operators:partner_withdraw": PUBLIC,
    "operators:partner_home": PUBLIC,
    # a partner, with the person beside
    "operators:partner_list": PARTNER,
    "operators:partner_start": PARTNER,
    "operators:partner_slots": PARTNER,
    "operators:partner_contact": PARTNER,
    "operators:partner_code": PARTNER,
    # the operator's desk
    "operators:today": ADVISER,
    "operators:session_log": ADVISER,
    "operators:unplanned_start": ADVISER,
    "operators:newcomer": ADVISER,
    "operators:unplanned_session": ADVISER,
    "operators:pathway_list": ADVISER,
    "operators:pathway_detail": ADVISER,
    "operators:pathway_close": ADVISER,
    "operators:plan": ADVISER,
    "operators:plan_targets": ADVISER,
    "operators:plan_target_remove": ADVISER,
    "operators:plan_objective": ADVISER,
    "operators:plan_objective_shift": ADVISER,
    "operators:plan_objective_remove": ADVISER,
    "operators:plan_action": ADVISER,
    "operators:plan_action_state": ADVISER,
    "operators:plan_action_shift": ADVISER,
    "operators:ready_action_list": MANAGER,
    "operators:ready_action_withdraw": MANAGER,
    "operators:own_action": BENEFICIARY,
    "operators:own_action_state": BENEFICIARY,
    "operators:opening_list": ADVISER,
    "operators:opening_add": ADVISER,
    "operators:opening_end": ADVISER,
    "operators:opening_day_list": ADVISER,
    "operators:opening_day_change": ADVISER,
    "operators:opening_day_restore": ADVISER,
    "operators:recurring_absence_add": ADVISER,
    "operators:recurring_absence_remove": ADVISER,
    "operators:site_add": MANAGER,
    "operators:site_change": MANAGER,
    "operators:site_close": MANAGER,
    "operators:closure_list": MANAGER,
    "operators:closure_remove": MANAGER,
    "operators:adviser_capacity": MANAGER,
    "operators:adviser_invite": MANAGER,
    "operators:adviser_invite_again": MANAGER,
    "operators:adviser_move": MANAGER,
    "operators:adviser_suspend": MANAGER,
    "operators:adviser_resume": MANAGER,
    "operators:absence_list": ADVISER,
    "operators:absence_remove": ADVISER,
    "operators:absence_replace": ADVISER | MANAGER,
    "operators:replacement_list": ADVISER | INTAKE | MANAGER,
    "operators:replacement_settle": ADVISER | INTAKE | MANAGER,
    "operators:feed_manage": ADVISER,
    "operators:request_list": INTAKE | ADVISER,
    "operators:call_start": INTAKE | ADVISER,
    "operators:call_slots": INTAKE | ADVISER,
    "operators:call_book": INTAKE | ADVISER,
    "operators:call_booked": INTAKE | ADVISER,
    "operators:caller_search": INTAKE | ADVISER,
    "operators:caller_detail": INTAKE | ADVISER,
    "operators:caller_move": INTAKE | ADVISER,
    "operators:caller_cancel": INTAKE | ADVISER,
    "operators:next_appointment": ADVISER,
    "operators:call_back_list": ADVISER | INTAKE | MANAGER,
    "operators:call_back_note": INTAKE,
    "operators:waiting_list": ADVISER | INTAKE | MANAGER,
    "operators:unmet_demand": MANAGER,
    "operators:note_list": ADVISER,
    "operators:note_add": ADVISER,
    "operators:note_correct": ADVISER,
    "operators:note_release": ADVISER,
    "operators:note_ask": BENEFICIARY,
    "operators:team": MANAGER,
    "operators:capacity": MANAGER,
    "operators:opening_request_close": MANAGER,
    "operators:lot_supply": NATIONAL,
    "operators:group_desk": ADVISER | MANAGER,
    "operators:group_add": ADVISER | MANAGER,
    "operators:group_detail": ADVISER | MANAGER,
    "operators:group_cancel": ADVISER | MANAGER,
    "reporting:lot": MANAGER,
    "procurement:own_commitments": MANAGER,
    "procurement:own_penalty_list": MANAGER,
    "procurement:own_penalty": MANAGER,
    "procurement:own_penalty_letter": MANAGER,
    # an operator's own software: a bearer token, never a session
    "operators:api_schema": PUBLIC,
    "operators:api_token": TOKEN,
    "operators:api_sites": TOKEN,
    "operators:api_slots": TOKEN,
    "operators:api_appointments": TOKEN,
    "operators:api_appointment": TOKEN,
    "operators:api_move": TOKEN,
    "operators:api_cancel": TOKEN,
    "operators:integration_list": MANAGER,
    "operators:integration_revoke": MANAGER,
    # France compétences
    "procurement:market_list": NATIONAL,
    "procurement:lot_detail": NATIONAL,
    "procurement:contract_list": NATIONAL,
    "procurement:contract_export": NATIONAL,
    "procurement:contract_detail": NATIONAL,
    "operators:coverage": NATIONAL | ADVISER | INTAKE | MANAGER,
    "procurement:commitment_list": STEERING,
    "procurement:commitment_add": CONTRACTS,
    "procurement:commitment_supersede": CONTRACTS,
    "procurement:penalty_list": STEERING,
    "procurement:penalty_export": STEERING,
    "procurement:penalty_detail": STEERING,
    "procurement:penalty_letter": STEERING,
    "procurement:penalty_notify": CONTRACTS,
    "procurement:penalty_drop": CONTRACTS,
    "procurement:penalty_decide": DECIDER,
    "procurement:to_decide": DECIDER,
    "reporting:assessments": STEERING,
    "reporting:assessment_start": CONTRACTS,
    "reporting:national": NATIONAL,
    "reporting:national_csv": NATIONAL,
    "reporting:indicator": AGENTS,
    # the regions
    "reporting:region": NATIONAL | COMMITTEE,
    "reporting:region_csv": NATIONAL | COMMITTEE,
    "reporting:region_packs": NATIONAL | COMMITTEE,
    "reporting:pack_ask": NATIONAL | COMMITTEE,
    "reporting:pack": NATIONAL | COMMITTEE,
    "reporting:pack_status": NATIONAL | COMMITTEE,
    "reporting:pack_download": NATIONAL | COMMITTEE,
    "reporting:committee": COMMITTEE,
    # the house
    "desk": SIGNED_IN,
    "account_closed": SIGNED_IN,  # leads to the desk
    "sessions": SIGNED_IN,
    "accounts:switch": SIGNED_IN,
    "accounts:mandate_list": ADMINISTRATOR,
    "accounts:mandate_end": ADMINISTRATOR,
    "messaging:message_list": AGENTS,  # the administrator's alone outside the demonstration
    "messaging:message_detail": AGENTS,
    "messaging:delivery_days": AGENTS,
    "messaging:message_attachment": AGENTS,
    "messaging:outbox_health": PUBLIC,  # one word for a probe
    "messaging:sms_delivery": PUBLIC,  # a signed call
    "messaging:email_delivery": PUBLIC,  # checked by anymail; 404 without a provider
    "messaging:demonstration_list": PUBLIC,  # 404 outside the demonstration
    "messaging:demonstration_detail": PUBLIC,
    "messaging:demonstration_attachment": PUBLIC,
    "common:accessibility": PUBLIC,
    "common:legal_notice": PUBLIC,
    "common:privacy": PUBLIC,
    "common:terms": PUBLIC,
    "common:sitemap": PUBLIC,
    "common:help": PUBLIC,
    "common:contact": PUBLIC,
    "common:security_txt": PUBLIC,  # 404 until a contact is configured
    "common:components": PUBLIC,  # 404 in service
    "common:components_wait": PUBLIC,
    "health": PUBLIC,
}
