"""Two operators in two regions, each with one of everything: what is own here is foreign there."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from beneficiaries.complaints import links as complaint_links
from beneficiaries.request.services import send_contact_code
from beneficiaries.rights import links as rights_links
from beneficiaries.rights.models import DataExport
from beneficiaries.rights.services import ask_email_change, ask_erasure
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.documents.services import issue_document
from cep_portal.messaging.models import Message
from cep_portal.messaging.services import Attachment, enqueue_message
from operators.booking.agenda import links as appointment_links
from operators.booking.agenda.services import renew_calendar_feed
from operators.booking.demand import links as offer_links
from operators.booking.groups import links as group_links
from operators.casework.pathways.models import Pathway
from operators.casework.referrals import links as referral_links
from operators.moving.transfers import links as transfer_links
from operators.moving.transfers.services import send_proof
from procurement.followup.services import notify_penalty
from reporting.kpis.services import compute_indicators
from reporting.packs.models import RegionalPack
from reporting.surveys import links as survey_links
from tests.factories.accounts import MandateFactory, UserFactory
from tests.factories.attachments import clean_attachment
from tests.factories.beneficiaries import BeneficiaryFactory, ComplaintFactory, ServiceRequestFactory
from tests.factories.closings import closing_kwargs
from tests.factories.deliveries import DataDeliveryFactory
from tests.factories.demand import CallBackFactory, SlotOfferFactory
from tests.factories.duplicates import merged, twins
from tests.factories.extracts import ready_extract
from tests.factories.groups import GroupPlaceFactory, GroupSessionFactory
from tests.factories.notes import NoteFactory, NoteRequestFactory
from tests.factories.operators import (
    AbsenceFactory,
    AdviserFactory,
    ApiClientFactory,
    AppointmentFactory,
    CounsellingSessionFactory,
    OpeningExceptionFactory,
    OpeningRuleFactory,
    PathwayFactory,
    RecurringAbsenceFactory,
    ReplacementFactory,
    SessionCorrectionFactory,
    SiteClosureFactory,
    SiteFactory,
)
from tests.factories.plans import (
    ActionFactory,
    ObjectiveFactory,
    ReadyActionFactory,
    TargetOccupationFactory,
)
from tests.factories.procurement import (
    CommitmentFactory,
    CommitmentVersionFactory,
    ContractFactory,
    LotFactory,
    PenaltyFactory,
    RuleSetFactory,
)
from tests.factories.referrals import ReferralDoorFactory, ReferralFactory
from tests.factories.reporting import SurveyFactory
from tests.factories.situations import RectificationFactory, SituationFactory
from tests.factories.summaries import SummaryFactory, SummaryShareFactory
from tests.factories.supervision import OpeningRequestFactory
from tests.factories.territories import CommuneFactory, EmployedPopulationFactory, RegionFactory
from tests.factories.transfers import prepared, sent
from tests.factories.webhooks import WebhookMessageFactory

RULES = {"hearing": {"days": 15, "from": "received", "roll": "next_working_day", "ref": "14.1.1"}}


@dataclass
class Side:
    """One operator: the people by role and the keyword arguments of each URL that needs some."""

    people: dict[str, User]
    kwargs: dict[str, dict] = field(default_factory=dict)


def plan_kwargs(adviser, person) -> dict[str, dict]:
    """The plan of the person whose space is walked, and an action of the operator's own list."""
    target = TargetOccupationFactory(plan__pathway=PathwayFactory(adviser=adviser, beneficiary=person))
    plan = target.plan
    objective = {"uuid": ObjectiveFactory(plan=plan).uuid}
    action = {"uuid": ActionFactory(objective__plan=plan).uuid}
    ready = ReadyActionFactory(code=None, organisation=adviser.site.contract.holder)
    return {
        "operators:plan": {"uuid": plan.pathway.uuid},
        "operators:plan_targets": {"uuid": plan.pathway.uuid},
        "operators:plan_target_remove": {"uuid": target.uuid},
        "operators:plan_objective": objective,
        "operators:plan_objective_shift": objective,
        "operators:plan_objective_remove": objective,
        "operators:plan_action": action,
        "operators:plan_action_state": action,
        "operators:plan_action_shift": action,
        "operators:ready_action_withdraw": {"uuid": ready.uuid},
        "operators:own_action": action,
        "operators:own_action_state": action,
    }


