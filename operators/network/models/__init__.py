from operators.network.models.advisers import Adviser, AdviserQuerySet
from operators.network.models.delays import SlotDelay
from operators.network.models.sites import Site, SiteClosure, SiteQuerySet

__all__ = ["Adviser", "AdviserQuerySet", "Site", "SiteClosure", "SiteQuerySet", "SlotDelay"]
