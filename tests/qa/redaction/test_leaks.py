"""What could tell an outcome is found by what stands in the text, whatever the outcome is."""

from __future__ import annotations

import csv
import random
import tomllib
from pathlib import Path

import pytest

from qa.redaction.leaks import found, staff
from qa.redaction.spans import apart, covered
from training.world import wording

STAFF = staff(
    [("ag-07", "Anna Bell", "anna.bell@desk.example"), ("x1", "May", None), ("jp.o", "João Pedro Ortega", None)]
)
ACTIONS = {"remove", "keep", "send_to_lead"}
#: A text -> the same with what could tell covered. Made up for this test.
TELLING = {
    "anna BELL wrote it": "[name] wrote it",
    "Bell, Anna was here": "[name] was here",
    "João Pedro Ortega (JP.O) saw it": "[name] ([name]) saw it",
    "assigned to ag-07.": "assigned to [name].",
    "The post was removed by moderator Lee yesterday": "[masked] yesterday",
    "You have already removed my post": "[masked] my post",
    "Moderators kept it up": "[masked] it up",
    "my account was suspended, why?": "[masked], why?",
    "It was closed as no violation": "It was [masked]",
    "no violation was found": "[masked]",
    "The video was found to violate the rules": "The video [masked] the rules",
    "no action needed": "[masked]",
    "Dein Beitrag wurde gestern gelöscht": "[masked]",
    "mon compte a été suspendu hier": "[masked] hier",
    "mi cuenta fue suspendida": "[masked]",
    "Decision: removed": "[masked]",
    "Action taken - keep": "[masked]",
    "** Final outcome => send_to_lead": "[masked]",
    "[MOD NOTE] repeat offender\nhello": "[masked]\nhello",
    "Internal comment: looks fine": "[masked]",
    "Der Kommentar ist von einem Moderator entfernt worden": "Der Kommentar ist [masked] worden",
    "Das Team hat den Beitrag bereits gelöscht": "[masked]",
    "Es wurde kein Verstoß festgestellt": "Es wurde [masked]",
    "keine Maßnahme erforderlich": "[masked]",
    "Entscheidung: gelöscht": "[masked]",
    "Interne Notiz: bekannt": "[masked]",
    "les modérateurs ont déjà supprimé sa vidéo": "[masked] sa vidéo",
    "Aucune infraction n'a été constatée": "[masked]",
    "aucune mesure nécessaire": "[masked]",
    "Décision : suspendu": "[masked]",
    "Note de la modération : récidive": "[masked]",
    "los moderadores eliminaron mi foto": "[masked] mi foto",
    "no se encontró ninguna infracción": "[masked]",
    "No se tomó ninguna medida": "[masked]",
    "Resolución: sin infracción": "[masked]",
    "Nota interna: reincidente": "[masked]",
    "a minha conta foi suspensa": "a [masked]",
    "a plataforma removeu o anúncio": "[masked] o anúncio",
    "não foi encontrada nenhuma violação": "[masked]",
    "Decisão: mantido": "[masked]",
    "il mio post è stato rimosso ieri": "[masked] ieri",
    "Esito: nessuna violazione": "[masked]",
    "mijn account is gisteren geblokkeerd": "[masked]",
    "geen overtreding vastgesteld": "[masked]",
    "Besluit: verwijderd": "[masked]",
    "see case_remove_123 and T-KEPT-9": "see [masked] and [masked]",
}  # fmt: skip
#: What people write without telling anything.
HARMLESS = (
    "Words like these will get you banned here, thankfully.",
    "I removed my listing because he deleted his account",
    "They blocked me, then they came back",
    "May came along in May",
    "Status: open",
    "Result: 3 to 2 for us",
    "The bell rang, and anna left",
    "please take action and remove this",
    "he warned her that he would come",
    "Order RM-2041 was never sent",
    "The agent of the house called me",
    "Ich habe meinen Beitrag gelöscht, er hat mich gesperrt",
    "Das ist kein Verstoß, finde ich. Bitte löschen!",
    "Ergebnis: 3 zu 2 für uns",
    "J'ai supprimé mon compte, il m'a bloquée hier",
    "Résultat : deux à un, merci de retirer ceci",
    "Borré mi cuenta y él me bloqueó; por favor, eliminen esto",
    "Resultado: tres a uno. Nota: trajo flores",
    "Apaguei a minha conta e ele bloqueou o meu número",
    "Ho cancellato il mio account, lui mi ha bloccata",
    "Ik heb mijn account verwijderd, hij heeft mij geblokkeerd",
    "Het is over, zijn actie was gisteren",
)


@pytest.mark.parametrize("text", TELLING)
def test_what_could_tell_is_covered(text: str) -> None:
    assert covered(text, apart(found(text, STAFF, ACTIONS))) == TELLING[text]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_tells_nothing_stays(text: str) -> None:
    assert found(text, STAFF, ACTIONS) == []


def test_a_mask_looks_the_same_whatever_was_decided() -> None:
    texts = [f"Decision: {word}" for word in ("removed", "keep", "no violation", "escalated")]

    assert {covered(text, found(text, STAFF, ACTIONS)) for text in texts} == {"[masked]"}


@pytest.mark.shared
def test_words_of_hatred_tell_no_outcome(shared: Path) -> None:
    with (shared / "data/hatecheck/cases.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]

    assert len(texts) == 3901
    assert [text for text in texts if found(text, staff([]), ACTIONS)] == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_people_report_in_the_demonstration_tells_no_outcome(language: str) -> None:
    rng = random.Random(7)
    files = [path for path in wording.FOLDER.glob("*.toml") if path.stem != "slots"]
    sections = [f"{path.stem}/{name}" for path in files for name in tomllib.loads(path.read_text(encoding="utf-8"))]
    acts = [act for section in sections for act in wording.acts(section)]

    told = [wording.write(rng, act, language=language, urgent=True, strikes=2) for act in acts]

    assert len(told) > 200
    assert [text for text in told if found(text, staff([]), ACTIONS)] == []
