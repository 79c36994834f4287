import pytest

from tests.factories.territories import CommuneFactory, CommunePostcodeFactory, DepartmentFactory


@pytest.fixture
def towns(db):
    """Saint-Denis twice, Rennes, Le Mans and Marseille with two of its arrondissements."""
    department = DepartmentFactory(code="93", name="Seine-Saint-Denis")
    reunion = CommuneFactory(reunion=True, population=153_000)
    metropolitan = CommuneFactory(
        code="93066", name="Saint-Denis", search_name="saint denis", department=department, population=149_000
    )
    rennes = CommuneFactory()
    mans = CommuneFactory(code="72181", name="Le Mans", search_name="le mans", population=145_000)
    marseille = CommuneFactory(code="13055", name="Marseille", search_name="marseille", population=886_000)
    CommuneFactory(code="49244", name="Mozé", search_name="moze", population=2_000)
    for commune, postcodes in {
        reunion: ["97400"],
        metropolitan: ["93200", "93210"],
        rennes: ["35000", "35200"],
        mans: ["72000"],
        marseille: ["13001", "13016"],
    }.items():
        for postcode in postcodes:
            CommunePostcodeFactory(commune=commune, postcode=postcode)
    return {"reunion": reunion, "metropolitan": metropolitan, "rennes": rennes}
