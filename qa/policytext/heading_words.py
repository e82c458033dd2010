"""The English words by which headings, and labels in bold, say which side is under them.

Data, not logic: patterns over folded text (lower case, straight quotes). A heading is matched whole. What no
pattern knows is on neither side; nothing is guessed. No pattern names a document.
"""

from qa.policytext.phrases import Phrases
from qa.policytext.word_parts import (
    ALLOWED,
    BEARS,
    BREACH,
    COMFORT,
    NOT,
    NOT_ALLOWED,
    PENALTY,
    POLICY,
    SOME,
    THING,
    THINGS,
    WHERE,
    WHO,
)

#: A heading that names a breach; it puts on its side only what follows as examples of it.
BREACH_HEADING = Phrases(rf"(?:[\w,'&/-]+ ){{0,4}}{BREACH}")

#: Headings that sound like a side and are the name of a subject.
NEUTRAL_HEADING = Phrases(r"(?:acceptable|appropriate|fair) use")

#: A heading, or a label in bold, over what is prohibited.
PROHIBITED_HEADING = Phrases(
    rf"{SOME}{NOT_ALLOWED}(?:(?:,? and|,? or|/|,) (?:restricted|regulated|illegal|dangerous"
    rf"|harmful))?{THINGS}{WHERE}",
    rf"{SOME}{THING}{THINGS} {NOT_ALLOWED}{WHERE}|zero[- ]tolerance\b.*|red lines?|no-?gos?",
    r"(?:(?:strictly|always) )?(?:prohibited|forbidden|banned|disallowed|unacceptable) [\w-]+(?: [\w-]+)?",
    r"includes?|included|what is included",
    rf"violates?{POLICY}|{SOME}(?:(?:minor|major|moderate|serious|severe|critical|clear|common|typical|other) )?"
    r"(?:(?:policy|example) )?violations?(?: examples)?(?: includes?| are)?|a violation",
    r"(?:minor|major|moderate|serious|severe|forbidden|bannable) (?:infractions?|offen[cs]es?)",
    r"removed?|take(?: it)? down|deleted?|reject(?:ed)?|block(?:ed)?|disallow|prohibits?|forbids?",
    r"(?:[\w-]+ ){0,2}prohibitions?|restricted (?:behaviou?rs?|conduct|activit(?:y|ies)|actions?|acts|practices?)",
    rf"(?:what |things )?(?:{WHO} {NOT}\b.*|we {NOT} (?:generally |ever )?{BEARS}\b.*)",
    rf"(?:what |{THING} (?:that |which )?)?we (?:remove|prohibit|ban|forbid|disallow|take down|reject)",
    rf"{THING} (?:that |which )?we {NOT} {BEARS}\b.*|{SOME}{THING} (?:that |which )?(?:violates?|violating"
    rf"|breaks?){POLICY}",
    rf"(?:{THING} (?:that |which )?|what )(?:will|can|may|gets?) (?:be |get )?(?:you |your (?:posts?|account"
    r"|content) )?"
    rf"{PENALTY}|(?:reasons|grounds) for (?:the )?(?:removal|rejection|deletion)(?: of .*)?|bannable offen[cs]es",
    rf"(?:(?:examples|types|forms|kinds) of |what we consider (?:to be )?|what (?:counts as|constitutes) ){BREACH}",
    r"(?:things|behaviou?rs?|conduct|topics|content|actions|what) to avoid|(?:please )?(?:avoid|refrain from)",
    r"(?:[\w'-]+ ){0,3}[\w'-]+s (?:must|may|should|shall) (?:not|never)",
    rf"what(?:'s|(?: {THING})? (?:is|are)) {NOT_ALLOWED}.*|what (?:isn't|aren't) (?:allowed|permitted"
    rf"|acceptable|okay|ok)\b.*",
    r"what (?:counts as|constitutes|is(?: considered)?) a violation|what not to (?!expect|worry)\w+\b.*|(?:general "
    r"|common )?misuse",
    r"(?:use|usage|licen[cs]e|acceptable use) restrictions|restrictions on (?:the |your )?use(?: of .*)?",
    rf"(?:please )?(?:do not|don't|never)(?: (?!{COMFORT}\b)\w+\b.*)?|do nots|don'?t'?s?",
    rf"(?:{WHO} )?agree not to",
    r"(?:[\w'-]+ ){1,4}(?:that |which )?(?:(?:should|must|may|can) not|cannot) be \w+ed",
    r"against (?:the|our) (?:rules|policy|policies|guidelines)",
    rf"{SOME}{THING} (?:that|which) (?:is|are) {NOT_ALLOWED}{WHERE}",
)

