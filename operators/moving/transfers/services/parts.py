"""The parts of an inventory that the rooms below give: what is read of each, and how it is put back."""

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime

from cep_portal.accounts.models import User
from cep_portal.common.days import local_day
from cep_portal.common.wording.dates import dated_day
from cep_portal.common.wording.numbers import plural
from cep_portal.common.wording.typography import NO_BREAK_SPACE
from cep_portal.documents.services import file_exists, read_document
from operators.casework.attachments.enums import AttachmentState
from operators.casework.attachments.models import Attachment
from operators.casework.attachments.services import content_of, copy_attachment
from operators.casework.notes.models import Note
from operators.casework.notes.services import copy_notes
from operators.casework.pathways.enums import Theme
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.casework.plans.enums import ActionState
from operators.casework.plans.models import ActionPlan, Objective
from operators.casework.plans.selectors import plan_of
from operators.casework.plans.services import take_over_plan
from operators.casework.situations import presenters as situation_lines
from operators.casework.situations.selectors import has_situation, situation_on
from operators.casework.situations.selectors.facts import Facts, facts_of
from operators.casework.situations.services import change_situation
from operators.casework.summaries import presenters as summary_lines
from operators.casework.summaries.enums import SummaryState
from operators.casework.summaries.models import SummaryDocument
from operators.moving.transfers.enums import ItemKind
from operators.moving.transfers.models import TransferItem

SEPARATOR = " · "
PDF = "application/pdf"


@dataclass(frozen=True)
class Draft:
    """One item as it is now: `lines` are what people read, `facts` what puts it back, in plain values."""

    title: str
    lines: tuple[str, ...]
    facts: dict
    attachment: Attachment | None = None
    summary: SummaryDocument | None = None

    @property
    def content(self) -> dict:
        return {"lines": list(self.lines), "facts": self.facts}


@dataclass(frozen=True)
class Part:
    """What is read of a kind in a pathway; `restore(*, item, pathway, by, now)` puts it back."""

    kind: ItemKind
    collect: Callable[[Pathway, datetime], list[Draft]]
    restore: Callable[..., object] | None = None


def situation(pathway: Pathway, now: datetime) -> list[Draft]:
    """What is true of the person today and since when, without its history."""
    today = local_day(now, pathway.adviser.site.zone)
    pathway_situation = situation_on(pathway=pathway, day=today)
    if pathway_situation is None:
        return []
    said = [
        f"{part['label']}{NO_BREAK_SPACE}: {part['value']}"
        for part in situation_lines.parts_of(pathway_situation)
    ]
    facts = {"starts_on": pathway_situation.starts_on.isoformat(), **asdict(facts_of(pathway_situation))}
    return [Draft(f"Situation, {situation_lines.in_a_title(pathway_situation)}", tuple(said), facts)]


def put_situation(*, item: TransferItem, pathway: Pathway, by: User, now: datetime) -> None:
    """Where the person is known already, what is written there stays."""
    facts = dict(item.content["facts"])
    starts_on = date.fromisoformat(facts.pop("starts_on"))
    if has_situation(pathway=pathway):
        return
    change_situation(
        pathway=pathway,
        starts_on=min(starts_on, local_day(now, pathway.adviser.site.zone)),
        facts=Facts(**{**facts, "reasons": tuple(facts["reasons"])}),
        by=by,
        now=now,
    )


def sessions(pathway: Pathway, _now: datetime) -> list[Draft]:
    """Dates, levels and themes of what was held: never what was said."""
    held = list(CounsellingSession.objects.filter(pathway=pathway).order_by("starts_at", "pk"))
    if not held:
        return []
    count = len(held)
    return [
        Draft(
            f"{count} séance{plural(count)} : jours, durées, thèmes",
            tuple(_session_line(session) for session in held),
            {"sessions": [_session_facts(session) for session in held]},
        )
    ]


def _session_line(session: CounsellingSession) -> str:
    themes = ", ".join(Theme(value).label for value in session.themes)
    parts = [
        dated_day(session.held_on),
        session.get_level_display(),
        session.get_mode_display(),
        f"{session.duration_minutes}{NO_BREAK_SPACE}minutes",
        themes,
    ]
    return SEPARATOR.join(part for part in parts if part)


def _session_facts(session: CounsellingSession) -> dict:
    return {
        "held_on": session.held_on.isoformat(),
        "level": session.level,
        "mode": session.mode,
        "duration_minutes": session.duration_minutes,
        "themes": list(session.themes),
    }


def plan(pathway: Pathway, _now: datetime) -> list[Draft]:
    """Occupations in view, objectives and actions but those given up; comments stay."""
    action_plan = plan_of(pathway=pathway)
    if action_plan is None:
        return []
    targets = [
        {"code": target.occupation_id or "", "title": target.title, "label": target.label}
        for target in action_plan.targets.all()
    ]
    objectives = [_objective(objective) for objective in action_plan.objectives.all()]
    if not targets and not objectives:
        return []
    return [
        Draft(
            "Plan d’action", tuple(_plan_lines(action_plan)), {"targets": targets, "objectives": objectives}
        )
    ]


def _kept_actions(objective: Objective) -> list:
    return [action for action in objective.actions.all() if action.state != ActionState.DROPPED]


def _objective(objective: Objective) -> dict:
    return {
        "title": objective.title,
        "actions": [
            {
                "title": action.title,
                "help_text": action.help_text,
                "actor": action.actor,
                "due_on": action.due_on.isoformat() if action.due_on else "",
                "is_done": action.state == ActionState.DONE,
            }
            for action in _kept_actions(objective)
        ],
    }


