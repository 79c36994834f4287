from operators.casework.pathways.models.corrections import SessionCorrection
from operators.casework.pathways.models.pathways import Pathway, PathwayQuerySet, of_pathway
from operators.casework.pathways.models.sessions import CounsellingSession, day_in_zone

__all__ = [
    "CounsellingSession",
    "Pathway",
    "PathwayQuerySet",
    "SessionCorrection",
    "day_in_zone",
    "of_pathway",
]
