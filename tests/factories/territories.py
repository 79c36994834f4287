import factory
from factory.django import DjangoModelFactory

from cep_portal.territories.enums import PlaceKind
from cep_portal.territories.models import (
    Commune,
    CommunePostcode,
    Department,
    EmployedPopulation,
    PlaceName,
    PublicHoliday,
    Region,
)


class RegionFactory(DjangoModelFactory):
    class Meta:
        model = Region
        django_get_or_create = ["code"]

    class Params:
        reunion = factory.Trait(code="04", name="La Réunion", zone="Indian/Reunion", population=881_000)
        grand_est = factory.Trait(code="44", name="Grand Est", population=5_560_000)

    code = "53"
    name = "Bretagne"
    population = 3_400_000
    zone = "Europe/Paris"


class DepartmentFactory(DjangoModelFactory):
    class Meta:
        model = Department
        django_get_or_create = ["code"]

    class Params:
        reunion = factory.Trait(
            code="974",
            name="La Réunion",
            zone="Indian/Reunion",
            region=factory.SubFactory(RegionFactory, reunion=True),
        )
        bas_rhin = factory.Trait(
            code="67",
            name="Bas-Rhin",
            region=factory.SubFactory(RegionFactory, grand_est=True),
        )

    code = "35"
    name = "Ille-et-Vilaine"
    region = factory.SubFactory(RegionFactory)
    zone = "Europe/Paris"


class CommuneFactory(DjangoModelFactory):
    class Meta:
        model = Commune
        django_get_or_create = ["code"]

    class Params:
        reunion = factory.Trait(
            code="97411",
            name="Saint-Denis",
            search_name="saint denis",
            department=factory.SubFactory(DepartmentFactory, reunion=True),
            longitude=55.45,
            latitude=-20.88,
        )
        strasbourg = factory.Trait(
            code="67482",
            name="Strasbourg",
            search_name="strasbourg",
            department=factory.SubFactory(DepartmentFactory, bas_rhin=True),
        )

    code = "35238"
    name = "Rennes"
    search_name = "rennes"
    department = factory.SubFactory(DepartmentFactory)
    population = 225_000
    longitude = -1.68
    latitude = 48.11


class CommunePostcodeFactory(DjangoModelFactory):
    class Meta:
        model = CommunePostcode

    commune = factory.SubFactory(CommuneFactory)
    postcode = "35000"


class PlaceNameFactory(DjangoModelFactory):
    class Meta:
        model = PlaceName

    commune = factory.SubFactory(CommuneFactory)
    name = "Pierrefitte-sur-Seine"
    search_name = "pierrefitte sur seine"
    kind = PlaceKind.DELEGATED


class PublicHolidayFactory(DjangoModelFactory):
    class Meta:
        model = PublicHoliday

    department = factory.SubFactory(DepartmentFactory)
    day = factory.LazyFunction(lambda: None)
    name = "Jour férié"
    is_legal = True


class EmployedPopulationFactory(DjangoModelFactory):
    class Meta:
        model = EmployedPopulation

    region = factory.SubFactory(RegionFactory)
    year = 2021
    total = 1_400_000
    status = "publié"
    scope = "Emploi au lieu de travail"
    source_url = "https://www.insee.fr/fr/statistiques/7456879"