#: A heading, or a label in bold, over what is permitted.
PERMITTED_HEADING = Phrases(
    rf"{SOME}(?:{ALLOWED}|(?:positive|good|constructive|desirable|exemplary)(?= (?:behav|conduct))){THINGS}",
    r"(?:allowed|permitted|permissible) (?!us|time|hours|limits?\b|polic|roles?\b|exceptions?\b)[\w-]+(?: [\w-]+)?"
    r"|acceptable (?!us|quality|risks?\b|limits?\b|polic|time|levels?\b|exceptions?\b)[\w-]+",
    r"allows?|permits?|keep|leave(?: it)? up|approved?|no violations?|non-?violations?|does not violate" + POLICY,
    rf"(?:what |things )?(?:{WHO} (?:can|may)(?: (?:post|share|do|say|use|publish))?|we (?:allow|permit|welcome))",
    r"what we (?:do |also |generally |always )*(?:allow|permit|welcome|encourage)\b.*|what (?:this policy"
    r"|we) (?:still|(?:do|does) not) (?:allows?|permits?|prohibits?|remove)",
    rf"{SOME}{THING} (?:that |which )?(?:does|do) not violate{POLICY}|benign|{WHO} (?:are )?(?:free|welcome|allowed"
    r"|permitted) to"
    rf"|(?:this|that|these) (?:is|are) {ALLOWED}|allowed with (?:restrictions|conditions|care"
    r"|(?:content )?warnings?)",
    rf"what(?:'s|(?: {THING})? (?:is|are)) (?:{ALLOWED}|welcome).*",
    r"what (?:is not|isn't|does not count as|doesn't count as) a violation",
    rf"do|do's|do (?:this|these|the following)|(?:[\w'-]+ ){{1,4}}(?:that |which )?(?:can|may) be (?:used|posted"
    rf"|shared|sold|listed)|(?:do|can|may) (?:post|share|say|use|publish)|{THING} (?:that|which) (?:is"
    rf"|are) {ALLOWED}",
)

#: A heading, or a label in bold, that takes something out of what stands around it.
EXCEPTION_HEADING = Phrases(
    r"exceptions?(?: (?:to|from|for)\b.*)?|exemptions?|carve-?outs?|excludes?|excluded|exclusions?"
    r"|(?:out of|not in) scope|not covered",
    r"(?:what (?:is|are) )?(?:not (?:covered|included)|out of scope|excluded|exempt(?:ed)?)(?: from\b.*)?",
    r"(?:this (?:policy )?)?(?:does not|doesn't) (?:include|cover|apply)(?: to)?",
    r"(?:excludes?|exclusions?|exempt(?:ions?|s)?) (?:from|to) (?:this|the|these|our) .*",
)

#: A heading over the first words of a text: what is around it does not hold in it, and only bans are meant so.
OPENING_HEADING = Phrases(r"(?:overview|introduction|summary|tl;?dr|in short|at a glance|preamble)")

#: A heading, or a lead-in, over what is said besides: it is on no side, whatever stands around it.
BESIDE_HEADING = Phrases(
    r"why\b.*|rationale|background|context|purpose|goals?|severity(?: levels?)?|scope"
    r"|instead|(?:what to )?(?:do|use|try) instead|prefer(?:red)?|recommended(?: [\w-]+){0,3}|recommendations?"
    r"|suggestions?|suggested(?: [\w-]+){0,2}",
    r"(?:best|good) practices?|tips|(?:further |related |useful |helpful |more )?(?:resources|reading|links|policies)"
    r"|references|(?:table of )?contents|see also"
    r"|contacts?|questions|faqs?|(?:revision |version )?history|changelog|authors?",
    r"mitigations?|mitigation (?:steps|measures|strateg(?:y|ies))|safeguards|prevention|alternatives?|support|feedback",
)

#: A heading over terms and what they mean (found anywhere in it).
DEFINITION_HEADING = Phrases(
    r"\bdefinitions\b|\bterminology\b|\bglossary\b|\bdefinitions? of (?:key )?terms\b|\b(?:key"
    r"|defined) terms\b|^terms$|\bacronyms\b"
)

#: A heading over what is done with a case, not over conduct (found anywhere in it).
PROCEDURE_HEADING = Phrases(
    r"\bprocess(?:es|ing)?\b|\bprocedures?\b|\bhow (?:do|does|to|we|this|is|are|it|should)\b"
    r"|\bworkflow\b|\bsteps\b|\bescalat",
    r"\benforce|\bappeal|\breinstate|\breport(?:ing|s|ed|ee)?\b|\brespon(?:d|se)|\binstructions?\b"
    r"|\binterpret|\bresolutions?\b|\bsanctions?\b",
    r"\bconsequences?\b|\bwhat happens\b|\bfollow(?:ing)?[- ]up\b|^(?:[\w-]+ )?output(?: format)?$|\bformat\b|\bsubmi"
    r"|\binvestigat|\bassessment\b|\breview",
    r"^(?:what|how|when|where|why) (?:\w+ ){0,2}we\b|\byour (?:rights|data|privacy|choices|options)\b"
    r"|^our (?:commitments?|promises?|responsibilit|rights?|role)",
    r"\bdisputes?\b|\baccountability\b|\btransparency\b|\backnowledg|\bconflicts? of interest\b"
    r"|\bguidance for\b|\bnotes? (?:for|to)\b",
)