def summary_kwargs(adviser, person) -> dict[str, dict]:
    """An accepted summary of the person whose space is walked, and a link the person gave."""
    pathway = Pathway.objects.get(beneficiary=person)
    token = str(adviser.uuid)
    share = SummaryShareFactory(summary=SummaryFactory(accepted=True, pathway=pathway), token=token)
    one, whole = {"uuid": share.summary.uuid}, {"uuid": pathway.uuid}
    return {
        "operators:summary": whole,
        "operators:summary_start": whole,
        "operators:summary_propose": one,
        "operators:summary_withdraw": one,
        "operators:summary_file": one,
        "operators:own_summary": one,
        "operators:own_summary_accept": one,
        "operators:own_summary_file": one,
        "operators:own_summary_share": one,
        "operators:own_share_revoke": {"uuid": share.uuid},
        "operators:shared_summary": {"token": token},
    }


def build_side(*, region, commune, national: dict[str, User]) -> Side:
    now = datetime.now(UTC)
    lot = LotFactory(regions=[region], market__rule_set=RuleSetFactory(params=RULES))
    contract = ContractFactory(lot=lot)
    EmployedPopulationFactory(region=region)
    site = SiteFactory(contract=contract, commune=commune)
    adviser = AdviserFactory(site=site)
    holder = {"role__organisation": contract.holder}
    people = {
        **national,
        Role.ADVISER: adviser.user,
        Role.INTAKE_OFFICER: UserFactory(role=Role.INTAKE_OFFICER, **holder),
        Role.OPERATOR_MANAGER: UserFactory(role=Role.OPERATOR_MANAGER, **holder),
        Role.PARTNER: UserFactory(role=Role.PARTNER),
        Role.COMMITTEE_MEMBER: UserFactory(role=Role.COMMITTEE_MEMBER, role__region=region),
        Role.BENEFICIARY: UserFactory(role=Role.BENEFICIARY),
    }
    person = BeneficiaryFactory(user=people[Role.BENEFICIARY])
    asked = ServiceRequestFactory(contract=contract, commune=commune)
    code = send_contact_code(
        service_request=asked, first_name="A", last_name="B", email="a@exemple.example", phone="", now=now
    )
    past = now - timedelta(days=3)
    booked = AppointmentFactory(adviser=adviser, starts_at=past, beneficiary=person, booked_at=past)
    hold = AppointmentFactory(
        adviser=adviser, starts_at=now + timedelta(days=5), on_hold=True, service_request=asked
    )
    caller = BeneficiaryFactory()
    called = AppointmentFactory(
        adviser=adviser,
        starts_at=now + timedelta(days=6),
        beneficiary=caller,
        service_request=ServiceRequestFactory(contract=contract, commune=commune, beneficiary=caller),
    )
    pathway = PathwayFactory(adviser=adviser)
    CounsellingSessionFactory(pathway=pathway)
    OpeningRuleFactory(adviser=adviser)
    survey = SurveyFactory(pathway=pathway)
    version = CommitmentVersionFactory(commitment=CommitmentFactory(contract=contract))
    penalty = notify_penalty(
        penalty=PenaltyFactory(version=version), by=people[Role.CONTRACT_MANAGER], now=now
    )
    document = issue_document(
        kind="regional_pack", title="Dossier", file_name="dossier.pdf", content=b"%PDF-1.7", now=now
    )
    pack = RegionalPack.objects.create(
        region=region, month=date(2026, 9, 1), asked_at=now, document=document, run=compute_run(now)
    )
    mandate = MandateFactory(role=Role.ANALYST)
    message = enqueue_message(
        key=f"access:{region.code}",
        recipient="a@exemple.example",
        subject="Votre rendez-vous",
        body="…",
        now=now,
        attachment=Attachment("rendez-vous.ics", "text/calendar", "BEGIN:VCALENDAR"),
    )
    complaint = ComplaintFactory(contract=contract)
    export = DataExport.objects.create(beneficiary=person, asked_at=now)
    moving = ask_email_change(beneficiary=person, email="neuve@exemple.example", now=now)
    erasing = ask_erasure(beneficiary=person, now=now)
    signed = {"signed": appointment_links.sign(booked.uuid)}
    meeting = GroupSessionFactory(adviser=adviser, starts_at=now + timedelta(days=40))
    joined_place = GroupPlaceFactory(session=meeting)
    place = {"signed": group_links.sign(joined_place.uuid)}
    joined = {"reference": asked.reference, "uuid": meeting.uuid}
    letter = {"uuid": penalty.uuid, "letter": "invitation"}
    return Side(
        people,
        {
            "beneficiaries:request": {"reference": asked.reference},
            "beneficiaries:request_contact": {"reference": asked.reference},
            "beneficiaries:request_code": {"reference": asked.reference, "uuid": code.uuid},
            "beneficiaries:request_prove": {"reference": asked.reference},
            "beneficiaries:attestation": {"reference": asked.reference},
            "beneficiaries:complaint_status": {"reference": complaint.reference},
            "beneficiaries:complaint_follow": {"signed": complaint_links.sign(complaint.uuid)},
            "beneficiaries:complaint_detail": {"uuid": complaint.uuid},
            "beneficiaries:complaint_told": {"uuid": complaint.uuid},
            "beneficiaries:complaint_contest": {"uuid": complaint.uuid},
            "beneficiaries:complaint_letter": {"uuid": complaint.uuid},
            "beneficiaries:space_page": {"slug": "rendez-vous"},
            "beneficiaries:email_code": {"uuid": moving.uuid},
            "beneficiaries:erase_code": {"uuid": erasing.uuid},
            **{
                f"beneficiaries:{page}": {"uuid": export.uuid}
                for page in ("export", "export_status", "export_download")
            },
            "beneficiaries:file_keep": {"signed": rights_links.sign(person.uuid)},
            "operators:slot_list": {"reference": asked.reference},
            "operators:booking": {"uuid": hold.uuid},
            "operators:hold_release": {"uuid": hold.uuid},
            "operators:booking_code": {"uuid": hold.uuid, "code": code.uuid},
            "operators:appointment": signed,
            "operators:appointment_booked": signed,
            "operators:appointment_calendar": signed,
            "operators:appointment_cancel": signed,
            "operators:appointment_move": signed,
            "operators:call_slots": {"reference": asked.reference},
            "operators:request_follow": {"reference": asked.reference},
            "operators:call_book": {"uuid": hold.uuid},
            "operators:call_booked": {"uuid": called.uuid},
            "operators:caller_detail": {"uuid": caller.uuid},
            "operators:next_appointment": {"uuid": caller.uuid},
            "operators:caller_move": {"uuid": called.uuid},
            "operators:caller_cancel": {"uuid": called.uuid},
            "operators:appointment_level": {"uuid": called.uuid},
            "operators:partner_slots": {"reference": asked.reference},
            "operators:partner_contact": {"uuid": hold.uuid},
            "operators:partner_code": {"uuid": hold.uuid, "code": code.uuid},
            "operators:partner_withdraw": signed,
            "operators:partner_share": signed,
            "operators:contact_confirm": signed,
            **demand_kwargs(site=site, asked=asked, code=code, booked=booked),
            "operators:appointment_restore": signed,
            "operators:appointment_mode": signed,
            "operators:replacement": signed,
            "operators:calendar_feed": {
                "secret": renew_calendar_feed(adviser=adviser, by=adviser.user, now=now)
            },
            "operators:replacement_settle": {"uuid": ReplacementFactory(appointment=booked).uuid},
            **{
                f"operators:api_{act}": {"uuid": called.uuid}
                for act in ("appointment", "move", "level", "cancel")
            },
            "operators:api_family": {"family": "rendez-vous"},
            "operators:api_request": {"reference": asked.reference},
            "operators:api_pathway": {"uuid": pathway.uuid},
            "operators:api_session": {"uuid": pathway.uuid},  # asked without a token: never read
            "operators:api_session_correction": {"uuid": pathway.uuid},
            "operators:integration_revoke": {"uuid": ApiClientFactory(organisation=contract.holder).uuid},
            "operators:site_detail": {"slug": site.slug},
            "operators:opening_request_close": {"uuid": OpeningRequestFactory(site=site).uuid},
            "operators:group_choose": {"reference": asked.reference},
            "operators:group_join": joined,
            "operators:group_code": {**joined, "code": code.uuid},
            "operators:group_place": place,
            "operators:group_place_calendar": place,
            "operators:group_detail": {"uuid": meeting.uuid},
            "operators:group_cancel": {"uuid": meeting.uuid},
            "operators:group_reached": {"uuid": joined_place.uuid},
            "operators:absence_remove": {"uuid": AbsenceFactory(adviser=adviser).uuid},
            "operators:opening_day_restore": {"uuid": OpeningExceptionFactory(rule__adviser=adviser).uuid},
            "operators:recurring_absence_remove": {"uuid": RecurringAbsenceFactory(adviser=adviser).uuid},
            "operators:closure_list": {"slug": site.slug},
            "operators:closure_remove": {"slug": site.slug, "uuid": SiteClosureFactory(site=site).uuid},
            **{
                f"operators:adviser_{act}": {"uuid": adviser.uuid}
                for act in ("capacity", "invite_again", "move", "suspend", "resume")
            },
            **{f"operators:site_{act}": {"slug": site.slug} for act in ("change", "close")},
            "operators:session_log": {"uuid": booked.uuid},
            "operators:no_show": {"uuid": booked.uuid},
            "operators:no_show_undo": {"uuid": booked.uuid},
            "operators:unplanned_session": {"uuid": pathway.beneficiary.uuid},
            "operators:pathway_hand_over": {"uuid": pathway.uuid},
            "operators:pathway_take_back": {"uuid": pathway.uuid},
            "operators:portfolio_hand_over": {"uuid": adviser.uuid},
            "operators:pathway_detail": {"uuid": pathway.uuid},
            "operators:pathway_close": {"uuid": pathway.uuid},
            "operators:session_correct": session_kwargs(pathway),
            "operators:correction_undo": session_kwargs(pathway),
            "operators:file_reason": {"uuid": pathway.uuid},
            **note_kwargs(pathway),
            **situation_kwargs(pathway),
            **duplicate_kwargs(adviser),
            **delivery_kwargs(contract.holder),
            **extract_kwargs(people, now),
            **webhook_kwargs(contract.holder),
            **plan_kwargs(adviser, person),
            **attachment_kwargs(pathway, person),
            **summary_kwargs(adviser, person),
            **referral_kwargs(pathway=pathway, person=person, holder=contract.holder),
            **transfer_kwargs(pathway=pathway, person=person, commune=commune),
            "procurement:lot_detail": {"uuid": lot.uuid},
            "procurement:contract_detail": {"uuid": contract.uuid},
            "procurement:commitment_list": {"uuid": contract.uuid},
            "procurement:commitment_add": {"uuid": contract.uuid},
            "procurement:commitment_supersede": {"uuid": version.commitment.uuid},
            "procurement:penalty_detail": {"uuid": penalty.uuid},
            "procurement:penalty_notify": {"uuid": penalty.uuid},
            "procurement:penalty_drop": {"uuid": penalty.uuid},
            "procurement:penalty_decide": {"uuid": penalty.uuid},
            "procurement:penalty_letter": letter,
            "procurement:own_penalty": {"uuid": penalty.uuid},
            "procurement:own_penalty_letter": letter,
            **closing_kwargs(contract),
            "reporting:region": {"code": region.code},
            "reporting:region_csv": {"code": region.code},
            "reporting:region_packs": {"code": region.code},
            "reporting:pack_ask": {"code": region.code},
            "reporting:pack": {"uuid": pack.uuid},
            "reporting:pack_status": {"uuid": pack.uuid},
            "reporting:pack_download": {"uuid": pack.uuid},
            "reporting:indicator": {"code": "entries"},
            "reporting:survey": {"signed": survey_links.sign(survey.uuid)},
            "messaging:message_detail": {"uuid": message.uuid},
            "messaging:demonstration_detail": {"uuid": message.uuid},
            "messaging:demonstration_attachment": {"uuid": message.uuid},
            "messaging:sms_delivery": {"carrier": "sms"},
            "accounts:mandate_end": {"uuid": mandate.uuid},
        },
    )


