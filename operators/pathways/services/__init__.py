from operators.pathways.services.closing import close_pathway
from operators.pathways.services.log import log_session, log_unplanned_session

__all__ = ["close_pathway", "log_session", "log_unplanned_session"]
