"""The English words by which sentences of policies say which side they put their subject on.

Data, not logic: patterns over folded text (lower case, straight quotes). A sentence is searched. What no
pattern knows is on neither side; nothing is guessed. No pattern names a document.
"""

from qa.policytext.phrases import Phrases
from qa.policytext.word_parts import (
    ALLOWED,
    BEARS,
    BREACH,
    COMFORT,
    DOES,
    DONE,
    HOUSE,
    HOW,
    NOT,
    NOT_ALLOWED,
    POLICY,
    THING,
    WHO,
)

# Whatever stands first and must not do something; "may not" says as often that something may fail to be.
_FIRM = (
    r"^(?!(?:it|this|that|there|these|those|we|our|which|what|if|when)\b)(?:[\w'/-]+ ){1,8}"
    r"(?:must not|mustn't|shall not) "
    r"(?!be (?:able|aware|visible|considered|construed|liable|responsible|taken|read|interpreted|seen)\b)\w"
)
#: A sentence that bans so firmly that it is meant so wherever it stands.
FIRM = Phrases(_FIRM)

#: A lead-in (or a sentence) that prohibits.
PROHIBITING = Phrases(
    rf"(?<!jurisdictions )(?<!countries )(?<!states )(?<!laws )\b{NOT} "
    r"(?:(?:generally|ever|knowingly|at any time|under any circumstances|in any (?:form|way)) )?"
    rf"(?!want\b){BEARS}\b",
    rf"(?<!who )\b(?:is|are|be|being|remains?|will)(?: {HOW})? {NOT_ALLOWED}\b",
    r"^(?:must|shall|should) not \w",
    rf"\b(?:{THING}|listings?|bots?)"
    r"(?: (?:that|which|with|in|on|from|of|about|containing|associated)\b[^,.;:]{1,60}?)? "
    r"(?:(?:must not|cannot|can't|may not|should not) "
    r"be (?:posted|shared|sold|copied|used|promoted|advertised|published|uploaded|made|monetized)\b"
    rf"|(?:must not|should not) (?!be\b)\w|(?:cannot|can't) {DOES}\b|may not (?!(?:be|appear|work|reach|see|load"
    r"|function|always|know|get|receive|match|apply|exist|reflect|last|fit|suit|have|need|want|notice|find)\b)\w)",
    rf"\b{WHO}(?: also)? (?:may|must|can|shall|should) (?:not|never)\b|\b{WHO} (?:mustn't|shouldn't)\b",
    _FIRM,
    rf"\b{WHO} (?:cannot|can't) (?:also )?{DOES}\b",
    r"^(?:(?:if|when|whenever|before|after)\b[^,]{1,100}, )?(?:please )?"
    rf"(?:(?:do not|don't|never)\b(?! {COMFORT}\b)|refrain from\b)",
    r"^(?:please )?avoid\b(?!.*\b(?:where|when|if) (?:possible|you can)\b)",
    rf"^(?!{HOUSE}\b|(?:it|this|that|there|these|those|we|our|which|what)\b)(?:[\w'/-]+ ){{1,8}}"
    rf"(?:must not|cannot|can't|may not|should not) be {DONE}\b",
    rf"^(?!{HOUSE}\b|we\b)(?:[\w'/-]+ ){{1,8}}(?:must|should|shall|may) (?:also |always )?(?:avoid|refrain from|abstain"
    r" from)\b",
    r"^(?:none of|nobody|no (?!(?:more|less|fewer|other|longer|matter|doubt|later)\b)[\w'/-]+)[^.;:,]{0,80}?\b(?:may"
    r"|shall|must)\b",
    rf"^(?:none of|nobody|no (?!(?:more|less|fewer|other|longer|matter)\b)[\w'/-]+)[^.;:,]{{0,60}}"
    rf"\b(?:is|are) {ALLOWED}\b",
    rf"^(?:cannot|can't) (?:be )?(?:{DOES}|posted|shared|sold|copied|used|promoted|published|uploaded)\b",
    rf"\b{THING} (?:may|must) not be (?!(?:seen|considered|reviewed|processed|refunded|returned"
    r"|displayed|shown)\b)\w+ed\b",
    r"^(?!(?:violat|break|breach|fail|ignor|repeat|continu|do)ing\b)\w+ing\b[^.;:]{1,80}\b(?:will|may"
    r"|can) (?:result in|lead to|get you)\b"
    r"[^.;:]{0,30}\b(?:bans?|banned|mutes?|muted|kicks?|kicked|suspensions?|suspended|removal|removed|warnings?"
    r"|strikes?)\b",
    r"\b(?:has|have|is|are) no place (?:here|in|on|at|within)\b|\b(?:a|an) (?:[\w-]+ )?(?:bannable"
    r"|banworthy) offen[cs]e\b",
    r"\byou will not "
    r"(?!(?:be|see|receive|lose|get|have|need|find|hear|know|experience|notice|miss|pay|incur|earn)\b)",
    r"\byou agree not to\b",
    r"\bwe (?:will |may |also |strictly )*(?:prohibit|ban|forbid|disallow|condemn|denounce|oppose|"
    rf"(?:remove|take down|delete|block|reject) (?:any |all )?{THING} (?:that|which|who))\b",
    r"^(?!(?:if|when)\b).*\b(?:is|are) (?:also )?in violation of\b",
    r"\bzero[- ]tolerance\b|\bagainst (?:the|our) (?:rules|policy|policies|guidelines|standards)\b",
    rf"\b(?:is|are|as)(?: considered)? (?:a )?violations?\b|\bviolates?{POLICY}(?: if| when|:|$)"
    rf"|\bviolations (?:of .{{1,40}} )?include\b",
    r"\b(?:(?:will|must|should|shall) be|(?:is|are) (?:always|immediately))"
    r" (?:removed|banned|deleted|taken down|rejected|blocked)\b",
    r"^(?!(?:your|the|this|that|it|we|you|if|when|"
    r"(?:\w+ )?(?:requests?|appeals?|applications?|reports?|claims?))\b)[^.;:]{3,160}?"
    r"\bwill be (?:denied|refused|declined|disqualified)\b",
    r"\b(?:must|may|should|shall) not (?:be )?(?:post|share|contain|include|upload|use|promote|publish)",
)

