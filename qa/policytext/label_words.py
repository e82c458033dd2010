"""The English words that stand as labels before items, and the outcomes that some of them name.

Data, not logic: patterns over folded text (lower case, straight quotes), matched against a whole label.
"""

from qa.policytext.phrases import Phrases

#: Labels in front of an item (before a colon) that qualify the rule above instead of naming conduct.
QUALIFIER_LABEL = Phrases(
    r"requirements?|exclusions?|notes?|please note|important(?: note)?|conditions?|limitations?"
    r"|limits?|caveats?|clarifications?",
    r"rationale|reasons?|purpose|goal|scope|severity|priority|threshold|confidence|tip|hint|see also"
    r"|context|background",
)
EXCEPTION_LABEL = Phrases(r"(?:exceptions?|exempt(?:ions?)?|unless|except)$")
#: Labels of examples, and of aspects of the thing above.
EXAMPLE_LABEL = Phrases(r"(?:examples?|e\.g\.|for example|sample)$")
FACET_LABEL = Phrases(
    r"(?:.*\b)?(?:types?|topics?|sources?|kinds?|categories|indicators?|formats?|covered \w+|content types)$"
)
#: Labels of what is to be done, and of what it is done for.
ACTION_LABEL = Phrases(
    r"consequences? (?:for|of) .*|output|actions?|outcomes?|verdict|decision|label|results?|response|consequences?"
    r"|enforcement(?: action)?|classification",
    r"sanctions?|penalty|disposition|remedy|next step|what (?:we|to) do",
)
EVENT_LABEL = Phrases(
    r"(?:community )?impact|events?|situations?|trigger|violations?|offen[cs]es?|behaviou?rs?"
    r"|incident|conditions?|cause|scenario",
    r"if|when|occurrence|conduct|signal|level",
)

#: How a verdict or an action word at the start of an outcome says the side.
PROHIBITED_OUTCOME = Phrases(
    r"(?:invalid|violat(?:es|ing|ion)|removed?|reject(?:ed)?|block(?:ed)?|disallow(?:ed)?|prohibited|unsafe"
    r"|not (?:allowed|permitted|ok|okay|acceptable)|never|forbidden|unacceptable|ban(?:ned)?|deleted?|take down)\b"
)
PERMITTED_OUTCOME = Phrases(
    r"(?:valid|safe|non-?violat(?:ing|ion)|no violation|allow(?:ed)?|keep|approve|permitted|leave up"
    r"|no action|does not violate)\b"
)

#: A label that counts occasions; what follows it is what is done about each.
OCCASION_LABEL = Phrases(
    r"(?:(?:first|second|third|fourth|final|1st|2nd|3rd|repeat(?:ed)?|subsequent|further|multiple)(?:[ -]time)?"
    r"(?: or \w+)?) ?(?:offen[cs]es?|violations?|warnings?|strikes?|breach(?:es)?|incidents?)?"
)
#: A label that orders something to be done; it puts an item on a side only where another orders the opposite.
ORDER_LABEL = Phrases(
    r"remove|take(?: it)? down|delete|reject|block|disallow|prohibit|forbid",
    r"allow|permit|keep|leave(?: it)? up|approve|do",
)
