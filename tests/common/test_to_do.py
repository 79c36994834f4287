"""What must be done is grouped by its last day: late, today, this week; what is far is folded."""

from datetime import date, timedelta

import pytest

from cep_portal.common.to_do import Task, ToDo, groups_of

WEDNESDAY = date(2026, 12, 2)
A_DAY = timedelta(days=1)


def task(about, days=None, **facts):
    return Task("Faire", about, "#", due_on=None if days is None else WEDNESDAY + days * A_DAY, **facts)


def told(tasks):
    groups = groups_of(tasks, today=WEDNESDAY)
    return {group.title: [task.about for task in group.tasks] for group in groups}


def test_tasks_stand_under_their_delay():
    """A week ends on its Sunday; the last day itself is in time."""
    tasks = [
        *(task("lundi d’après", 5), task("dimanche", 4), task("demain", 1), task("ce jour", 0)),
        *(task("hier", -1), task("quand on peut"), task("avant-hier", -2)),
    ]

    assert told(tasks) == {
        "En retard": ["avant-hier", "hier"],
        "Aujourd’hui": ["ce jour"],
        "Cette semaine": ["demain", "dimanche"],
        "Sans date": ["quand on peut"],
        "Plus tard": ["lundi d’après"],
    }


def test_only_what_is_far_is_folded():
    groups = groups_of([task("loin", 30), task("près", 0)], today=WEDNESDAY)

    assert [(group.title, group.is_folded) for group in groups] == [
        ("Aujourd’hui", False),
        ("Plus tard", True),
    ]


def test_what_cannot_be_missed_follows_what_is_for_today_and_is_never_folded():
    """A far last day is known from the start, no reason to pass by what ends tonight; late comes first."""
    tasks = [task("ordinaire", 0), task("pénalité", 20, is_pinned=True), task("loin", 20)]
    same_day = [task("ordinaire", 0), task("pénalité", 0, is_pinned=True)]

    assert list(told(tasks)) == ["Aujourd’hui", "Échéances", "Plus tard"]
    assert told(same_day) == {"Aujourd’hui": ["pénalité", "ordinaire"]}


def test_long_group_shows_five_and_folds_the_rest_but_what_cannot_be_missed():
    late = [task(str(number), number - 9) for number in range(6)] + [task("pénalité", -1, is_pinned=True)]
    far = [task(str(number), number + 10) for number in range(6)]

    groups = {group.title: group for group in groups_of([*late, *far], today=WEDNESDAY)}

    assert [line.about for line in groups["En retard"].shown] == ["0", "1", "2", "3", "4", "pénalité"]
    assert [line.about for line in groups["En retard"].rest] == ["5"]
    assert groups["Plus tard"].rest == []  # folded as a whole already


def test_first_tasks_leave_the_folded_out_and_keep_the_number():
    groups = groups_of([task(str(number), number) for number in range(8)], today=WEDNESDAY)

    first = ToDo(groups, [], 8).first(3)

    assert [[task.about for task in group.tasks] for group in first.groups] == [["0"], ["1", "2"]]
    assert (first.count, first.shown) == (8, 3)


@pytest.mark.parametrize(
    ("verb", "about", "lead"),
    [
        ("Saisir la séance de", "Camille Le Goff", "Saisir la séance de "),
        ("Saisir la séance de", "Alix Dupont", "Saisir la séance d’"),
        ("Fixer le rendez-vous de", "Éva Roy", "Fixer le rendez-vous d’"),
        ("Rappeler", "Alix Dupont", "Rappeler "),
    ],
)
def test_verb_joins_the_name_as_one_says_it(verb, about, lead):
    assert Task(verb=verb, about=about, url="/").lead == lead
