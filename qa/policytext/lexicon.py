"""The English words by which policies say which side a list is on.

Data, not logic: patterns over folded text (lower case, straight quotes). A heading is matched whole, a lead-in
anywhere. What no pattern knows is on neither side; nothing is guessed. No pattern names a document.
"""

from qa.policytext.phrases import Phrases

_THING = (
    r"(?:content|conduct|behaviou?rs?|activit(?:y|ies)|actions?|acts?|uses?|usage|material|speech|posts?|messages?"
    r"|practices?|language|items?|goods|products|services|ads|advertising|requests?|accounts?|examples?|cases"
    r"|categor(?:y|ies)|topics?|themes?|businesses|transactions|media|images?|tactics|tricks|links?|comments?|submissions?|apps?|software"
    r"|extensions?|packages?)"
)
_NOT_ALLOWED = (
    r"(?:(?:strictly |expressly |explicitly )?(?:prohibited|forbidden|banned|disallowed|unacceptable|impermissible)"
    r"|inappropriate|violating|violative|unsafe|never (?:allowed|permitted|tolerated|acceptable|appropriate|okay|ok)"
    r"|not (?:be )?(?:allowed|permitted|acceptable|accepted|tolerated|appropriate|okay|ok|welcome|safe))"
)
_ALLOWED = (
    r"(?:(?:(?:generally|always|explicitly|expressly) )?(?:allowed|permitted|acceptable|permissible"
    r"|appropriate|okay|ok)"
    r"|compliant|encouraged|legitimate|safe|exempt"
    r"|non-?(?:violating|violative|spam)|not (?:prohibited|violating|violations|a violation|considered a violation))"
)
_SOME = r"(?:(?:some |common |typical |key )?(?:examples|types|kinds|forms|list) of )?"
_THINGS = rf"(?:(?: | and | or |, | & |/){_THING})*(?: includes?| (?:is|are))?"
_POLICY = r"(?: (?:this|the|our) (?:policy|policies|rules?|guidelines?|standards?))?"
_HOW = (
    r"(?:also|generally|usually|always|normally|actually|perfectly|totally|fully|still|typically|just|completely"
    r"|absolutely|hereby|specifically|therefore)"
)
_WHO = (
    r"(?:you|users|members|participants|customers|clients|sellers|employees|agents|developers|authors|publishers"
    r"|contributors|creators|advertisers|merchants|vendors|players|guests|attendees|visitors|students)"
)
#: What people do to others and with things; "cannot" before another verb says what is out of reach.
_DOES = (
    r"(?:post|share|sell|resell|buy|trade|use|reuse|upload|publish|send|promote|advertise|create|impersonate|harass|threaten"
    r"|abuse|solicit|offer|distribute|transfer|copy|host|list|engage|display|include|link|discuss|ask|violate|spam"
    r"|contain|depict|show|target|incite|glorify|encourage|mislead|feature)"
)
#: What a house does with others' conduct; all else that it does or does not do is about itself.
_BEARS = r"(?:allow|permit|tolerate|accept|condone|support|host|welcome|want)"
_NOT = (
    r"(?:do not|does not|don't|doesn't|will not|won't|cannot|can't|can not"
    r"|must not|mustn't|may not|shall not|should not|shouldn't)"
)

#: Headings that sound like a side and are the name of a subject.
NEUTRAL_HEADING = Phrases(r"(?:acceptable|appropriate|fair) use")

