from operators.casework.pathways.models.corrections import SessionCorrection
from operators.casework.pathways.models.former import FormerPathway, FormerSession
from operators.casework.pathways.models.pathways import Pathway, PathwayQuerySet, of_pathway
from operators.casework.pathways.models.sessions import CounsellingSession, day_in_zone

__all__ = [
    "CounsellingSession",
    "FormerPathway",
    "FormerSession",
    "Pathway",
    "PathwayQuerySet",
    "SessionCorrection",
    "day_in_zone",
    "of_pathway",
]
