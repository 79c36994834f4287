from operators.casework.pathways.models.pathways import Pathway, PathwayQuerySet
from operators.casework.pathways.models.sessions import CounsellingSession, day_in_zone

__all__ = ["CounsellingSession", "Pathway", "PathwayQuerySet", "day_in_zone"]