def duplicate_kwargs(adviser) -> dict[str, dict]:
    """Two files that resemble each other, and two others made one."""
    first, second = twins(adviser)
    merge = {"uuid": merged(adviser).uuid}
    pair = {"uuid": first.uuid, "other": second.uuid}
    return {
        "operators:pair_compare": pair,
        "operators:pair_apart": pair,
        "operators:merge_detail": merge,
        "operators:merge_undo": merge,
    }


def session_kwargs(pathway) -> dict:
    """A session of the pathway walked, corrected since."""
    return {"uuid": SessionCorrectionFactory(session__pathway=pathway).session.uuid}


def delivery_kwargs(organisation) -> dict[str, dict]:
    sent = DataDeliveryFactory(organisation=organisation)
    return {
        "operators:delivery_detail": {"uuid": sent.uuid},
        "operators:delivery_status": {"uuid": sent.uuid},
        "operators:delivery_send": {"uuid": sent.uuid},
        "operators:delivery_refused": {"uuid": sent.uuid, "ending": "csv"},
        "operators:delivery_model": {"ending": "csv"},
        "operators:api_delivery": {"uuid": sent.uuid},
        "operators:api_delivery_refused": {"uuid": sent.uuid},
    }


def extract_kwargs(people, now) -> dict[str, dict]:
    ready = ready_extract(
        asked_by=people[Role.OPERATOR_MANAGER], judged_by=people[Role.CONTRACT_MANAGER], now=now
    )
    acts = ("detail", "status", "cancel", "download")
    return {f"operators:extract_{act}": {"uuid": ready.uuid} for act in acts}


