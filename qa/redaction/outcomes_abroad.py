"""How people write what was decided in German, French, Spanish, Portuguese, Italian and Dutch.

Each language has the same seven ways to say it as English has in `qa.redaction.outcome_words`. A space in a pattern
stands for any white space within a line. What people say of themselves or of each other ("I deleted my account", "he
blocked me") tells nothing and is left alone: what was done counts where staff did it, or where it was done to
something of theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Language:
    """The parts of which sentences about an outcome are made, as patterns."""

    #: Beginnings of words without one of which none of its sentences can be.
    stems: str
    #: "removed", as it stands after "was".
    done: str
    #: "removed" in "the team removed it", where that is another form.
    did: str
    #: What has its own word for an outcome: "my post", "the account".
    thing: str
    #: "was", "has been", with what may stand between it and `done`.
    was: str
    #: "by".
    by: str
    #: Whoever decides, with an article.
    who: str
    #: "have" before `done` in "they have removed it"; may be empty.
    have: str
    #: "no violation was found", "no action was taken", "closed as ..".
    said: tuple[str, ...]
    #: Names of fields: "decision", "outcome".
    field: str
    #: What stands in such a field besides `done`.
    value: str
    #: Headings of a moderator's note.
    note: str


_MODS = r"(?:mod(?:erat|érat|erad|eraç|erac|eraz)\w+|mods?|support|admin\w*|t&s|trust\s*(?:&|and)\s*safety|staff)"
LANGUAGES = (
    Language(  # German
        stems="gelö entf gesp verw frei wied eing susp geba abge zurü ausg steh bela eska weit vers verl maßn"
        " mass akti",
        done=r"(?:gelöscht|entfernt|gesperrt|verwarnt|freigegeben|wiederhergestellt|eingeschränkt|suspendiert|gebannt"
        r"|abgelehnt|zurückgewiesen|ausgeblendet|stehen ?gelassen|belassen|eskaliert|weitergeleitet)",
        did="",
        thing=r"(?:mein|dein|sein|ihr|unser|euer|der|die|das|dieser|diese|dieses)e? "
        r"(?:beitrag|beiträge|post(?:ing)?s?|konto|konten|account|kommentare?|inhalte?|anzeigen?|video|foto|bild|profil"
        r"|nachricht(?:en)?|kanal|gruppe|seite|angebot|inserat|bewertung|werbung)",
        was=r"(?:wurden?|ist|sind|war|waren)(?: \w+){0,2}",
        by=r"(?:vo[nm]|durch)",
        who=rf"(?:(?:der|die|das|dem|den|einem|einer|eurem|unserem|ihrem) )?"
        rf"(?:{_MODS}|plattform|team|sicherheitsteam|mitarbeiter\w*)\b",
        have=r"(?:hat|haben|hatte|hatten)(?: \w+){0,4}? ",
        said=(
            r"kein(?:e|en)? (?:verstoß|verstoss|verletzung|verstöße)(?: \w+){0,3}? "
            r"(?:festgestellt|gefunden|erkannt|bestätigt)",
            r"(?:verstoß|verstoss|verletzung)(?: \w+){0,2}? (?:bestätigt|festgestellt)\b",
            r"keine (?:maßnahmen?|massnahmen?|aktion)(?: \w+){0,2}? "
            r"(?:ergriffen|getroffen|erforderlich|nötig|notwendig)",
            r"als (?:kein )?(?:verstoß|verstoss|spam|zulässig|unzulässig|unbedenklich) "
            r"(?:geschlossen|eingestuft|gewertet|bewertet|markiert)",
        ),
        field=r"entscheidung|ergebnis|maßnahme|massnahme|urteil|beschluss|ausgang|einstufung|status|bewertung",
        value=r"(?:kein(?:e|en)? (?:verstoß|verstoss|verletzung|maßnahme|massnahme|aktion)|verstoß|verstoss|behalten"
        r"|zulässig|unzulässig|sperre|löschung|entfernung|verwarnung|freigabe)",
        note=r"(?:(?:interne[rs]?|mod\w*|agenten|prüfer) ?-?(?:notiz|hinweis|kommentar|anmerkung|vermerk)"
        r"|(?:notiz|hinweis|kommentar|anmerkung|vermerk) (?:der moderation|des moderators|vom team|vom agenten))",
    ),
    Language(  # French
        stems="supp susp bloq bann rest réta reti aver dési masq refu reje appr main lais tran esca infr viol"
        " acti mesu sanc clas clos marq ferm",
        done=r"(?:supprim|suspend|bloqu|bann|restaur|rétabl|retir|averti|restrei|désactiv|masqu|refus|rejet|approuv"
        r"|maintenu|laiss|transmis|escalad)\w*",
        did="",
        thing=r"(?:mon|ma|mes|ton|ta|tes|son|sa|ses|notre|nos|votre|vos|leurs?|le|la|les|ce|cet|cette|l['’]) ?"
        r"(?:comptes?|publications?|posts?|commentaires?|contenus?|annonces?|vidéos?|photos?|images?|profils?|messages?"
        r"|chaînes?|groupes?|pages?|offres?|avis|publicités?)",
        was=r"(?:a|ont|avait|avaient)(?: \w+){0,2}? été(?: \w+){0,2}?|(?:est|sont|était|étaient|fut)(?: déjà)?",
        by=r"par",
        who=rf"(?:(?:le|la|les|un|une|votre|notre|l['’]|vos|nos) ?)?(?:{_MODS}|plateforme|équipe|modération)\b",
        have=r"(?:a|ont|avait|avez)(?: \w+){0,2}? ",
        said=(
            r"aucune (?:infraction|violation)(?: \S+){0,3}? (?:constatée|trouvée|relevée|détectée|confirmée)",
            r"(?:infraction|violation) (?:confirmée|constatée)",
            r"aucune (?:action|mesure|sanction)(?: \S+){0,3}? (?:prise|requise|nécessaire)",
            r"(?:classée?|clos|close|marquée?|fermée?) (?:sans suite|comme (?:une? )?"
            r"(?:non )?(?:violation|infraction|spam|conforme|non-conforme|valide))",
        ),
        field=r"décision|verdict|résultat|mesure|action(?: prise)?|sanction|statut|conclusion|issue",
        value=r"(?:aucune (?:infraction|violation|action|mesure|sanction)|infraction|violation|conforme|non conforme"
        r"|suppression|suspension|retrait|avertissement|sans suite|conservée?)",
        note=r"(?:(?:note|commentaire|remarque)s? (?:internes?|de (?:la )?modération|du modérateur|de l['’]agent)"
        r"|note du support)",
    ),
    Language(  # Spanish
        stems="elim susp bloq rest remo borr bane adve advi reti ocul rech apro dese esca mant infr viol incu"
        " acci medi cerr resu marc clas",
        done=r"(?:eliminad|suspendid|bloquead|restaurad|removid|borrad|banead|restablecid|restringid|advertid|retirad"
        r"|ocultad|rechazad|aprobad|desestimad|escalad|mantenid)[oa]s?",
        did=r"(?:eliminó|eliminaron|suspendió|suspendieron|bloqueó|bloquearon|retiró|retiraron|borró|borraron|restauró"
        r"|restauraron|mantuvo|mantuvieron|advirtió|advirtieron|rechazó|rechazaron)",
        thing=r"(?:mi|mis|tu|tus|su|sus|nuestr[oa]s?|la|las|el|los|est[ea]|estos|estas) "
        r"(?:cuentas?|publicación|publicaciones|posts?|comentarios?|contenidos?|anuncios?|v[ií]deos?|fotos?|imagen"
        r"|perfil|mensajes?|canal|grupos?|páginas?|ofertas?|reseñas?)",
        was=r"(?:fue|fueron|ha sido|han sido|había sido|está|están|quedó|quedaron)(?: ya)?",
        by=r"por",
        who=rf"(?:(?:el|la|los|las|un|una|su|nuestro) )?(?:{_MODS}|moderación|plataforma|equipo|soporte)\b",
        have=r"(?:ya )?(?:ha|han|había|habían) ",
        said=(
            r"no se (?:encontró|encontraron|detectó|detectaron|halló|observó|ha encontrado|ha detectado)(?: \w+){0,2}? "
            r"(?:infracción|infracciones|violación|violaciones|incumplimiento)",
            r"(?:infracción|violación) (?:confirmada|constatada)",
            r"no se (?:tomó|tomaron|tomará|requiere|necesita|aplicó|ha tomado)(?: \w+){0,2}? "
            r"(?:acción|acciones|medidas?)",
            r"(?:cerrad|resuelt|marcad|clasificad)[oa] como (?:una? )?(?:no )?"
            r"(?:infracción|violación|spam|válid[oa]|inválid[oa]|permitid[oa])",
        ),
        field=r"decisión|resolución|veredicto|resultado|acción(?: tomada)?|medida|sanción|estado|dictamen",
        value=r"(?:sin (?:infracción|acción|medidas)|ninguna (?:infracción|acción|medida)|infracción|violación"
        r"|no infringe|infringe|eliminar|suspender|mantener|permitido|advertencia|suspensión)",
        note=r"(?:(?:nota|comentario|observación)(?:s|es)? (?:interna?s?|de(?: la)? moderación|del? moderador\w*"
        r"|del agente|del equipo))",
    ),
    Language(  # Portuguese
        stems="elim susp bloq rest remo apag bani baní advi adve reti ocul reje apro excl esca mant viol infr"
        " ação açõe medi ence fech reso marc clas",
        done=r"(?:eliminad|suspens|bloquead|restaurad|removid|apagad|banid|restabelecid|restringid|advertid|retirad"
        r"|ocultad|rejeitad|aprovad|excluíd|escalad|mantid)[oa]s?",
        did=r"(?:removeu|removeram|suspendeu|suspenderam|bloqueou|bloquearam|apagou|apagaram|excluiu|excluíram|baniu"
        r"|baniram|restaurou|restauraram|manteve|mantiveram)",
        thing=r"(?:minhas?|meus?|tuas?|teus?|suas?|seus?|noss[oa]s?|a|o|as|os|est[ea]|ess[ea]) "
        r"(?:contas?|publicação|publicações|post(?:agem|agens|s)?|comentários?|conteúdos?|anúncios?|vídeos?|fotos?"
        r"|imagem|perfil|mensagem|mensagens|canal|grupos?|páginas?|ofertas?|avaliação)",
        was=r"(?:foi|foram|está|estão|tinha sido|já foi|já foram|ficou)",
        by=r"pel[oa]s?|por",
        who=rf"(?:(?:o|a|os|as|um|uma|sua|nossa) )?(?:{_MODS}|moderação|plataforma|equipe|equipa|suporte)\b",
        have=r"(?:já )?(?:tem|têm|tinha) ",
        said=(
            r"não (?:foi|foram) (?:encontrad|detectad|constatad)[oa]s?(?: \w+){0,2}? "
            r"(?:violação|violações|infração|infrações)",
            r"nenhuma (?:violação|infração)(?: foi)? (?:encontrada|constatada|detectada)",
            r"(?:violação|infração) (?:confirmada|constatada)",
            r"nenhuma (?:ação|medida)(?: (?:foi|será))? (?:tomada|necessária)",
            r"(?:encerrad|fechad|resolvid|marcad|classificad)[oa] como (?:uma? )?(?:não )?"
            r"(?:violação|infração|spam|válid[oa]|inválid[oa]|permitid[oa])",
        ),
        field=r"decisão|resolução|veredi[ct]?to|resultado|ação(?: tomada)?|medida|sanção|estado|situação|parecer",
        value=r"(?:sem (?:violação|infração|ação|medidas)|nenhuma (?:violação|infração|ação|medida)|violação|infração"
        r"|não viola|viola|remover|suspender|manter|permitido|advertência|suspensão|remoção)",
        note=r"(?:(?:nota|comentário|observação|observações)s? (?:interna?s?|da moderação|do moderador|do agente"
        r"|da equipe))",
    ),
    Language(  # Italian
        stems="rimo sosp bloc ripr elim canc bann limi avve oscu resp appr mant viol azio misu prov chiu cont clas",
        done=r"(?:rimoss|sospes|bloccat|ripristinat|eliminat|cancellat|bannat|limitat|avvertit|oscurat|respint|approvat"
        r"|mantenut)[oaie]",
        did="",
        thing=r"(?:il mio|la mia|i miei|le mie|il tuo|la tua|il suo|la sua|il nostro|la nostra|il|la|questo|questa) "
        r"(?:account|post|comment[oi]|contenut[oi]|annunci[o]?|video|foto|immagine|profilo|messaggi[o]?|canale|gruppo"
        r"|pagina|offert[ae]|recensione|pubblicazione)",
        was=r"(?:è stat[oa]|sono stat[ie]|era stat[oa]|fu|furono)(?: già)?",
        by=r"da(?:l|lla|i|gli|lle)?",
        who=rf"(?:(?:il|lo|la|i|gli|un) )?(?:{_MODS}|moderazione|piattaforma|squadra|team|assistenza)\b",
        have=r"(?:ha|hanno|aveva|avevano)(?: già)? ",
        said=(
            r"nessuna violazione(?: \S+){0,2}? (?:riscontrata|trovata|rilevata|confermata)",
            r"violazione (?:confermata|riscontrata)",
            r"ness(?:una|un) (?:azione|misura|provvedimento)(?: \S+){0,2}? (?:pres[oa]|necessari[oa]|adottat[oa])",
            r"(?:chius|contrassegnat|classificat)[oa] come (?:una? )?(?:non )?"
            r"(?:violazione|spam|valid[oa]|consentit[oa])",
        ),
        field=r"decisione|esito|verdetto|risultato|azione|provvedimento|misura|stato",
        value=r"(?:nessun[ao]? (?:violazione|azione|misura|provvedimento)|violazione|rimuovere|sospendere|mantenere"
        r"|consentito|ammonizione|sospensione|rimozione)",
        note=r"(?:(?:nota|note|commento|osservazione) (?:intern[ao]|della moderazione|del moderatore|dell['’]agente))",
    ),
    Language(  # Dutch
        stems="verw gebl gesc verb hers bepe gewa afge goed geha geës opge over sche acti maat gesl gema aang",
        done=r"(?:verwijderd|geblokkeerd|geschorst|verbannen|hersteld|beperkt|gewaarschuwd|verborgen|afgewezen"
        r"|goedgekeurd|gehandhaafd|geëscaleerd|opgeschort)",
        did="",
        thing=r"(?:mijn|jouw|je|zijn|haar|onze?|jullie|uw|de|het|dit|deze) "
        r"(?:account|berichten|bericht|post|reacties?|inhoud|advertenties?|video|foto|afbeelding|profiel|kanaal|groep"
        r"|pagina|aanbod|recensie)",
        was=r"(?:is|zijn|was|waren|werd|werden)(?: \w+){0,2}?",
        by=r"door",
        who=rf"(?:(?:de|het|een|jullie|ons) )?(?:{_MODS}|moderatie|platform|team|veiligheidsteam|medewerker\w*)\b",
        have=r"(?:heeft|hebben|had|hadden)(?: \w+){0,4}? ",
        said=(
            r"geen (?:overtreding|schending|overtredingen)(?: \w+){0,2}? (?:gevonden|vastgesteld|geconstateerd)",
            r"(?:overtreding|schending) (?:bevestigd|vastgesteld)",
            r"geen (?:actie|maatregel|maatregelen)(?: \w+){0,2}? (?:ondernomen|genomen|nodig|vereist)",
            r"(?:gesloten|gemarkeerd|aangemerkt|afgesloten) als (?:geen |niet )?"
            r"(?:overtreding|schending|spam|toegestaan)",
        ),
        field=r"beslissing|besluit|uitkomst|resultaat|actie|maatregel|oordeel|status",
        value=r"(?:geen (?:overtreding|schending|actie|maatregel)|overtreding|schending|verwijderen|schorsing|behouden"
        r"|toegestaan|waarschuwing|verwijdering)",
        note=r"(?:interne (?:notitie|opmerking|aantekening)|(?:notitie|opmerking) van (?:de )?moderat\w+)",
    ),
)


def _spaced(pattern: str) -> re.Pattern[str]:
    return re.compile("(?i)" + _wide(pattern))


def _wide(pattern: str) -> str:
    return re.sub(r" (\?)?", lambda space: r"[ \t]*" if space[1] else r"[ \t]+", pattern)


def _sentences(one: Language) -> Iterator[re.Pattern[str]]:
    yield _spaced(rf"(?<!\w){one.thing} (?:{one.was}) {one.done}(?!\w)")
    yield _spaced(rf"(?<!\w){one.done} (?:{one.by}) {one.who}")
    yield _spaced(rf"(?<!\w)(?:{one.by}) {one.who} {one.done}(?!\w)")
    did = rf"(?:{one.have}{one.done}|{one.did})" if one.did else rf"{one.have}{one.done}"
    yield _spaced(rf"(?<!\w){one.who} {did}(?!\w)")
    for said in one.said:
        yield _spaced(rf"(?<!\w)(?:{said})(?!\w)")


#: Letters of a stem.
_STEM = 4


@cache
def _patterns() -> tuple[tuple[frozenset[str], tuple[re.Pattern[str], ...]], ...]:
    """Of each language its stems and its sentences; compiled when the first text is looked through."""
    return tuple((frozenset(one.stems.split()), tuple(_sentences(one))) for one in LANGUAGES)


def sentences(text: str, words: Iterable[str]) -> Iterator[re.Match[str]]:
    """The sentences of *text*, whose folded *words* are given, that tell an outcome.

    >>> said = "Mein Beitrag wurde gelöscht."
    >>> [match[0] for match in sentences(said, said.casefold().split())]
    ['Mein Beitrag wurde gelöscht']
    """
    begun = {word[:_STEM] for word in words}
    for stems, patterns in _patterns():
        if not begun.isdisjoint(stems):
            for pattern in patterns:
                yield from pattern.finditer(text)


def notes(text: str) -> Iterator[re.Match[str]]:
    """Lines that a moderator or an agent wrote into the text."""
    return _note().finditer(text)


@cache
def _note() -> re.Pattern[str]:
    named = _any(one.note for one in LANGUAGES)
    return re.compile(
        rf"(?im)^[ \t]*[*>#_(\[<{{-]{{0,3}}[ \t]*(?:{named})[ \t]*(?:[)\]>}}]+[ \t]*[:–-]?|[:–])[ \t]*\S[^\n]*$"
    )


def fields(text: str) -> Iterator[re.Match[str]]:
    """Lines like "Entscheidung: gelöscht", with their `value`; whether it says an outcome is asked apart."""
    return _field().finditer(text)


@cache
def _field() -> re.Pattern[str]:
    named = _any(one.field for one in LANGUAGES)
    return re.compile(
        rf"(?im)^[ \t]*\W{{0,4}}(?:{named})[ \t]*(?:[:=–>]|->|=>|-[ \t])+[ \t]*(?P<value>[^\n]{{1,200}})$"
    )


def is_outcome(value: str) -> bool:
    """Whether what stands in such a line begins with an outcome.

    >>> is_outcome("gelöscht"), is_outcome("3 zu 2")
    (True, False)
    """
    return _value().match(value) is not None


@cache
def _value() -> re.Pattern[str]:
    said = "|".join(f"{one.done}|{one.value}" for one in LANGUAGES)
    return _spaced(rf"\W*(?:{said})(?!\w)")


def _any(parts: Iterable[str]) -> str:
    return _wide("|".join(parts))