def _plan_lines(action_plan: ActionPlan) -> list[str]:
    lines = [f"Métier visé : {target.label}" for target in action_plan.targets.all()]
    for objective in action_plan.objectives.all():
        lines.append(f"Objectif : {objective.title}")
        for action in _kept_actions(objective):
            due = f"pour le {dated_day(action.due_on)}" if action.due_on else ""
            parts = [f"Action : {action.title}", action.get_actor_display(), due, action.get_state_display()]
            lines.append(SEPARATOR.join(part for part in parts if part))
    return lines


def put_plan(*, item: TransferItem, pathway: Pathway, by: User, now: datetime) -> None:
    facts = item.content["facts"]
    take_over_plan(pathway=pathway, targets=facts["targets"], objectives=facts["objectives"], by=by, now=now)


def summary(pathway: Pathway, _now: datetime) -> list[Draft]:
    """The version that the person accepted, its words and its file."""
    accepted = SummaryDocument.objects.filter(
        pathway=pathway, state=SummaryState.ACCEPTED, erased_at=None
    ).select_related("document", "pathway__adviser__site")
    summary_document = accepted.first()
    if summary_document is None or summary_document.document is None or summary_document.accepted_at is None:
        return []
    accepted_on = local_day(summary_document.accepted_at, summary_document.pathway.adviser.site.zone)
    lines = [f"Version {summary_document.version}, acceptée le {dated_day(accepted_on)}"]
    lines += [
        f"{heading['title']} : {heading['text']}" for heading in summary_lines.headings(summary_document)
    ]
    return [
        Draft(
            "Document de synthèse accepté",
            tuple(lines),
            {"sha256": summary_document.document.sha256, "file_name": summary_document.document.file_name},
            summary=summary_document,
        )
    ]


def put_summary(*, item: TransferItem, pathway: Pathway, by: User, now: datetime) -> None:
    """The very file, with its check code, among the files of the new pathway."""
    document = item.summary.document if item.summary else None
    if document is None or not file_exists(document):
        return
    copy_attachment(
        pathway=pathway,
        name=document.file_name,
        media_type=PDF,
        content=read_document(document),
        is_from_person=False,
        added_by=by,
        by=by,
        now=now,
    )


def files(pathway: Pathway, _now: datetime) -> list[Draft]:
    """Each clean file, by name, weight and digest."""
    clean = Attachment.objects.filter(pathway=pathway, state=AttachmentState.CLEAN)
    return [
        Draft(
            attachment.file_name,
            (f"{attachment.media_type}, {max(1, attachment.size_bytes // 1000)}{NO_BREAK_SPACE}ko",),
            {"sha256": attachment.sha256, "size_bytes": attachment.size_bytes},
            attachment=attachment,
        )
        for attachment in clean.order_by("added_at", "pk")
    ]


def put_file(*, item: TransferItem, pathway: Pathway, by: User, now: datetime) -> None:
    """A copy of its own, scanned again there; what was taken back meanwhile does not go."""
    former = item.attachment
    if former is None or not former.is_open:
        return
    copy_attachment(
        pathway=pathway,
        name=former.file_name,
        media_type=former.media_type,
        content=content_of(former),
        is_from_person=former.is_from_person,
        added_by=former.added_by,
        by=by,
        now=now,
    )


def notes(pathway: Pathway, _now: datetime) -> list[Draft]:
    """Who wrote when, never a word: the text goes sealed, and only if the person ticks it."""
    last = Note.objects.filter(
        pathway=pathway, erased_at__isnull=True, corrected_by__isnull=True, withheld__isnull=True
    ).select_related("author__user", "author__site")
    found = list(last.order_by("written_at", "pk"))
    if not found:
        return []
    count = len(found)
    return [
        Draft(
            f"{count} note{plural(count)} d’entretien, avec {'leur' if count > 1 else 'son'} texte",
            tuple(_note_line(note) for note in found),
            {"notes": [str(note.uuid) for note in found]},
        )
    ]


def _note_line(note: Note) -> str:
    day: date = local_day(note.written_at, note.author.site.zone)
    return f"Note du {dated_day(day)}, par {note.author.user.full_name}"


def put_notes(*, item: TransferItem, pathway: Pathway, by: User, now: datetime) -> None:
    copy_notes(notes=item.content["facts"]["notes"], pathway=pathway, by=by, now=now)


PARTS = (
    Part(ItemKind.SITUATION, situation, put_situation),
    Part(ItemKind.SESSIONS, sessions),
    Part(ItemKind.PLAN, plan, put_plan),
    Part(ItemKind.SUMMARY, summary, put_summary),
    Part(ItemKind.FILE, files, put_file),
    Part(ItemKind.NOTES, notes, put_notes),
)


def collect(*, pathway: Pathway, chosen: Collection[int] = (), now: datetime) -> list[tuple[ItemKind, Draft]]:
    """What a pathway has to pass on, in the order of PARTS; of the files, those chosen (by key)."""
    return [
        (part.kind, draft)
        for part in PARTS
        for draft in part.collect(pathway, now)
        if draft.attachment is None or draft.attachment.pk in chosen
    ]


def restore(*, item: TransferItem, pathway: Pathway, by: User, now: datetime) -> None:
    """Put an item agreed to in the pathway that goes on; one without a way back is only read."""
    for part in PARTS:
        if part.kind == item.kind and part.restore is not None:
            part.restore(item=item, pathway=pathway, by=by, now=now)
