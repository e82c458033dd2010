"""Words and patterns of English that generation goes by; other languages do without them."""

import re

_STOP = """
    a an and any are as at be been being both but by can could did do does for from had has have he her
    his how i if in including into is it its may me might more most must my nor not of on one or other
    our out own shall she should so some such than that the their them then there these they this those
    through to under until up upon us was we were what when where whether which while who whom whose
    will with within would you your also each every either e g etc eg ie about against
"""
STOP_WORDS = frozenset(_STOP.split())

#: A sentence that begins so points at something that the reader does not see.
_STARTS = (
    "it|its|this|that|these|those|they|them|their|he|she|his|her|such|both|either|neither|here|there|so",
    r"in (?:such|this|that|these|those|either|any of these) \w+",
    "if (?:so|not|it|they|this|that|these|those|he|she)",
    "however|therefore|further|furthermore|still|also|instead|otherwise|likewise|similarly|then|thus|hence",
    "(?:for|in) (?:all |any )?other cases",
    "in addition|additionally|for example|for instance|in that event|in essence|in other words|as a result",
    "(?:once|when|while) (?:it|this|that|they)|and|but|or|because|sometimes",
)
POINTING_STARTS = re.compile(rf"(?i)^(?:{'|'.join(_STARTS)})\b")

#: These point elsewhere wherever they stand in the sentence; "this policy" does not.
_OWN = "policy|policies|code|platform|service|site|guideline"
_WORDS = (
    "above|below|aforementioned|the following|as follows|as noted|listed (?:here|earlier)|what follows",
    "see (?:also )?(?:the|our|section)|the former|the latter|the same response|at that time",
    "in that (?:case|event|time|way|manner)",
    rf"(?:this|these|those)(?! (?:{_OWN})\b)|such (?!as\b)\w+|note that|mentioned|described here",
)
POINTING_WORDS = re.compile(rf"(?i)\b(?:{'|'.join(_WORDS)})\b|\(see\b|\[[A-Z][A-Z ]{{3,}}\]")

#: A phrase that ends so waits for what came after it in the policy.
_LEADS_ON = r"and/or|or|and|through|such as|like|including|includes?|as follows|the following|namely|e\.g|i\.e"
DANGLING_ENDS = re.compile(rf"(?i)[\s,;:–—-]*\b(?:{_LEADS_ON})[\s,;:–—-]*$")
#: These wait only before a colon: "who they are" and "that no law asks for" are whole.
_BEFORE = "in|on|at|about|are|is|be|if|as|may|must|will|not|for|to|of|by|with|that|which|when|where|among|via|from"
BEFORE_COLON = re.compile(rf"(?i)\s+(?:{_BEFORE})\s*:\s*$")
_WAITS = "of|to|for|with|by|from|through|such as|including|and|or|that|which|via|the|an?"
#: An article before a word that no article stands before: a link or a variable was taken out between them.
MISSING_WORD = re.compile(r"(?i)\b(?:the|an?) (?:to|of|and|for|with|is|are|by|from|that|which|the|if)\b")
WAITING_END = re.compile(rf"(?i)\b(?:{_WAITS})$")

_MARKUP = (
    r"\{%|%\}|\{\{|\}\}|AUTOTITLE|<!--|-->|\]\(|\*\*|(?:^|\s)[_*]{1,3}\w",
    r"^\s*(?:[-*+]|\d+[.)])\s|`{3}|\|\s*-{3}|/{3}(?!\S)|#!",
)
RESIDUE = re.compile("|".join(_MARKUP))
#: Control characters, and those that turn the direction of what follows or cannot be seen.
_RANGES = "0000-0008 000b-001f 007f-009f 200b-200f 202a-202e 2060-2069 feff-feff"
_SPANS = (span.split("-") for span in _RANGES.split())
CONTROL = re.compile("[" + "".join(rf"\u{low}-\u{high}" for low, high in _SPANS) + "]")

#: Words of moderation that name one thing, a line for each: who reads one of them thinks of the other.
FAMILIES = (
    "minor minors child children underage under age 18 teen teenager kid youth young grooming csam",
    "violence violent kill killing attack weapon weapons gore gory injury injuries harm physical shooting",
    "weapon weapons firearm firearms gun guns ammunition explosive explosives bomb bombs knife knives",
    "hate hatred hateful slur slurs racist racism dehumanizing extremist extremism",
    "discrimination discriminate discriminatory protected characteristic characteristics race religion gender",
    "harassment harass harassing bully bullying intimidate intimidation stalk stalking abuse insult insults",
    "sexual sex sexually nude nudity porn pornography pornographic erotic genitals arousal escort adult nsfw",
    "health medical medication medicine wellness disease treatment cure",
    "alcohol tobacco nicotine vape vapes vaping cigarette cigarettes",
    "suicide suicidal self cutting eating disorder",
    "spam spamming unsolicited bulk mass repetitive promotional promotion",
    "advertising advertise advertisement ad ads promote promotion marketing sponsor monetized",
    "privacy private personal confidential dox doxxing doxing",
    "illegal unlawful crime crimes criminal law laws legal regulated regulation",
    "drug drugs substance substances narcotic narcotics dealer pill pills marijuana cannabis",
    "fraud fraudulent scam scams deceptive deceive mislead misleading misrepresent phishing counterfeit",
    "impersonate impersonation pose posing pretend pretending identity",
    "copyright trademark patent infringe infringement intellectual property piracy pirated proprietary",
    "malware virus hack hacking hacker security exploit exploits",
    "appeal appeals dispute reinstatement overturn contest",
    "vandalism vandalise vandalize damage damaging destroy griefing",
    "warning warnings warn strike strikes",
    "ban banned suspend suspension terminate termination",
    "alcohol alcoholic beer wine drinking tobacco cigarettes nicotine",
)
#: Words of a heading that say a side, and not what it is about.
SIDE_WORDS = """
    violates violating violation violations safe unsafe allowed permitted prohibited disallowed forbidden banned
    acceptable unacceptable appropriate inappropriate excludes includes exclusions inclusions content
    welcome unwelcome whats dos donts
"""