#: A heading, or a label in bold, over what is prohibited.
PROHIBITED_HEADING = Phrases(
    rf"{_SOME}{_NOT_ALLOWED}{_THINGS}",
    r"includes?|included|what is included",
    rf"violates?{_POLICY}|{_SOME}(?:(?:minor|major|moderate|serious|severe|critical|clear|common|typical|other) )?"
    r"(?:(?:policy|example) )?violations?(?: examples)?(?: includes?| are)?|a violation",
    r"removed?|take(?: it)? down|deleted?|reject(?:ed)?|block(?:ed)?|disallow|prohibits?|forbids?",
    r"(?:[\w-]+ ){0,2}prohibitions?|restricted (?:behaviou?rs?|conduct|activit(?:y|ies)|actions?|acts|practices?)",
    rf"(?:what |things )?(?:{_WHO} {_NOT}\b.*|we {_NOT} (?:generally |ever )?{_BEARS}\b.*)",
    r"(?:what )?we (?:remove|prohibit|ban|forbid|disallow|take down|reject)",
    r"(?:[\w'-]+ ){0,3}[\w'-]+s (?:must|may|should|shall) (?:not|never)",
    rf"what(?:'s|(?: {_THING})? (?:is|are)) {_NOT_ALLOWED}.*|what (?:isn't|aren't) (?:allowed|permitted"
    rf"|acceptable|okay|ok)\b.*",
    r"what (?:counts as|constitutes|is(?: considered)?) a violation",
    r"(?:do not|don't|never) (?:post|share|do|send|upload|publish|say|create|engage|allow)\b.*|do nots|don'?t'?s?",
    r"against (?:the|our) (?:rules|policy|policies|guidelines)",
    rf"{_THING} (?:that|which) (?:is|are) {_NOT_ALLOWED}",
)

#: A heading, or a label in bold, over what is permitted.
PERMITTED_HEADING = Phrases(
    rf"{_SOME}(?:{_ALLOWED}|(?:positive|good|constructive|desirable|exemplary)(?= (?:behav|conduct))){_THINGS}",
    r"allows?|permits?|keep|leave(?: it)? up|approved?|no violations?|non-?violations?|does not violate" + _POLICY,
    rf"(?:what |things )?(?:{_WHO} (?:can|may)(?: (?:post|share|do|say|use|publish))?|we (?:allow|permit|welcome))",
    r"what we (?:do |also |generally |always )*(?:allow|permit|welcome|encourage)\b.*",
    rf"what(?:'s|(?: {_THING})? (?:is|are)) {_ALLOWED}.*",
    r"what (?:is not|isn't|does not count as|doesn't count as) a violation",
    rf"do|do'?s|(?:do|can|may) (?:post|share|say|use|publish)|{_THING} (?:that|which) (?:is|are) {_ALLOWED}",
)

#: A heading, or a label in bold, that takes something out of what stands around it.
EXCEPTION_HEADING = Phrases(
    r"exceptions?(?: (?:to|from|for)\b.*)?|exemptions?|carve-?outs?|excludes?|excluded|exclusions?"
    r"|(?:out of|not in) scope|not covered",
    r"(?:what (?:is|are) )?(?:not (?:covered|included)|out of scope|excluded|exempt(?:ed)?)(?: from\b.*)?",
    r"(?:this (?:policy )?)?(?:does not|doesn't) (?:include|cover|apply)(?: to)?",
    r"(?:excludes?|exclusions?|exempt(?:ions?|s)?) (?:from|to) (?:this|the|these|our) .*",
)

#: A heading, or a lead-in, over what is said besides: it is on no side, whatever stands around it.
BESIDE_HEADING = Phrases(
    r"why\b.*|rationale|background|context|purpose|goals?|severity(?: levels?)?|scope|overview|introduction"
    r"|instead|(?:what to )?(?:do|use|try) instead|prefer(?:red)?|recommended|recommendations?|suggestions?",
    r"(?:best|good) practices?|tips|(?:further |related |useful |helpful |more )?(?:resources|reading|links|policies)"
    r"|references|see also|contacts?|questions|faqs?|(?:revision |version )?history|changelog|authors?",
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
    r"\benforce|\bappeal|\breinstate|\breport(?:ing|s|ee)?\b|\brespon[ds]|\binstructions?\b"
    r"|\binterpret|\bresolutions?\b|\bsanctions?\b",
    r"\bconsequences?\b|\bwhat happens\b|\bfollow(?:ing)?[- ]up\b|\boutput\b|\bformat\b|\bsubmi"
    r"|\binvestigat|\bassessment\b|\breview",
    r"^(?:what|how|when|where|why) (?:\w+ ){0,2}we\b|\byour (?:rights|data|privacy|choices|options)\b"
    r"|^our (?:commitments?|promises?|responsibilit|rights?|role)",
    r"\bdisputes?\b|\baccountability\b|\btransparency\b|\backnowledg|\bconflicts? of interest\b"
    r"|\bguidance for\b|\bnotes? (?:for|to)\b",
)

