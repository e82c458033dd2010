"""What columns and decisions are called in people's sheets, in several languages; written as `plain` leaves them."""

from __future__ import annotations

import re
import unicodedata

#: Our column -> what others call it, the surest names first.
COLUMNS: dict[str, tuple[str, ...]] = {
    "case_id": (
        "case id", "case", "case no", "case number", "case ref", "case reference", "ticket", "ticket id",
        "ticket number", "ticket no", "report id", "report number", "job id", "item id", "reference", "ref", "id",
        "fall", "fallnummer", "fall nr", "fall id", "vorgang", "vorgangsnummer", "aktenzeichen", "meldung",
        "numero de caso", "id de caso", "caso", "id caso", "numero do caso", "dossier", "numero de dossier", "cas",
        "id dossier", "pratica", "id pratica", "zaaknummer", "numer sprawy", "sprawa", "vaka no",
    ),
    "agent_id": (
        "agent id", "agent", "agent name", "reviewer", "reviewer id", "moderator", "moderator id", "analyst",
        "specialist", "handled by", "decided by agent", "assignee", "owner", "employee", "employee id", "worked by",
        "who", "handler", "case owner",
        "bearbeiter", "bearbeiterin", "bearbeitet von", "mitarbeiter", "mitarbeiterin", "sachbearbeiter", "moderatorin",
        "agente", "moderador", "revisor", "analista", "gestor", "moderateur", "traite par", "operatore", "moderatore",
        "medewerker", "pracownik", "temsilci",
    ),
    "decided_policy": (
        "decided policy", "decision", "policy decision", "final decision", "decided section", "violation",
        "violation type", "policy violated", "violated policy", "policy", "policy label", "label", "verdict", "ruling",
        "outcome", "final outcome", "result", "category", "final label", "rule", "abuse type",
        "entscheidung", "verstoss", "verstossart", "regelverstoss", "ergebnis", "richtlinie", "kategorie", "urteil",
        "decision final", "decision finale", "infraccion", "politica", "resultado", "categoria", "decisao", "violacao",
        "infraction", "resultat", "categorie", "decisione", "violazione", "risultato", "esito", "beslissing",
        "overtreding", "decyzja", "naruszenie", "karar",
    ),
    "action": (
        "action", "action taken", "enforcement", "enforcement action", "measure", "sanction", "penalty",
        "what was done",
        "massnahme", "aktion", "sanktion", "accion", "medida", "accion tomada", "acao", "acao tomada", "mesure",
        "action prise", "azione", "provvedimento", "maatregel", "actie", "dzialanie", "islem",
    ),
    "closed_at": (
        "closed at", "closed", "closed on", "date closed", "close date", "closing date", "closed date", "closed time",
        "resolved at", "resolved", "resolution date", "decided at", "decision date", "decided on", "completed at",
        "completed", "completion date", "end time", "reviewed at", "timestamp", "date", "datetime", "date time",
        "abgeschlossen", "abgeschlossen am", "geschlossen am", "geschlossen", "erledigt am", "entschieden am", "datum",
        "fecha de cierre", "cerrado", "fecha", "data de fechamento", "fechado em", "data", "date de cloture",
        "cloture le", "ferme le", "data di chiusura", "chiuso il", "gesloten op", "zamkniete", "kapanis",
    ),
    "text": (
        "text", "content", "case text", "reported content", "message", "body", "post", "comment text", "description",
        "case description", "evidence", "ticket text", "what was reported", "user content", "transcript",
        "case summary",
        "inhalt", "nachricht", "beschreibung", "gemeldeter inhalt", "meldetext", "contenido", "mensaje", "texto",
        "descripcion", "conteudo", "mensagem", "descricao", "contenu", "texte", "contenuto", "testo", "messaggio",
        "inhoud", "tekst", "tresc", "icerik",
    ),
    "reported_policy": (
        "reported policy", "report reason", "reported for", "report category", "reported as", "alleged policy",
        "allegation", "flag reason", "reason for report", "meldegrund", "gemeldet als", "motivo del reporte",
        "motif du signalement", "motivo da denuncia", "motivo segnalazione",
    ),
    "opened_at": (
        "opened at", "opened", "created at", "created", "created on", "received at", "received", "reported at",
        "reported on", "submitted at", "start time", "date opened", "eingang", "eingegangen am", "erstellt am",
        "eroffnet am", "gemeldet am", "fecha de apertura", "creado", "recibido", "criado em", "aberto em", "recu le",
        "ouvert le", "cree le", "aperto il", "creato il",
    ),
    "first_response_at": ("first response at", "first response", "first reply", "first touch", "erste antwort"),
    "due_at": ("due at", "due", "due date", "deadline", "sla due", "fallig", "fallig am", "frist", "vence",
               "echeance", "scadenza"),
    "workflow": ("workflow", "case type", "ticket type", "type of case", "vorgangsart", "fallart", "tipo de caso"),
    "queue": ("queue", "queue name", "warteschlange", "cola", "fila", "file d attente", "coda"),
    "severity": ("severity", "priority", "urgency", "schweregrad", "prioritat", "prioritaet", "gravedad", "prioridad",
                 "gravite", "priorite", "gravita", "priorita"),
    "locale": (
        "locale", "language", "lang", "content language", "case language", "sprache", "idioma", "langue", "lingua",
        "taal", "jezyk", "dil",
    ),
    "handle_seconds": ("handle seconds", "handle time", "handling time", "aht", "time spent seconds",
                       "bearbeitungszeit sekunden"),
    "confidence": ("confidence", "certainty", "sicherheit", "confianza", "confiance"),
    "handled_by": ("handled by all", "touched by", "everyone involved"),
}  # fmt: skip
EVENTS: dict[str, tuple[str, ...]] = {
    "case_id": COLUMNS["case_id"],
    "at": ("at", "when", "date", "datetime", "timestamp", "event date", "event at", "zeitpunkt", "datum", "fecha"),
    "kind": ("kind", "event", "event type", "type", "what", "status", "art", "ereignis", "tipo", "evento", "evenement"),
    "detail": ("detail", "details", "note", "reason", "comment", "bemerkung", "grund", "motivo", "motif"),
}  # fmt: skip
#: What decisions without a violation are called.
NOTHING = frozenset({
    "", "none", "no", "ok", "okay", "no violation", "non violating", "not violating", "benign", "clean",
    "safe", "allowed", "approve", "approved", "allow", "no issue", "no action", "not a violation", "n a",
    "dismissed", "unfounded", "no breach", "keep", "kein verstoss", "kein verstos", "nein", "zulassig", "erlaubt",
    "unbegrundet", "in ordnung", "sin infraccion", "sin violacion", "permitido", "no infringe", "sem violacao",
    "aucune infraction", "pas d infraction", "conforme", "autorise", "nessuna violazione", "consentito",
    "geen overtreding", "toegestaan", "brak naruszenia", "dozwolone", "ihlal yok",
})  # fmt: skip
#: What kinds of events are called.
KINDS: dict[str, tuple[str, ...]] = {
    "reopened": ("reopened", "re opened", "reopen", "wieder geoffnet", "wiedereroffnet", "reabierto", "rouvert"),
    "appealed_upheld": ("appealed upheld", "appeal upheld", "upheld", "appeal rejected", "appeal denied", "bestatigt"),
    "appealed_overturned": ("appealed overturned", "appeal overturned", "overturned", "appeal granted", "reinstated",
                            "appeal accepted", "aufgehoben"),
    "corrected": ("corrected", "correction", "changed", "korrigiert", "corregido", "corrige"),
    "bulk_action": ("bulk action", "bulk", "mass action", "batch action", "sammelaktion"),
}  # fmt: skip
LANGUAGES: dict[str, tuple[str, ...]] = {
    "en": ("english", "englisch", "ingles", "anglais", "inglese", "engels", "eng"),
    "de": ("german", "deutsch", "aleman", "allemand", "tedesco", "duits", "ger", "deu"),
    "es": ("spanish", "espanol", "castellano", "spanisch", "espagnol", "spagnolo", "spa"),
    "fr": ("french", "francais", "franzosisch", "frances", "francese", "fra", "fre"),
    "pt": ("portuguese", "portugues", "portugiesisch", "portugais", "portoghese", "por"),
    "it": ("italian", "italiano", "italienisch", "italien", "ita"),
    "nl": ("dutch", "nederlands", "niederlandisch", "neerlandais"),
    "pl": ("polish", "polski", "polnisch", "polaco", "polonais"),
    "tr": ("turkish", "turkce", "turkisch", "turco"),
    "ar": ("arabic", "arabisch", "arabe"), "ja": ("japanese", "japanisch"), "zh": ("chinese", "chinesisch", "mandarin"),
    "ru": ("russian", "russisch", "ruso", "russe"), "hi": ("hindi",), "id": ("indonesian", "bahasa indonesia"),
}  # fmt: skip
SEVERITIES: dict[str, tuple[str, ...]] = {
    "low": ("low", "p4", "p3", "minor", "niedrig", "gering", "baja", "bajo", "faible", "basso", "4"),
    "medium": ("medium", "normal", "moderate", "mittel", "media", "medio", "moyen", "moyenne", "p2", "3"),
    "high": ("high", "major", "hoch", "alta", "alto", "eleve", "haute", "p1", "2"),
    "critical": ("critical", "urgent", "severe", "kritisch", "dringend", "critica", "critico", "critique", "p0", "1"),
}  # fmt: skip
#: Our column -> our word -> what it is called elsewhere.
WORDS = {"locale": LANGUAGES, "severity": SEVERITIES, "kind": KINDS}
#: Words in the name of a column that speak of what was decided, or of somebody's opinion of it.
AFTERWARDS = (
    "note", "comment", "outcome", "decision", "result", "verdict", "resolution", "reason", "rationale", "qa", "action",
    "enforcement", "appeal", "overturn", "final", "reviewer", "feedback", "justification", "closure",
    "notiz", "kommentar", "bemerkung", "begrundung", "ergebnis", "entscheidung", "massnahme", "nota", "comentario",
    "decision", "resultado", "motivo", "remarque", "commentaire", "motif", "osservazioni", "opmerking", "uwagi",
)  # fmt: skip
#: Words with which people write down what they decided.
VERDICTS = (
    "violation", "violates", "violating", "no violation", "removed", "remove", "approved", "rejected", "upheld",
    "overturned", "left up", "kept up", "no action", "taken down", "banned", "suspended", "benign", "enforced",
    "actioned", "false positive", "false negative", "confirmed", "dismissed",
    "verstoss", "kein verstoss", "entfernt", "geloscht", "gesperrt", "zulassig", "bestatigt", "freigegeben",
    "infraccion", "eliminado", "aprobado", "rechazado", "infraction", "supprime", "approuve", "rejete",
    "violazione", "rimosso", "approvato", "removido", "aprovado",
)  # fmt: skip
_APART = re.compile(r"[^a-z0-9]+")


def plain(text: str) -> str:
    """A text in small letters without accents, its words apart by one space.

    >>> plain("Agent_ID"), plain("Maßnahme (final)"), plain("closedAt")
    ('agent id', 'massnahme final', 'closed at')
    """
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).casefold()
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", parted) if not unicodedata.combining(sign))
    return _APART.sub(" ", bare).strip()