#: A lead-in (or a sentence) that permits.
PERMITTING = Phrases(
    rf"\b(?:is|are|(?<!should )(?<!must )(?<!shall )(?<!may )(?<!might )be|remains?)(?: {HOW})? (?:allowed"
    r"|permitted|acceptable"
    r"|permissible|tolerated|appropriate|okay|ok|fine|alright|all right|exempt|encouraged(?! to\b)"
    r"|not (?:prohibited|violations|a violation|considered a violation))\b",
    r"\b(?:do not|does not|don't|doesn't) (?:violate|prohibit|forbid"
    r"|constitute (?:an? )?(?:breach|violation|abuse|harassment|spam)|fall under|apply to|remove"
    r"|count as)\b",
    r"\byou may (?!(?:be|not|also|have|need|want|wish|see|receive|find|get|lose|experience|encounter|notice|choose"
    r"|write|feel|think|know|wonder|decide|expect|hear|come|opt|email|e-mail|call|appeal|request|contact|report"
    r"|dispute|ask|submit|still|already|change|cancel|close|upgrade|downgrade|terminate|withdraw|update|unsubscribe|log|sign"
    r"|manage|switch|enable|disable|select)\b)\w+",
    r"\byou (?:may|can|are (?:free|allowed|permitted|welcome) to) (?:also )?"
    r"(?:use|post|share|include|publish|upload|discuss|display|link|quote|advertise|promote|sell|create)\b",
    r"\bwe (?:do |will |generally |also |may )*(?:allow|permit|welcome"
    r"|encourage(?= (?:the following|these|all of)\b|(?: \w+){1,2}\W*$))\b"
    r"(?! (?:(?:your|all|any|constructive) )*(?:feedback|questions?|suggestions?|contributions?|comments?|reports?"
    r"|ideas)\b)",
    r"^(?:it is|it's|feel free to|(?:is|are) free to) (?:also )?(?:(?:perfectly |totally |completely )?(?:fine|okay"
    r"|ok|acceptable) to|(?!ask)"
    rf"{DOES})\b",
)

