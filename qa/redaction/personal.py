"""Names, e-mail addresses, phone numbers, postal addresses and account numbers in a text, by rule.

The rules read English, German, French, Spanish, Italian, Portuguese and Dutch; e-mail addresses and numbers in any
language. A name is known by what stands before it (a title, "my name is", the end of a letter), or as a usual given
name with another behind it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from qa.redaction.given_names import GIVEN
from qa.redaction.spans import PERSONAL, Span, covered, words_of

_UP = "A-ZÀ-ÖØ-ÞĄĆČĎĐĘĚĞİŁŃŇŐŘŚŠŤŮŰŹŻŽΑ-ΩА-Я"
#: A word that is written like a name, and up to three of them.
_CAP = rf"[{_UP}][\w'’-]*[\w]"
_NAME = rf"{_CAP}(?:[ \t]+(?:(?:de|da|dos|van|von|der|den|del|la|bin|al)[ \t]+){{0,2}}{_CAP}){{0,2}}"
_EMAIL = re.compile(
    r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"
    r"|[\w.+-]+\s?[(\[{]\s?(?:at|@)\s?[)\]}]\s?[\w-]+(?:\s?(?:\.|[(\[{]\s?(?:dot|\.)\s?[)\]}]|\bdot\b)"
    r"\s?\w{2,})+",
    re.IGNORECASE,
)
_AT = re.compile(r"[(\[{]\s?at\s?[)\]}]", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w+.,])(?:\+|\()?\d(?:[ ()./\u00a0-]{0,2}\d){6,14}(?![\w]|[.,:]\d)")
_DATE = re.compile(r"(?:\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4})(?:\D.*)?")
_CALLS = re.compile(
    r"(?:phone|tel|telephone|telefon|téléphone|teléfono|telefone|telefono|mobile|mobil|handy|cell|call|text|sms"
    r"|whatsapp|signal|ring|anrufen|ruf|appelle[rz]?|llama(?:r|me)?|fax|number is|nummer)\b\W{0,3}(?:\w+\W{1,2}){0,3}$",
    re.IGNORECASE,
)
_CARD = re.compile(r"(?<![\w-])\d(?:[ -]?\d){12,18}(?![\w-])")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}\b")
_TITLE = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Madam|Herr|Herrn|Frau|Señor|Señora|Sra?|Don|Doña|Mme|Mlle|Monsieur|Madame"
    rf"|Signora?|Senhora?|Dhr|Mevr|Mevrouw)\.?[ \t]+(?:Dr\.?[ \t]+|Prof\.?[ \t]+)?({_NAME})"
)
_CALLED = re.compile(
    r"(?i:\b(?:my (?:full |real )?name(?: is|'s|’s|:)|(?:his|her|their) (?:full |real )?name is|name ?:|i am called"
    r"|mein name ist|ich hei(?:ß|ss)e|sie hei(?:ß|ss)t|er hei(?:ß|ss)t|je m['’]appelle|mon nom est|il s['’]appelle"
    r"|elle s['’]appelle|me llamo|mi nombre es|se llama|mi chiamo|il mio nome è|meu nome é|chamo-me|me chamo|ik heet"
    rf"|mijn naam is|signed by|real name))[ \t]*[:,]?[ \t]*({_NAME})"
)
_ENDS = re.compile(
    r"(?i:(?:^|\n)[ \t]*(?:(?:best|kind|warm|many)[ \t]+)?(?:regards|wishes|thanks|sincerely|yours(?: \w+)?|cheers"
    r"|mit freundlichen grü(?:ß|ss)en|viele grü(?:ß|ss)e|lg|mfg|cordialement|bien à vous|saludos|un saludo|atentamente"
    rf"|cordiali saluti|atenciosamente|met vriendelijke groet)[,.!]?[ \t]*\n[ \t]*)({_NAME})[ \t]*(?=\n|$)"
)
_PAIR = re.compile(rf"\b({_CAP})[ \t]+(?:(?:de|da|van|von|der|del|la|bin|al)[ \t]+){{0,2}}({_CAP})")
_WAYS = (
    r"Street|St\.|Str\.|Road|Rd\.?|Avenue|Ave\.?|Lane|Ln\.?|Drive|Boulevard|Blvd\.?|Court|Place|Square|Sq\.?|Terrace|Way"
    r"|Close|Crescent|Highway|Hwy\.?|Parkway|Pkwy\.?|Gardens|Grove|Hill|Row|Mews"
)
_TOWN = (
    rf"(?:,?[ \t]+(?:\d{{4,5}}[ \t]+)?{_CAP}(?:[ \t]{_CAP})?(?:,?[ \t]+[A-Z]{{2}})?[ \t]+"
    r"(?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]?[ \t]?\d[A-Z]{2}))?"
)
_OFF = r"(?:(?:de|del|la|las|los|da|do|dos|das|di|della|dei|du|des|le|les)[ \t]+|d['’]|l['’]){0,2}"
_ENDING = r"straße|strasse|str\.|weg|platz|allee|gasse|ring|ufer|damm|straat|laan|plein|gracht|kade"
_NO = r"\d{1,4}(?:[ \t]?[a-z]\b)?"
_ENGLISH = re.compile(
    rf"\b\d{{1,5}}[A-Za-z]?[ \t]+(?:{_CAP}[ \t]+){{1,3}}(?:{_WAYS})(?!\w)"
    rf"(?:,?[ \t]+(?:Apt|Apartment|Flat|Unit|Suite|Floor)\.?[ \t]*#?\w+)?{_TOWN}"
)
_GERMAN = re.compile(
    rf"\b(?:(?:{_CAP}[ \t]+)?[{_UP}][\w.-]*(?:{_ENDING})"
    rf"|{_CAP}[ \t]+(?:Straße|Strasse|Weg|Platz|Allee|Gasse|Ring|Ufer|Damm))[ \t]+{_NO}"
    rf"(?:,?[ \t]+\d{{4,5}}(?:[ \t]?[A-Z]{{2}})?[ \t]+{_CAP})?"
)
_FRENCH = re.compile(
    r"\b\d{1,4}(?:[ \t]?(?:bis|ter))?,?[ \t]+(?i:rue|avenue|boulevard|chemin|place|allée|impasse|quai|route)[ \t]+"
    rf"{_OFF}{_CAP}(?:[ \t-]{_CAP}){{0,2}}"
)
_SOUTHERN = re.compile(
    r"\b(?i:calle|avenida|av\.|plaza|paseo|c/|rua|travessa|via|viale|piazza|corso)[ \t]*"
    rf"{_OFF}{_CAP}(?:[ \t]+{_OFF}{_CAP}){{0,3}},?[ \t]+(?:n[º°.]?[ \t]?)?\d{{1,4}}"
)
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?[ \t]\d[A-Z]{2}\b|\bP\.?[ \t]?O\.?[ \t]?Box[ \t]+\d+")
_STREETS = """
street st str road rd avenue ave lane ln drive boulevard blvd court place square sq terrace way close crescent highway
hwy parkway pkwy gardens grove hill row mews
"""
_RUES = "rue avenue boulevard chemin place allée impasse quai route"
_CALLES = "calle avenida av plaza paseo c rua travessa via viale piazza corso"
_TITLE_WORDS = """
mr mrs ms miss mx dr prof sir madam herr herrn frau señor señora sr sra don doña mme mlle monsieur madame signor signora
senhor senhora dhr mevr mevrouw
"""
_CALLED_WORDS = (
    "name called heiße heisse heißt heisst appelle nom llamo nombre llama chiamo nome chamo heet naam signed"
)
_END_WORDS = """
regards wishes thanks sincerely yours cheers grüßen grüssen grüße grüsse lg mfg cordialement vous saludos saludo
atentamente saluti atenciosamente groet
"""
#: Ways of writing an address and names, each with words without one of which it cannot be there.
_ADDRESSES = tuple((frozenset(one.split()), rule) for one, rule in (
    (_STREETS, _ENGLISH), (_RUES, _FRENCH), (_CALLES, _SOUTHERN)
))  # fmt: skip
_NAMES = tuple((frozenset(one.casefold().split()), rule) for one, rule in (
    (_TITLE_WORDS, _TITLE), (_CALLED_WORDS, _CALLED), (_END_WORDS, _ENDS)
))  # fmt: skip
_GERMAN_ENDS = (*_ENDING.replace("str\\.", "str").split("|"),)
#: As many digits as the shortest phone number has.
_DIALLED = re.compile(r"\d(?:[^\w\n]{0,3}\d){6}")
_CAPITAL = re.compile(r"[A-Z]\d|Box")
_COUNTRY = re.compile(r"[A-Z]{2}\d{2}")
_DIGIT = re.compile(r"\d")
_LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_ACCOUNT = re.compile(r"(?<![\w@.])@\w[\w.-]*\w")
_LONG = re.compile(r"(?<![\w+])\+?\d(?:[ ()./-]?\d){6,}(?!\w)")


def found(text: str) -> list[Span]:
    """What is personal in *text*: names, e-mail and postal addresses, phone, card and account numbers.

    >>> said = "Write to Dr. Mia Lund, m.lund@example.org"
    >>> [said[span.start:span.end] for span in found(said)]
    ['m.lund@example.org', 'Mia Lund', 'Mia Lund']
    """
    words = words_of(text)
    spans = [*_emails(text)]
    if _DIGIT.search(text):
        spans += [*_phones(text), *_numbers(text), *_addresses(text, words)]
    return [*spans, *_named(text, words), *_pairs(text, words)]


def found_for_reuse(text: str) -> list[Span]:
    """The same, with links, names of accounts and every long number: what must not be met outside its case."""
    return [*found(text), *(span for rule in _REUSE for span in rule(text))]


def masked(text: str) -> str:
    """*text* as it may be used again elsewhere.

    >>> masked("Write to ann@example.org or call +44 20 7946 0018")
    'Write to [e-mail] or call [phone]'
    """
    return covered(text, found_for_reuse(text))


def _emails(text: str) -> Iterator[Span]:
    if "@" in text or _AT.search(text):
        yield from _each(_EMAIL, "email", text)


def _phones(text: str) -> Iterator[Span]:
    """A number that is dialled: it begins like one, is grouped like one, or stands behind a word for calling."""
    for match in _PHONE.finditer(text) if _DIALLED.search(text) else ():
        said = match[0]
        digits = sum(sign.isdigit() for sign in said)
        if digits > 15 or _DATE.fullmatch(said):
            continue
        begins = said[0] in "+(" or (said[0] == "0" and digits >= 8)
        grouped = re.fullmatch(r"\d{3}[ .-]\d{3}[ .-]\d{4}", said) is not None
        if begins or grouped or _CALLS.search(text[max(match.start() - 40, 0) : match.start()]):
            end = match.end()
            yield Span(match.start(), end, PERSONAL, "phone")


def _numbers(text: str) -> Iterator[Span]:
    """Card numbers and IBANs whose own check holds."""
    for match in _CARD.finditer(text) if _DIALLED.search(text) else ():
        if _is_card(match[0]):
            yield Span(*match.span(), PERSONAL, "number")
    for match in _IBAN.finditer(text) if _COUNTRY.search(text) else ():
        if _is_iban(match[0]):
            yield Span(*match.span(), PERSONAL, "number")


def _is_card(said: str) -> bool:
    """Luhn's check."""
    digits = [int(sign) for sign in said if sign.isdigit()][::-1]
    doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return 13 <= len(digits) <= 19 and len(set(digits)) > 1 and (sum(digits[::2]) + doubled) % 10 == 0