#: A lead-in (or a sentence) that prohibits.
PROHIBITING = Phrases(
    rf"\b{_NOT} (?:(?:generally|ever|knowingly|at any time|under any circumstances|in any (?:form|way)) )?"
    rf"(?!want\b){_BEARS}\b",
    rf"\b(?:is|are|be|being|remains?|will)(?: {_HOW})? {_NOT_ALLOWED}\b",
    rf"\b(?:{_THING}|listings?|bots?)"
    r"(?: (?:that|which|with|in|on|from|of|about|containing|associated)\b[^,.;:]{1,60}?)? "
    r"(?:(?:must not|cannot|can't|may not|should not) "
    r"be (?:posted|shared|sold|copied|used|promoted|advertised|published|uploaded|made|monetized)\b"
    rf"|(?:must not|should not) (?!be\b)\w|(?:cannot|can't) {_DOES}\b|may not (?!(?:be|appear|work|reach|see|load"
    r"|function|always|know|get|receive|match|apply|exist|reflect|last|fit|suit|have|need|want|notice|find)\b)\w)",
    rf"\b{_WHO}(?: also)? (?:may|must|can|shall|should) (?:not|never)\b|\b{_WHO} (?:mustn't|shouldn't)\b",
    # Whatever stands first and must not do something; "may not" says as often that something may fail to be.
    r"^(?!(?:it|this|that|there|these|those|we|our|which|what|if|when)\b)(?:[\w'/-]+ ){1,8}"
    r"(?:must not|mustn't|shall not) "
    r"(?!be (?:able|aware|visible|considered|construed|liable|responsible|taken|read|interpreted|seen)\b)\w",
    rf"\b{_WHO} (?:cannot|can't) (?:also )?{_DOES}\b",
    r"^(?:(?:if|when|whenever|before|after)\b[^,]{1,100}, )?(?:please )?(?:do not|don't|never|refrain from)\b",
    r"\byou will not "
    r"(?!(?:be|see|receive|lose|get|have|need|find|hear|know|experience|notice|miss|pay|incur|earn)\b)",
    r"\byou agree not to\b",
    r"\bwe (?:will |may |also |strictly )*(?:prohibit|ban|forbid|disallow|"
    rf"(?:remove|take down|delete|block|reject) (?:any |all )?{_THING} (?:that|which|who))\b",
    r"^(?!(?:if|when)\b).*\b(?:is|are) (?:also )?in violation of\b",
    r"\bzero[- ]tolerance\b|\bagainst (?:the|our) (?:rules|policy|policies|guidelines|standards)\b",
    rf"\b(?:is|are|as)(?: considered)? (?:a )?violations?\b|\bviolates?{_POLICY}(?: if| when|:|$)"
    rf"|\bviolations (?:of .{{1,40}} )?include\b",
    r"\b(?:(?:will|must|should|shall) be|(?:is|are) (?:always|immediately))"
    r" (?:removed|banned|deleted|taken down|rejected|blocked)\b",
    r"\b(?:must|may|should|shall) not (?:be )?(?:post|share|contain|include|upload|use|promote|publish)",
)

#: A lead-in (or a sentence) that permits.
PERMITTING = Phrases(
    rf"\b(?:is|are|(?<!should )(?<!must )(?<!shall )be|remains?)(?: {_HOW})? (?:allowed|permitted|acceptable"
    r"|permissible|appropriate|okay|ok|exempt|encouraged(?! to\b)"
    r"|not (?:prohibited|violations|a violation|considered a violation))\b",
    r"\b(?:do not|does not|don't|doesn't) (?:violate|prohibit|forbid|constitute|fall under|apply to|remove|count as)\b",
    r"\byou may (?!(?:be|not|also|have|need|want|wish|see|receive|find|get|lose|experience|encounter|notice|choose"
    r"|write|feel|think|know|wonder|decide|expect|hear|come|opt|email|e-mail|call|appeal|request|contact|report|dispute|ask|submit|still|already)\b)\w+",
    r"\byou (?:may|can|are (?:free|allowed|permitted|welcome) to) (?:also )?"
    r"(?:use|post|share|include|publish|upload|discuss|display|link|quote|advertise|promote|sell|create)\b",
    r"\bwe (?:do |will |generally |also |may )*(?:allow|permit|welcome|encourage(?!(?: \w+){1,3} to\b))\b",
    r"\bcontributes? to (?:(?:creating|building|fostering|maintaining) )?(?:a|an|our) (?:\w+,? (?:and )?)?"
    r"(?:positive|welcoming|healthy|safe|inclusive)\b|\bpositive (?:behaviou?rs?|conduct)\b",
)

