import factory
from factory.django import DjangoModelFactory

from operators.casework.referrals.enums import AnsweredBy, DoorKind, ReferralReason, ReferralState, Way
from operators.casework.referrals.models import Referral, ReferralDoor
from tests.clock import moved
from tests.factories.accounts import UserFactory
from tests.factories.dates import instant
from tests.factories.operators import PathwayFactory

SENT_AT = moved("2026-11-02 10:00")


class ReferralDoorFactory(DjangoModelFactory):
    """A door of all that receives messages, everywhere; `organisation=` makes it an operator's own."""

    class Meta:
        model = ReferralDoor

    class Params:
        by_person = factory.Trait(email="", website="https://porte.exemple.example/")

    kind = DoorKind.TRANSITIONS_PRO
    name = factory.Sequence(lambda n: f"Porte fictive {n}")
    what = "Le projet de transition professionnelle."
    email = factory.Sequence(lambda n: f"porte{n}@exemple.example")
    updated_at = instant("2026-01-05 10:00")


class ReferralFactory(DjangoModelFactory):
    """Sent on 2 November 2026 with the person's agreement, without an answer."""

    class Meta:
        model = Referral

    class Params:
        accepted = factory.Trait(
            state=ReferralState.ACCEPTED,
            answered_at=instant("2026-11-04 10:00"),
            answered_how=AnsweredBy.LINK,
        )
        refused = factory.Trait(
            state=ReferralState.REFUSED,
            answered_at=instant("2026-11-04 10:00"),
            answered_how=AnsweredBy.LINK,
        )

    pathway = factory.SubFactory(PathwayFactory)
    door = factory.SubFactory(ReferralDoorFactory)
    reason = ReferralReason.FUND_TRAINING
    note = "Une licence en un an."
    transmitted = factory.LazyAttribute(lambda row: f"Personne : {row.pathway.beneficiary.full_name}")
    consent_wording = "J’accepte."
    consented_at = instant("2026-11-02 10:00")
    way = Way.MESSAGE
    sent_at = instant("2026-11-02 10:00")
    sent_by = factory.SubFactory(UserFactory)