#: What those who run a place may do is no permission.
OF_THE_HOUSE = Phrases(rf"^(?:the )?(?:our )?{HOUSE}(?: members?)? (?:is|are|may|can)\b")
IS_THE_HOUSE = Phrases(rf"\b{HOUSE}(?: members?)? $")

#: A sentence that says of conduct that it is a breach, and no more: it is meant so wherever it stands.
NAMING_BREACH = Phrases(
    rf"^(?!(?:if|when|where|whether|any|this|that|it|we|you|they)\b)[^:;]{{3,200}}?\b(?:is|are|constitutes?)"
    rf"(?: also)?(?: considered)? (?:(?:strictly|expressly) )?(?:prohibited|forbidden"
    rf"|not (?:allowed|permitted|tolerated)"
    rf"|a (?:serious )?violation|{BREACH})(?: (?:of|by|under) (?:these|this|our|the) [\w' -]+)?\.?$"
)

#: An item or a lead-in that bans in the fewest words ("No spam"), and signs that do the same.
BANNING = Phrases(
    r"(?:(?:absolutely|strictly|definitely|please|and) )?no (?!(?:other(?! (?:methods?|forms?|kinds?|types?|ways?)\b)"
    r"|further|longer|one|more|less|fewer|later|need|matter|doubt|action|violations?|exceptions?|problem"
    r"|changes?)\b)"
    r"(?!.*\b(?:is|are|was|were|(?<!to )be|will|can|may|must|has|have|had|does|do|did|shall|should|would|need)\b)[\w@#]"
)
BANNING_SIGN = Phrases("[\u274c\u2716\u2717\u2718\u26d4\U0001f6ab\U0001f645\U0001f44e]")
PERMITTING_SIGN = Phrases("[\u2705\u2714\u2713\u2611\U0001f44d]")

#: An item of a list of what is welcome that speaks of what is not.
FORBEARING = Phrases(r"(?:please )?(?:do not|don't|never|refrain from|avoid)\b")

#: A label that asks for something, as "Be kind" does.
ASKING = Phrases(
    r"(?:please |always )?(?:be|keep|respect|use|follow|treat|stay|make|have|help|assume|report|think|remember|ask"
    r"|give"
    r"|value|maintain|practi[cs]e|share|search|read|listen|speak|focus|show|provide|respond|consider|try|act|credit|cite|tag|choose|include|honou?r"
    r"|protect|combine|verify|check|stick|limit)\b"
)
#: An item that names a duty, which a list of what is welcome may hold beside what is allowed.
OWING = Phrases(
    r"(?:please |always |promptly )*(?:comply|notify|maintain|monitor|ensure|report|keep|obey|abide|adhere|follow"
    r"|verify|obtain|protect|secure|observe|make sure|take responsibility)\b"
)
#: An item that says what comes of a breach, whom to tell, or what an exception takes, and names no conduct.
ASIDE_ITEM = Phrases(
    r"^(?:any )?(?:repeat(?:ed)? )?(?:violations?|breaches|failure to|we (?:may|will|reserve))\b.*\b(?:may|will|can"
    r"|reserve)\b.*\b(?:result|lead|remov\w+|suspen\w+|terminat\w+|ban|banned|actions?|penal\w+)\b",
    r"^(?:please )?(?:(?:report|contact|e-?mail|see|visit|refer to) (?:us|it|any|the|this|our|your|also|section)"
    r"|learn more|if you (?:see|encounter|believe|suspect|are unsure|have))\b",
)
#: A sentence that tells of what somebody does or says, and what is in it is theirs.
REPORTING = Phrases(r"^\w+ing\b|\b(?:saying|claim\w*|impl\w+|suggest\w*|argu\w+|statements?)\b|[\"']")