#: An item or a lead-in that bans in the fewest words ("No spam"), and signs that do the same.
BANNING = Phrases(
    r"no (?!(?:other|further|longer|one|more|less|fewer|later|need|matter|doubt|action|violations?|exceptions?|problem"
    r"|changes?)\b)"
    r"(?!.*\b(?:is|are|was|were|be|will|can|may|must|has|have|had|does|do|did|shall|should|would|need)\b)\w"
)
BANNING_SIGN = Phrases("[\u274c\u2716\u2717\u2718\u26d4\U0001f6ab\U0001f645\U0001f44e]")
PERMITTING_SIGN = Phrases("[\u2705\u2714\u2713\u2611\U0001f44d]")

#: An item of a list of what is welcome that speaks of what is not.
FORBEARING = Phrases(r"(?:please )?(?:do not|don't|never|refrain from|avoid)\b")
#: What a lead-in says about its list, besides.
PROHIBITED_LIST = Phrases(
    rf"\b{_NOT_ALLOWED} {_THING}\b|\bwe (?:will |may |also )*(?:remove|take down|delete|block|reject)\b",
    r"\b(?:disruptive|abusive|harassing|disrespectful|toxic|malicious|fraudulent|deceptive|unethical)"
    rf"(?: \w+)? {_THING}\b(?=[^.:]{{0,60}}\b(?:includes?|are|is|such as|examples?)\b)"
    r"|\b(?:(?:must|may|should|shall|(?<!\bwe )do) not|^can not|mustn't|shouldn't|(?<!\bwe )don't|never):?$"
    rf"|\b(?:{_WHO}|{_THING})(?: also)? (?:cannot|can't|can not|will not|won't):?$"
    r"|^(?:\w+ ){0,4}(?:harassment|abuse|spam|hate speech|bullying|doxxing|discrimination|misconduct|trolling"
    r"|retaliation|impersonation|vandalism|plagiarism)\b[^.:]{0,40}\bincludes?\b",
)
PERMITTED_LIST = Phrases(
    rf"\b{_ALLOWED} {_THING}\b(?! polic)|\b(?:may|can):$|^(?:may|can)$"
    r"|\bencouraged?\b[^:]{0,60} to (?:act|behave)\b[^:]*:$"
    r"|\bmay be (?:used|posted|shared|stored|published|sold|listed|advertised)(?: (?:for|to|in|as)(?: \w+)?)?:$"
)

#: The end of a lead-in whose list takes something out.
EXCEPTING = Phrases(
    r"\b(?:excludes?|excluding|except(?: for| when| where| if| in| that)?|unless|other than"
    r"|apart from|aside from|not including)[^.:]{0,60}:?$",
    r"\b(?:does not|doesn't|do not|don't) (?:include|cover|apply)\b[^.:]{0,60}:?$",
    r"\bwith the exceptions? of[^.:]{0,60}:?$|\bexceptions?(?: (?:is|are|for|include|to this"
    r"|to the above)\b[^.:]{0,60})?:?$",
)

#: A lead-in that says of exceptions that they are allowed, whatever they are taken out of.
ALLOWED_EXCEPTIONS = Phrases(
    r"\b(?:allowed|permitted|acceptable|valid) exceptions?\b|\bexceptions? (?:that )?we allow\b"
)

#: A lead-in whose list holds the parts of one thing that must all be there.
COMPOSING = Phrases(
    r"\b(?:must|should|shall|has to|have to|needs? to) (?:also )?(?:include|contain|provide|state"
    r"|specify|have|describe|list)\b",
    r"\b(?:all|each|both) of (?:the following|these)\b|\binclude the following\b|\brequirements?:?$"
    r"|\bcriteria (?:is|are)?:?$",
)