def webhook_kwargs(organisation) -> dict[str, dict]:
    lost = WebhookMessageFactory(subscription__organisation=organisation, given_up=True)
    acts = ("detail", "change", "secret", "test", "suspend", "resume", "end", "replay_all")
    of_one = {"uuid": lost.subscription.uuid}
    return {
        **{f"operators:webhook_{act}": of_one for act in acts},
        "operators:webhook_replay": {**of_one, "event": lost.event},
    }


def attachment_kwargs(pathway, person) -> dict[str, dict]:
    own = clean_attachment(pathway=person.pathways.get())
    kept = {"uuid": clean_attachment(pathway=pathway).uuid}
    return {
        "operators:attachment_list": {"uuid": pathway.uuid},
        "operators:attachment": kept,
        "operators:attachment_remove": kept,
        "operators:own_attachment": {"uuid": own.uuid},
        "operators:own_attachment_remove": {"uuid": own.uuid},
    }


def note_kwargs(pathway) -> dict[str, dict]:
    note, asked = NoteFactory(pathway=pathway), NoteRequestFactory(pathway=pathway)
    return {
        "operators:note_list": {"uuid": pathway.uuid},
        "operators:note_add": {"uuid": pathway.uuid},
        "operators:note_correct": {"uuid": note.uuid},
        "operators:note_release": {"uuid": asked.uuid},
    }