#: In a list that no words lead to: what is so in a case, and no conduct.
CASE_REMARK = Phrases(
    r"^this (?:rule|policy|section|guideline|requirement|restriction|prohibition)\b(?! (?:also )?(?:prohibits|forbids"
    r"|bans|includes))",
    r"^(?:if|when|in (?:specific|some|such|these|rare) cases?)\b[^.]*(?:, (?:you|they|we|it|this|the|an?|consider"
    r"|please|moderate|treat|report|all|any)\b|:$)",
)
#: Under an item, and without words that lead to it: what is said about the item, not another one of its kind.
REMARK = Phrases(
    r"^(?:this|these|that|it|they|you|we|no|note)\b(?!.{0,20}\bincludes?\b)(?! (?:kinds?|types?|forms?) of\b)",
    r"^(?:(?:do not|don't) (?:moderate|punish|remove|ban|warn|delete|enforce)|apply|inform|notify|consider|consult"
    r"|refer|escalate|contact|see)\b",
    r"\b(?:should|must|may|might|will|can) (?:or may not )?(?:always |immediately |also )?be\b[^:]*\.$",
)
#: A sentence that asks something of those to whom a thing is let.
OBLIGING = Phrases(
    r"^(?!you may\b)[^,;:]{3,100}\b(?:must|shall|(?:is|are) (?:required|encouraged|expected|obliged) to)\b"
    r"(?! (?:not|never)\b)[^:]*\.$"
)
FORMALITY = Phrases(
    r"\b(?:must|should|needs? to|has to|have to|(?:is|are) to) be (?:\w+ ){0,2}(?:requested|approved|documented"
    r"|submitted|granted|reviewed|recorded|authori[sz]ed)\b"
    r"|\brequires? (?:\w+ ){0,3}(?:approval|permission|consent|sign-off)\b"
)

#: Words above a list of things to be done one after another.
STEPWISE = Phrases(r"\b(?:steps?|process|procedure|checklist|will|in (?:this|the following) order|as follows)\b")

#: Openings of a sentence that says something about its own list rather than about a subject of its own.
OF_THE_LIST = Phrases(r"(?:we|you|this|these|those|the following|following|it|they|users|such)\b|no:")

#: From here on a sentence says what somebody sees to, not what is so.
SEEING_TO = Phrases(
    r"\b(?:ensur(?:e|es|ing)|mak(?:e|es|ing) sure|verif(?:y|ies)|check(?:s|ing)?|confirms?|so that)\b.*"
    r"|\b(?:unsure|not sure|aren't sure|ask(?:ing)?|wonder(?:ing)?) (?:\w+ ){0,3}(?:if|whether)\b.*"
)

#: Words in front of a sentence that join it to the one before.
ADVERBIAL = Phrases(
    r"^(?:for (?:example|instance)|additionally|furthermore|moreover|in addition|in particular|in general|generally"
    r"|specifically|similarly|likewise|therefore|finally|also|again|at all times|note that|please note(?: that)?)"
    r"(?:[,:]\s*|(?<=that)\s+)"
)
#: Clauses that do not carry the sentence; what follows the comma does.
CONCESSION = Phrases(
    r"^(?:while|although|though|even though|even if|whereas|in addition to|besides|because|since|as|however|if|when"
    r"|whenever|where|once|unless|until|assuming|in (?:the )?(?:cases?|events?)(?: of| that| where)?)\b"
    r"(?:.{0,200}?,\s*(?=(?:then|we|you|they|it|he|she|this|that|these|those|the|an?|our"
    r"|your|their|users?|members?|please|do|don't|never|no)\b)|[^,]*,\s*)"
)

#: Words that show a norm, the longest first.
MODALITY = Phrases(
    r"\b(must not|may not|shall not|should not|need not|cannot|can not|can't|mustn't|shouldn't"
    r"|will not|won't|do not|does not|don't"
    r"|doesn't|is not (?:allowed|permitted|required)|are not (?:allowed|permitted|required)"
    r"|prohibited|forbidden|not permitted"
    r"|required|reserves? the right|never|must|shall|should|may|will|can)\b"
)
EXCEPTION_WORD = Phrases(r"\b(?:unless|except|excluding|other than|with the exception of)\b")
