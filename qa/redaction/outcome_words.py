"""How people write in English what was decided, as patterns; a space stands for any white space within a line."""

from __future__ import annotations


def _spaced(pattern: str, flags: str = "i") -> str:
    return f"(?{flags})" + pattern.replace(" ", r"[ \t]+")


#: What was done. Words that people also use of themselves ("I blocked him") tell only in the sentences below.
DONE = (
    r"(?:removed|deleted|taken[\W_]?down|took[\W_]down|takedown|suspended|banned|blocked|restricted|warned|kept"
    r"|left up|restored|reinstated|escalated|dismissed|actioned|approved|rejected|hidden|age\W?gated|demoted|muted"
    r"|upheld|overturned|disclosed|refused|cleared)"
)
_WHO = (
    r"(?:(?:(?:the|our|your|a|an) )?(?:trust\s*(?:&|and)\s*safety|t&s|moderat\w+|mods?|agents?|admins?|reviewers?"
    r"|analysts?|support|safety|enforcement|integrity|operations|ops|staff|us))\b"
)
_THING = (
    r"(?:account|post|comment|content|listing|video|photo|profile|advert|ad|message|channel|group|page|offer|review"
    r"|thread)s?"
)
_HELPING = r"(?:(?:was|were|has|have|had|been|got|is|are|just|already|now|then) )"
_HAVE = r"(?:(?:have|has|had|just|already|then) |['’]ve )"
#: "That will get you banned" says what may come, not what was done.
_NO_OBJECT = "".join(rf"(?<!\b{word}\s)" for word in ("get", "gets", "getting", "got", "want", "see", "have"))
_AS = r"(?:violat\w+|non-?violat\w+|spam|valid|invalid|benign|ok|allowed|no\Waction)"
_NOT = r"(?:not )?"
_DONE_WORDS = """
removed deleted taken took takedown suspended banned blocked restricted warned kept left restored reinstated escalated
dismissed actioned approved rejected hidden age agegated demoted muted upheld overturned disclosed refused cleared
"""
_DONE_SET = frozenset(_DONE_WORDS.split())
_CLOSED_SET = frozenset({"closed", "resolved", "marked", "actioned", "settled", "decided", "labelled", "labeled"})

#: Sentences that tell, each with words without one of which it cannot be.
SENTENCES = (
    (_DONE_SET, _spaced(rf"\b{_HELPING}*{DONE} by {_WHO}(?: (?-i:[A-Z])\w+){{0,2}}")),
    (_DONE_SET, _spaced(rf"{_NO_OBJECT}\b(?:you|the platform|{_WHO}) {_HAVE}*{DONE}\b")),
    (_DONE_SET, _spaced(rf"\b(?:my|our|his|her|their|the|this) {_THING} {_HELPING}+{DONE}\b")),
    (_CLOSED_SET, _spaced(rf"\b(?:{'|'.join(sorted(_CLOSED_SET))}) as (?:an? )?(?:no )?{_NOT}(?:{DONE}|{_AS})\b")),
    (
        {"violation", "violations"},
        _spaced(r"\bno violations? (?:was |were )?found\b|\bviolations? (?:was |were )?confirmed\b"),
    ),
    (
        {"found"},
        _spaced(
            rf"\b(?:was|were|been|is) found {_NOT}(?:to {_NOT}(?:violate|breach|be (?:in )?violat\w+)|in violation)\b"
        ),
    ),
    ({"action"}, _spaced(r"\bno action (?:was |has been |is )?(?:taken|needed|required)\b")),
)
#: A line like "Decision: removed"; whether its value says an outcome is asked apart.
FIELD = (
    r"(?im)^[ \t]*\W{0,4}(?:(?:final|our|agent|mod(?:erator)?|initial)[ \t]+)?"
    r"(?:decision|verdict|outcome|resolution|disposition|action(?:[ \t_]+taken)?|ruling|determination|status"
    r"|enforcement|result|label)"
    r"[ \t]*(?:[:=–>]|->|=>|-[ \t])+[ \t]*(?P<value>[^\n]{1,200})$"
)
#: A line that a moderator or an agent wrote into the text.
NOTE = (
    r"(?im)^[ \t]*[*>#_(\[<{-]{0,3}[ \t]*"
    r"(?:internal|mod(?:erator)?|agent|qa|reviewer|analyst|admin|t&s|trust[ \t]*(?:&|and)[ \t]*safety|staff|support"
    r"|note[ \t]+to[ \t]+(?:self|agent|reviewer|mods?))(?:['’]s)?"
    r"(?:[ \t_-]*(?:only|use|note|notes|comment|remark|log|action|decision))*"
    r"[ \t]*(?:[)\]>}]+[ \t]*[:–-]?|[:–])[ \t]*\S[^\n]*$"
)
_PARTS = """
remove removed rmv delete deleted takedown keep kept allow allowed ban banned suspend suspended warn warned restrict
restricted escalate escalated dismiss dismissed reject rejected approve approved violation violating nonviolating
noviolation violates actioned noaction upheld overturned hide hidden block blocked
"""
#: Parts of an id that say an outcome, besides the keys of actions.
PARTS = frozenset(_PARTS.split())
