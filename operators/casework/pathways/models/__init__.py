from operators.casework.pathways.models.pathways import Pathway, PathwayQuerySet
from operators.casework.pathways.models.sessions import CounsellingSession, LocalDay

__all__ = ["CounsellingSession", "LocalDay", "Pathway", "PathwayQuerySet"]
