"""bin/demo --training: its own folder, its own size, never over a demonstration."""

import pytest

from cep_portal.local import folder
from cep_portal.local.supervisor import DEFAULT_DATA, TRAINING_DATA, parse, settle_scale


def test_the_place_has_its_own_folder():
    assert (parse(["--training"]).data_dir, parse([]).data_dir) == (TRAINING_DATA, DEFAULT_DATA)


def test_the_place_has_a_size_of_its_own(capsys):
    with pytest.raises(SystemExit):
        parse(["--training", "--scale", "small"])

    assert "leave --scale out" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("built", "asked", "scale"),
    [
        (None, [], "small"),
        (None, ["--training"], "training"),
        ("training", [], "training"),
        ("small", [], "small"),
    ],
)
def test_a_folder_starts_as_what_it_holds(tmp_path, monkeypatch, built, asked, scale):
    monkeypatch.setattr(folder, "built_scale", lambda _data: built)
    options = parse([*asked, "--data-dir", str(tmp_path)])

    settle_scale(options, tmp_path)

    assert (options.scale, options.training) == (scale, scale == "training")


@pytest.mark.parametrize(("built", "asked"), [("small", ["--training"]), ("training", ["--scale", "small"])])
def test_neither_is_started_over_the_other(tmp_path, monkeypatch, built, asked):
    monkeypatch.setattr(folder, "built_scale", lambda _data: built)

    with pytest.raises(SystemExit, match=f"holds a {built} demonstration"):
        settle_scale(parse([*asked, "--data-dir", str(tmp_path)]), tmp_path)
