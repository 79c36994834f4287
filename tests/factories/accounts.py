from datetime import date

import factory
from factory.django import DjangoModelFactory

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import Mandate, Organisation, User


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Opérateur fictif {n}")
    is_fictional = True


class UserFactory(DjangoModelFactory):
    """A user; with `role=` also the mandate, attached as the middleware would.

    Operator roles get an organisation (`role__organisation=`), committee members need `role__region=`.
    """

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"personne{n}@exemple.example")
    first_name = "Camille"
    last_name = factory.Sequence(lambda n: f"Martin {n}")
    password = "!"

    @factory.post_generation
    def role(self, create, role, organisation=None, region=None):
        if role:
            self.mandate = MandateFactory(user=self, role=role, organisation=organisation, region=region)


class MandateFactory(DjangoModelFactory):
    class Meta:
        model = Mandate
        exclude = ["region"]

    user = factory.SubFactory(UserFactory)
    role = Role.ANALYST
    region = None
    organisation = None
    region_code = factory.LazyAttribute(lambda mandate: mandate.region.code if mandate.region else None)
    region_name = factory.LazyAttribute(lambda mandate: mandate.region.name if mandate.region else "")
    starts_on = date(2024, 1, 1)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        if kwargs.get("organisation") is None and kwargs["role"] in (*Role.of_operators, *Role.of_partners):
            kwargs["organisation"] = OrganisationFactory()
        return super()._create(model_class, *args, **kwargs)
