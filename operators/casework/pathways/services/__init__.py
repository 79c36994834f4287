from operators.casework.pathways.services.closing import close_pathway, end_pathway, require_not_transferred
from operators.casework.pathways.services.corrections import correct_session, undo_correction
from operators.casework.pathways.services.entering import SessionFacts
from operators.casework.pathways.services.log import log_session, log_unplanned_session
from operators.casework.pathways.services.no_shows import note_no_show, undo_no_show

__all__ = [
    "SessionFacts",
    "close_pathway",
    "correct_session",
    "end_pathway",
    "log_session",
    "log_unplanned_session",
    "note_no_show",
    "require_not_transferred",
    "undo_correction",
    "undo_no_show",
]
