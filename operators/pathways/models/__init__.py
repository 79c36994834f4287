from operators.pathways.models.pathways import Pathway, PathwayQuerySet
from operators.pathways.models.sessions import CounsellingSession, LocalDay

__all__ = ["CounsellingSession", "LocalDay", "Pathway", "PathwayQuerySet"]