def situation_kwargs(pathway) -> dict[str, dict]:
    written = SituationFactory(pathway=pathway)
    return {
        "operators:situation_list": {"uuid": pathway.uuid},
        "operators:situation_change": {"uuid": pathway.uuid},
        "operators:situation_correct": {"uuid": written.uuid},
        "operators:situation_withdraw": {"uuid": written.uuid},
        "operators:rectification_answer": {"uuid": RectificationFactory(pathway=pathway).uuid},
    }


def referral_kwargs(*, pathway, person, holder) -> dict[str, dict]:
    own = ReferralDoorFactory(organisation=holder)
    sent = ReferralFactory(pathway=Pathway.objects.get(beneficiary=person), door=own)
    uuid = {"uuid": sent.uuid}
    return {
        "operators:referral_choose": {"uuid": pathway.uuid},
        "operators:referral_add": {"uuid": pathway.uuid, "door": own.uuid},
        "operators:referral_detail": uuid,
        "operators:referral_take_back": uuid,
        "operators:referral_withdraw": uuid,
        "operators:referral_answer": {"signed": referral_links.sign(sent.uuid)},
        "operators:door_change": {"uuid": own.uuid},
    }


def transfer_kwargs(*, pathway, person, commune) -> dict[str, dict]:
    """One that leaves for a third operator, and one that comes from a fourth."""
    ContractFactory(lot__regions=[RegionFactory(reunion=True)])
    own = prepared(pathway=Pathway.objects.get(beneficiary=person), commune=CommuneFactory(reunion=True))
    signed = transfer_links.sign(own.uuid)
    code = send_proof(transfer=own, now=datetime.now(UTC))
    leaving = ("detail", "send", "withdraw")
    coming = {"uuid": sent(commune=commune).uuid}
    return {
        "operators:transfer_prepare": {"uuid": pathway.uuid},
        **{f"operators:transfer_{act}": {"uuid": own.uuid} for act in leaving},
        **{f"operators:transfer_{act}": coming for act in ("receive", "refuse")},
        "operators:own_transfer": {"uuid": own.uuid},
        "operators:own_transfer_withdraw": {"uuid": own.uuid},
        "operators:transfer_code": {"signed": signed, "uuid": code.uuid},
        **{f"operators:transfer_{act}": {"signed": signed} for act in ("link", "answer", "take_back")},
    }