def _is_iban(said: str) -> bool:
    """ISO 13616: the letters as numbers, the first four signs at the end, one modulo 97."""
    plain = said.replace(" ", "")
    if not 15 <= len(plain) <= 34:
        return False
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1


def _addresses(text: str, words: frozenset[str]) -> Iterator[Span]:
    """Postal addresses: each way of writing one is tried where its words stand."""
    for signs, rule in _ADDRESSES:
        if not words.isdisjoint(signs):
            yield from _each(rule, "address", text)
    if any(word.endswith(_GERMAN_ENDS) for word in words):
        yield from _each(_GERMAN, "address", text)
    if _CAPITAL.search(text):
        yield from _each(_POSTCODE, "address", text)


def _named(text: str, words: frozenset[str]) -> Iterator[Span]:
    """Names behind a title, behind words that say a name, and under a letter."""
    for signs, rule in _NAMES:
        if not words.isdisjoint(signs):
            for match in rule.finditer(text):
                yield Span(*match.span(1), PERSONAL, "name")


def _pairs(text: str, words: frozenset[str]) -> Iterator[Span]:
    """A usual given name with the name that follows it."""
    if words.isdisjoint(GIVEN):
        return
    at = 0
    while match := _PAIR.search(text, at):
        if match[1].casefold() in GIVEN:
            yield Span(*match.span(), PERSONAL, "name")
            at = match.end()
        else:
            at = match.end(1)


def _each(pattern: re.Pattern[str], rule: str, text: str) -> Iterator[Span]:
    for match in pattern.finditer(text):
        yield Span(*match.span(), PERSONAL, rule)


Rule = Callable[[str], Iterator[Span]]
_REUSE: tuple[Rule, ...] = (
    partial(_each, _LINK, "link"), partial(_each, _ACCOUNT, "account"), partial(_each, _LONG, "number"),
)  # fmt: skip
