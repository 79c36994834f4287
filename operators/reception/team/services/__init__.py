"""What a manager changes in the network: who receives, and where."""

from operators.reception.team.services.departures import resume_adviser, suspend_adviser
from operators.reception.team.services.invitations import invite_adviser, renew_invitation
from operators.reception.team.services.sites import (
    PlaceFacts,
    SiteFacts,
    change_site,
    close_for_good,
    move_adviser,
    open_site,
)

__all__ = [
    "PlaceFacts",
    "SiteFacts",
    "change_site",
    "close_for_good",
    "invite_adviser",
    "move_adviser",
    "open_site",
    "renew_invitation",
    "resume_adviser",
    "suspend_adviser",
]