#: The end of a lead-in whose list holds what a thing is judged by, not the thing.
GROUNDS = Phrases(r"\b(?<!not )(?:based (?:up)?on|on the basis of|on account of|because of)[^.:]{0,40}:?$")
#: The end of a lead-in whose list holds the conditions of what it says.
CONDITIONAL = Phrases(
    r"\b(?:if|when|whenever|where|as long as|so long as|provided(?: that)?|on condition that)"
    r"(?: (?:all|any|both|each)(?: of)?(?: the following| these)?(?: (?:is|are) true)?)?:?$"
    r"|\bonly\b.*\b(?:if|when|where)\b[^:]{0,40}:$|\bif you(?: have|'ve)\b[^:]{0,20}:$"
)
#: A lead-in that lists what is owed, so that "not" before an item forbids it.
OWED = Phrases(r"\b(?:will|must|shall|should|(?:agrees?|required|expected|have|has|needs?) to):?$")
FORBORNE = Phrases(
    r"not (?!(?:all|every|only|just|an?|the|any|sure|yet|because|if|more|less|be (?:able|required))\b)\w"
)
#: A last sentence that goes on with what the one before it said.
GOES_ON = Phrases(r"\b(?:includ(?:e|es|ed|ing)|examples?|for instance|such as|following|namely|e\.g\.|in particular)\b")

#: The end of a line that leads to the list under it.
LEADING = Phrases(
    r"^(?:(?:should|must|may|can|shall) not|may|can)$",
    r":$|…$|\.\.\.$",
    r"\b(?:that|such as|including|includes?|through|to|by|for example|e\.g\.|with|the following)$"
    r"|\bfollowing\b[^.]{0,200}[.]?$|\bas follows\b",
)

#: A lead-in whose list holds what is done about a breach.
CONSEQUENCES = Phrases(
    r"^(?:the |our )?(?:possible |potential |typical |usual )?(?:consequences?|penalt(?:y|ies)|sanctions?|enforcement"
    r"|(?:enforcement |disciplinary |corrective )?actions?|responses?|measures|remedies|outcomes?)"
    r"(?: (?:may|can|are|we|taken|for|of|include)\b.*)?:?$",
    r"\bresults? in(?: one or more of)?(?: the following)?[^.:]{0,30}:?$|\b(?:lead to|subject to|face)"
    r"(?: one or more of)?(?: the following)?:?$",
    r"\bwe (?:may|will|can|might)(?: then| also)? (?:respond|take|act)\b[^.]{0,80}:?$",
    r"\b(?:there (?:are|is)|different|following|these|possible) (?:\w+ )?(?:outcomes|consequences|penalties)\b"
    r"[^.:]{0,40}:$",
)
#: An item that says what comes of a breach, whom to tell, or what an exception takes, and names no conduct.
ASIDE_ITEM = Phrases(
    r"^(?:any )?(?:repeat(?:ed)? )?(?:violations?|breaches|failure to|we (?:may|will|reserve))\b.*\b(?:may|will|can"
    r"|reserve)\b.*\b(?:result|lead|remov\w+|suspen\w+|terminat\w+|ban|banned|actions?|penal\w+)\b",
    r"^(?:please )?(?:(?:report|contact|e-?mail|see|visit|refer to) (?:us|it|any|the|this|our|your|also|section)"
    r"|learn more|if you (?:see|encounter|believe|suspect|are unsure|have))\b",
)
FORMALITY = Phrases(
    r"\b(?:must|should|needs? to|has to|have to|(?:is|are) to) be (?:\w+ ){0,2}(?:requested|approved|documented"
    r"|submitted|granted|reviewed|recorded|authori[sz]ed)\b"
    r"|\brequires? (?:\w+ ){0,3}(?:approval|permission|consent|sign-off)\b"
)

#: Words above a list of things to be done one after another.
STEPWISE = Phrases(r"\b(?:steps?|process|procedure|checklist|will|in (?:this|the following) order|as follows)\b")

#: Openings of a sentence that says something about its own list rather than about a subject of its own.
OF_THE_LIST = Phrases(r"(?:we|you|this|these|those|the following|following|it|they|users|such)\b")

#: From here on a sentence says what somebody sees to, not what is so.
SEEING_TO = Phrases(
    r"\b(?:ensur(?:e|es|ing)|mak(?:e|es|ing) sure|verif(?:y|ies)|check(?:s|ing)?|confirms?|so that)\b.*"
)

#: Clauses that do not carry the sentence; what follows the comma does.
CONCESSION = Phrases(
    r"^(?:while|although|though|even though|even if|whereas|in addition to|besides|because|since|as"
    r"|however)\b[^,]*,\s*"
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