def demand_kwargs(*, site, asked, code, booked) -> dict[str, dict]:
    reference = {"reference": asked.reference}
    offer = SlotOfferFactory(entry__site=site)
    return {
        "operators:nothing_fits": reference,
        "operators:nothing_fits_give_up": reference,
        "operators:waiting_contact": reference,
        "operators:waiting_code": {**reference, "code": code.uuid},
        "operators:earlier": {"signed": appointment_links.sign(booked.uuid)},
        "operators:offer": {"signed": offer_links.sign(offer.uuid)},
        "operators:call_back_note": (call_back := {"uuid": CallBackFactory(service_request=asked).uuid}),
        "operators:call_back_follow": call_back,
    }


def compute_run(now):
    return compute_indicators(known_at=now, now=now)


def build_both() -> tuple[Side, Side]:
    national = {role: UserFactory(role=role) for role in Role.of_france_competences}
    here = build_side(region=RegionFactory(), commune=CommuneFactory(), national=national)
    there = build_side(
        region=RegionFactory(grand_est=True), commune=CommuneFactory(strasbourg=True), national=national
    )
    # Nobody sends here: however long the walk takes, the probe of the outbox finds nothing late.
    later = timezone.now() + timedelta(hours=1)
    Message.objects.filter(state="DUE").update(due_at=later, expires_at=later + timedelta(days=1))
    return here, there
