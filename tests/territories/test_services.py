import pytest

from cep_portal.territories.models import Commune, CommunePostcode, Department, PublicHoliday, Region
from cep_portal.territories.services import load_territories


@pytest.mark.slow
@pytest.mark.django_db
def test_reference_loads_twice_with_the_same_rows():
    first = load_territories()
    Commune.objects.filter(code="35238").update(name="Roazhon")
    CommunePostcode.objects.create(commune_id="35238", postcode="99999")

    assert load_territories() == first
    assert (Region.objects.count(), Department.objects.count(), Commune.objects.count()) == (18, 101, 34_875)
    assert Commune.objects.get(code="35238").name == "Rennes"
    assert not CommunePostcode.objects.filter(postcode="99999").exists()
    assert CommunePostcode.objects.filter(commune_id="75056").count() == 21


@pytest.mark.slow
@pytest.mark.django_db
def test_holidays_follow_the_department():
    load_territories()

    def days(department, **wanted):
        return PublicHoliday.objects.filter(department=department, day__year=2026, **wanted).count()

    assert days("35") == 11
    assert (days("57"), days("67"), days("68")) == (13, 13, 13)
    assert days("54") == 11  # same region as 57, other regime
    assert days("974", is_legal=True) == 12
    assert (days("971", is_legal=True), days("971", is_legal=False)) == (12, 3)
