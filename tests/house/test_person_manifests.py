"""A model that leads to a person says everything about it in one manifest: nobody is forgotten."""

from django.apps import apps
from django.core.management import call_command

from beneficiaries.request.models import Beneficiary
from beneficiaries.rights.hooks import FILE_READERS
from beneficiaries.rights.selectors import file_kinds
from cep_portal.common import personal_data
from cep_portal.common.personal_data import NOT_SENT, columns_to, declarations, label
from operators.casework.pathways.models import Pathway
from operators.moving.transfers.enums import ItemKind
from operators.moving.transfers.services.parts import PARTS

OURS = ("accounts", "messaging", "documents", "territories", "procurement", "beneficiaries", "operators")


def our_models():
    return [model for name in (*OURS, "reporting") for model in apps.get_app_config(name).get_models()]


def led_to(person) -> set:
    """The models from which foreign keys lead to a person, however far."""
    reached, edge = set(), {person}
    while edge:
        reached |= edge
        edge = {column.model for model in edge for column in columns_to(model)} - reached
    return reached & set(our_models())


def test_every_column_of_every_model_is_declared():
    assert len(our_models()) > 40
    assert personal_data.undeclared_columns(our_models()) == []


def test_each_manifest_says_why_and_for_how_long():
    assert [
        manifest.title for manifest in declarations() if not (manifest.purpose and manifest.retention)
    ] == []


def test_what_leads_to_a_person_is_given_to_the_person():
    given = {manifest.model for manifest in declarations() if manifest.rows is not None}

    assert {model._meta.label for model in led_to(Beneficiary) - given} == {
        "operators.DuplicatePair",  # speaks of two people
        "operators.MovedRows",  # numbers of rows, for the undo of a merge
    }


def test_each_column_to_a_person_or_a_pathway_says_what_a_merge_does_with_it():
    said = {
        f"{manifest.model._meta.label}.{column}"
        for manifest in declarations()
        for column in manifest.on_merge
    }

    assert said == {label(column) for model in (Beneficiary, Pathway) for column in columns_to(model)}


def test_each_model_of_a_pathway_says_what_a_transfer_does_with_it():
    said = {
        manifest.model: manifest.on_transfer
        for manifest in declarations()
        if manifest.on_transfer is not None
    }

    assert set(said) == {column.model for column in columns_to(Pathway)}
    assert sorted(set(said.values()) - {NOT_SENT}) == sorted(ItemKind) == sorted(part.kind for part in PARTS)


def test_readers_are_given_by_the_manifest_or_by_a_subject_above():
    left = {
        manifest.model._meta.label_lower
        for manifest in declarations()
        if manifest.opened and manifest.opened.files is None
    }

    assert {given.target_type for given in FILE_READERS} == left
    assert [kind.label for kind in file_kinds().values() if kind.files is None] == []


def test_the_table_of_manifests_has_a_line_a_model(capsys):
    call_command("personal_data")

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + len(declarations())
    (plan,) = [line.split(" | ") for line in lines if line.startswith("operators.ActionPlan ")]
    assert plan == [
        "operators.ActionPlan",
        "Votre plan d’action",
        "24 mois après le dernier contact, puis sans identité.",
        "pathway : passe au dossier gardé, s’il n’en a pas",
        "PLAN",
        "",
    ]
