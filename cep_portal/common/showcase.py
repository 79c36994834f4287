"""Sample content of the components page; nothing here describes a real person or place."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator

from cep_portal.common.charts import (
    TOO_FEW,
    Measure,
    Series,
    bar_chart,
    france_map,
    line_chart,
    periods,
    small_multiples,
)
from cep_portal.common.charts.values import Value
from cep_portal.common.contact_fields import AddressField
from cep_portal.common.dates_typed import Side
from cep_portal.common.day_fields import DayField
from cep_portal.common.to_do import Queue, Task, ToDo, groups_of

MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.")
SITUATIONS = [
    ("employee", "Je suis salarié du privé"),
    ("self_employed", "Je suis indépendant"),
    ("job_seeker", "Je cherche un emploi"),
]
NEEDS = [("ramp", "Accès de plain-pied"), ("sign", "Interprète en langue des signes")]
TALL: dict[str, Value] = {
    "53": 2.4,
    "11": 1.9,
    "84": 2.1,
    "93": 1.7,
    "76": 2.0,
    "75": 2.2,
    "44": 1.8,
    "32": 1.5,
}
REST: dict[str, Value] = {
    "28": 2.3,
    "52": 2.6,
    "24": 1.6,
    "27": 1.9,
    "94": TOO_FEW,
    "01": 1.2,
    "02": 1.4,
    "04": 2.8,
}
TODAY = date(2026, 11, 24)


class SampleForm(forms.Form):
    name = forms.CharField(label="Nom")
    email = forms.EmailField(label="Adresse électronique", help_text="Pour vous envoyer un code.")
    phone = forms.CharField(label="Téléphone", required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    day = DayField(label="Jour souhaité", side=Side.FUTURE)
    mode = forms.ChoiceField(label="Modalité", choices=[("PHONE", "Téléphone"), ("VIDEO", "Visio")])
    situation = forms.ChoiceField(
        label="Quelle est votre situation ?", choices=SITUATIONS, widget=forms.RadioSelect
    )
    needs = forms.MultipleChoiceField(
        label="De quoi avez-vous besoin pour venir ?",
        choices=NEEDS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    message = forms.CharField(label="Votre message", widget=forms.Textarea, required=False)
    agreed = forms.BooleanField(label="J’accepte d’être rappelé")


class AskedForm(forms.Form):
    email = AddressField()


@dataclass(frozen=True)
class Rewritten:
    """What `ui_version` reads of a form that somebody else has just rewritten."""

    version_name: str
    version: str
    differences: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Answer:
    """A message of the framework, as its component reads it."""

    level_tag: str
    text: str

    def __str__(self) -> str:
        return self.text


REWRITTEN = Rewritten(
    version_name="exemple_version",
    version="0",
    differences=(
        {"label": "Objectif", "theirs": "Se former", "mine": "Changer de métier", "is_mine": True},
        {"label": "Échéance", "theirs": "janvier 2027", "mine": "", "is_mine": False},
    ),
)


def context() -> dict:
    return {
        "blank_form": SampleForm(prefix="vide"),
        "wrong_form": SampleForm({"faux-email": "camille@", "faux-name": ""}, prefix="faux"),
        "situation_hints": {"employee": "En CDI, en CDD, en intérim ou en apprentissage."},
        "page": Paginator(range(240), 20).page(4),
        "tabs": _links(("À saisir", 3), ("À rappeler", 12), ("En attente", None)),
        "filters": [
            {"label": "Modalité", "items": _links(("Toutes", None), ("Sur place", 8), ("Visio", 4))},
            {"label": "Horaire", "items": _links(("Tous", None), ("Après 18 h", 2))},
        ],
        "cards": [
            {"title": "Prendre rendez-vous", "url": "#", "text": "Sur place, par téléphone ou visio."},
            {"title": "Retrouver ma demande", "url": "#"},
        ],
        "answers": [
            {"label": "Situation", "value": "Salarié du privé", "change_url": "#"},
            {"label": "Commune", "value": "Saint-Denis (97400)", "change_url": "#"},
            {"label": "Téléphone", "value": ""},
        ],
        "days": _days(),
        "agenda": _agenda(),
        "to_do": _to_do(),
        "nothing_to_do": ToDo([], [], 0),
        "asked_form": AskedForm({"doute-email": "camille@gmial.com"}, prefix="doute"),
        "rewritten_form": REWRITTEN,
        "messages_shown": [
            Answer("success", "La séance est enregistrée."),
            Answer("info", "Rien n’a changé."),
        ],
        "rooms": _links(("À faire", 3), ("Agenda", None), ("Parcours", None)),
        "menu": [{"label": "Corriger la situation", "url": "#"}, {"label": "Transférer", "url": "#"}],
        "hours": _hours(),
        "now": 10 * 60 + 30,
        "today": TODAY,
        **_charts(),
    }


def _to_do() -> ToDo:
    tasks = [
        Task("Rappeler", "Camille Exemple", "#", due_on=TODAY - timedelta(days=2), phone="0639980000"),
        Task(
            "Répondre à la pénalité",
            "Délai d’accueil, octobre",
            "#",
            due_on=date(2026, 12, 20),
            is_pinned=True,
        ),
        Task("Saisir la séance de", "Dominique Modèle", "#", due_on=TODAY, note="lundi, 9 h"),
        Task("Rappeler", "Alix Modèle", "#", due_on=TODAY, phone="0639980001", take_url="#"),
        Task("Proposer un rendez-vous à", "Lou Exemple", "#", note="Rennes · hier"),
        Task("Préparer la fin du contrat :", "Lot 3", "#", due_on=date(2027, 1, 31)),
    ]
    return ToDo(groups_of(tasks, today=TODAY), [Queue("Demandes sans rendez-vous", "#", 23)], 6)


def _links(*labels_and_counts: Any) -> Any:
    return [
        {"label": label, "url": "#", "current": rank == 0, "count": count}
        for rank, (label, count) in enumerate(labels_and_counts)
    ]


def _days() -> Any:
    hours = [{"label": label, "url": "#", "value": label} for label in ("8 h", "9 h 30", "18 h 15")]
    other = [{"label": "12 h 30", "url": "#", "value": "x", "detail": "par téléphone"}]
    return [
        {"label": "mardi 24 novembre", "slots": hours},
        {"label": "samedi 28 novembre", "slots": other},
    ]


def _agenda() -> Any:
    busy = [
        {"start": "9 h", "end": "10 h", "title": "Camille Exemple", "url": "#"}
        | {"detail": "Niveau 2 · sur place", "badge": "à saisir", "badge_kind": "warning"},
        {"start": "11 h 30", "title": "Dominique Modèle", "detail": "Niveau 1 · téléphone"},
    ]
    return [
        {"label": "mardi 24 novembre", "entries": busy},
        {"label": "mercredi 25 novembre", "entries": []},
    ]


def _hours() -> Any:
    busy = {"span": (9 * 60, 10 * 60), "start": "9 h", "end": "10 h", "title": "Camille Exemple", "url": "#"}
    free = {"kind": "free", "span": (10 * 60, 11 * 60), "title": "10 h", "url": "#"}
    shut = {"kind": "closed", "span": (14 * 60, 15 * 60), "title": "14 h", "url": "#"}
    return [
        {"label": "mardi 24", "note": "Rennes", "open": [(9 * 60, 12 * 60)], "is_today": True}
        | {"entries": [busy | {"badge": "à saisir", "badge_kind": "warning"}], "free": [free]},
        {"label": "mercredi 25", "note": "fermé", "closed": [shut]},
        {"label": "jeudi 26"},
    ]


def _charts() -> dict[str, Any]:
    brittany = (1.8, 1.9, 2.1, None, 2.2, 2.3, 2.2, TOO_FEW, 2.4, 2.5)
    france = (1.7, 1.7, 1.8, 1.9, 1.9, 2.0, 2.0, 2.0, 2.1, 2.1)
    corsica = (1.1, 1.2, TOO_FEW, TOO_FEW, 1.3, 1.4, 1.3, 1.5, 1.6, 1.6)
    trio = [Series("Bretagne", brittany), Series("France", france), Series("Corse", corsica)]
    names = ("Bretagne", "Normandie", "Corse", "Mayotte")
    return {
        "line": line_chart(
            title="Taux de recours",
            axis=periods(MONTHS, said="en {}"),
            series=trio,
            measure=Measure(unit="%", target=2.4),
            breaks=(5,),
        ),
        "bars": bar_chart(
            title="Entrées du mois par région",
            labels=names,
            values=(1284, 961, TOO_FEW, None),
            measure=Measure(target=1000, places=0),
            highlight=0,
        ),
        "panels": small_multiples(
            title="Recours, région par région",
            axis=periods(MONTHS, said="en {}"),
            panels=[*trio, Series("Mayotte", (None,) * len(MONTHS))],
            measure=Measure(unit="%", target=2),
        ),
        "map": france_map(
            title="Taux de recours par région",
            values=TALL | REST,
            measure=Measure(unit="%"),
            urls={code: f"#region-{code}" for code in TALL | REST},
        ),
        "still_map": france_map(title="Carte sans donnée", values={}),
    }
