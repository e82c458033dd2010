"""The English words by which a lead-in says what the list under it is.

Data, not logic: patterns over folded text (lower case, straight quotes). A lead-in is searched. What no
pattern knows is on neither side; nothing is guessed. No pattern names a document.
"""

from qa.policytext.phrases import Phrases
from qa.policytext.word_parts import ALLOWED, BREACH, DOES, HOUSE, LET, NOT, NOT_ALLOWED, PENALTY, SOME, THING, WHO

#: What a lead-in says about its list, besides.
PROHIBITED_LIST = Phrases(
    rf"\b{NOT_ALLOWED}(?: (?:and|or) [\w-]+)? {THING}\b|"
    r"\bwe (?:will |may |also )*(?:remove|take down|delete|block|reject)\b",
    rf"^(?!{HOUSE}\b|(?:we|it|this|that|there|these|those)\b)"
    rf"(?:[\w'/-]+ ){{1,6}}(?:cannot|can't|may not) {DOES}\b[^.:]*:$",
    r"\b(?:moderators|mods|admins|staff|the team) (?:will |may )?(?:remove|delete|ban|take down|reject)\b",
    rf"\b(?:can|will|may|might|could) (?:also )?(?:be|get) {PENALTY} (?:for|if (?:you|they|it|these"
    rf"|your))\b[^.:]{{0,40}}:?$",
    rf"^(?:{SOME}(?:any of )?(?:the following|these|this)\b[^.:]{{0,40}}|{THING}(?: (?:like|such as) (?:this"
    r"|these))?) "
    r"(?:(?:will|may|can|could) (?:result in|lead to|get you)|(?:is|are) (?:subject to|grounds for))\b",
    r"\b(?:policy|rules?|guidelines?|section|standards?) (?:also )?(?:prohibits?|forbids?|bans?|disallows?)\b",
    rf"^(?!{HOUSE}\b|(?:it|this|that|there|these|those)\b)(?:[\w'/-]+ ){{1,5}}may not "
    r"(?!(?:be|include|apply|cover|appear|work|have|need|reflect|know|see|always|extend)\b)\w+(?: \w+){0,2}:$",
    r"^(?:any of )?(?:the following|these) (?:[\w-]+ )?(?:violations|breaches|infractions|offen[cs]es)\b",
    rf"^(?:please )?(?:remove|delete|reject|decline|block|take down)(?: (?:and|or) \w+)? (?:any |all )?[\w-]+"
    rf"(?: [\w-]+)? (?:that|which|who|containing|with)\b|\b(?:things|what|{THING}) to avoid\b",
    r"(?<!not )(?<!n't )\b(?:consider(?:ed)?|regard(?:ed)? as|treat(?:ed)? as|defined? as|deemed|counts? as"
    rf"|constitutes?)\b[^.:]{{0,30}}"
    rf"\b(?:{BREACH}|violations?|{NOT_ALLOWED})\b|\bwe (?:define|consider) {BREACH}(?: as| to)\b",
    rf"^(?:some )?(?:examples|forms|types|kinds) of {BREACH}\b|^(?:\w+ ){{0,2}}{BREACH} (?:can|may) (?:take|include"
    r"|be)\b"
    r"|\ba violation occurs\b|\b(?:avoid|refrain from)(?: (?:any of )?(?:the following|these)"
    r"| \w+ing)?(?: \w+ that)?:$|\bthere is no place\b",
    r"\bunder no circumstances\b|\bat no time (?:may|should|must|shall)\b|\b(?:is|are) not to:?$",
    rf"\b{WHO} (?:shall|will) not\b[^.:]{{0,80}}:?$|^(?:none of|nobody|no (?:one|users?|members?"
    rf"|persons?)\b)[^.:]{{0,60}}:?$",
    r"\b(?:disruptive|abusive|harassing|disrespectful|toxic|malicious|fraudulent|deceptive|unethical)"
    rf"(?: \w+)? {THING}\b(?=[^.:]{{0,60}}\b(?:includes?|are|is|such as|examples?)\b)"
    r"|\b(?:(?:must|may|should|shall|(?<!\bwe )do) not|^can not|mustn't|shouldn't|(?<!\bwe )don't|never):?$"
    rf"|\b(?:{WHO}|{THING})(?: also)? (?:cannot|can't|can not|will not|won't):?$"
    rf"|^no:$|^{SOME}(?:the )?{NOT_ALLOWED} [\w-]+(?: [\w-]+)?:$"
    rf"|\bviolations?\b[^.:]{{0,80}}, (?:such as|including):$|^neither\b.*\bmay\b[^.:]*:$"
    rf"|\bby (?:illegal|harmful|offensive|abusive|hateful|{NOT_ALLOWED}) {THING},? we mean\b"
    r"|^(?:(?:immediate|permanent|automatic|instant) )*(?:suspension|bans?|removal|termination) (?:for|of \w+ who)\b"
    r"[^.:]{0,40}:$"
    r"|^(?:\w+ ){0,4}(?:harassment|abuse|spam|hate speech|bullying|doxxing|discrimination|misconduct|trolling"
    r"|retaliation|impersonation|vandalism|plagiarism)\b[^.:]{0,40}\bincludes?\b",
)
PERMITTED_LIST = Phrases(
    r"\bentitles you to\b[^.:]{0,40}:$|^(?:some )?(?:examples|types|kinds|forms) of (?:[\w-]+ ){1,2}"
    r"(?:that |which )?(?:are|will be|can be|may be)"
    r" (?:accepted|approved|allowed|permitted|acceptable)\b[^.:]*:$",
    r"\bcontributes? to (?:(?:creating|building|fostering|maintaining) )?(?:a|an|our) (?:\w+,? (?:and )?)?"
    r"(?:positive|welcoming|healthy|safe|inclusive)\b|\bpositive (?:behaviou?rs?|conduct)\b",
    rf"\b{ALLOWED} {THING}\b(?! polic)|^(?:may|can)$"
    rf"|^(?:(?:list|examples) of )?(?:the )?{LET} [\w-]+(?: [\w-]+){{0,3}}:$"
    rf"|^(?!(?:if|to|in order to|none|nobody|no)\b)(?!.*\b{HOUSE}\b[^,:]{{0,80}}\b(?:may|can):$)"
    rf".*\b(?:{WHO}|{THING}|people|anyone|anybody|everyone|everybody)\b[^,:]{{0,60}}"
    r"\b(?:may|can)(?: (?:still|also|instead))?:$"
    r"|\b(?:are|is|feel) (?:free|welcome) to:?$|\b(?:it is|it's|is) (?:fine|okay|ok|acceptable) to:?$"
    r"|^(?:what is )?(?:ok|okay|fine)\b(?: to \w+)?:?$"
    r"|\b(?:will not|won't) (?:remove|ban|delete|take down)\b|\b(?:do not"
    rf"|don't) consider\b[^.:]{{0,40}}\b(?:{BREACH}|violations?|{NOT_ALLOWED})\b"
    rf"|\b(?:is|are) not (?:considered )?(?:{BREACH}|violations?)\b"
    r"|\bencouraged?\b[^:]{0,60} to (?:act|behave)\b[^:]*:$"
    r"|^(?!.*\b(?:funds|money|fees|payments|deposits|data|information|records|cookies)\b).*"
    r"\bmay be (?:used|posted|shared|stored|published|sold|listed|advertised)(?: (?:for|to|in|as)(?: \w+)?)?:$",
)

#: A lead-in that says no more than that examples follow.
EXAMPLES = Phrases(
    r"^(?:some |common |typical )?(?:examples?|this|these|it|they)?(?: (?:may|can|could))?(?: also)? ?"
    r"(?:includes?|are|of this are)?(?:,? but (?:is|are) not limited to|, among other things|(?: the)? following)*:$"
)

#: The opening of an item that gives examples of the one that holds it.
EXEMPLIFYING = Phrases(
    r"(?:e\.g\.|for (?:example|instance)\b|such as\b|(?:this|these|it|examples?) (?:also )?(?:includes?|are)\b)"
    r"(?!.*:$)(?!.{0,60}\b(?:rules|policies|guidelines)\b)"
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
    r"|\bwe (?:do )?make (?:an )?exceptions? (?:for|when|if)\b"
)

#: A lead-in whose list holds the parts of one thing that must all be there.
COMPOSING = Phrases(
    r"\b(?:must|should|shall|has to|have to|needs? to) (?:also )?(?:include|contain|provide|state"
    r"|specify|have|describe|list)\b",
    r"\b(?:all|each|both) of (?:the following|these)\b|(?<!may )(?<!can )(?<!could )\binclude the following\b"
    r"|\brequirements?:?$|\bcriteria (?:is|are)?:?$",
)

#: The end of a lead-in whose list holds what a thing is judged by, not the thing.
GROUNDS = Phrases(
    r"\b(?<!not )(?:based (?:up)?on|determined by|on the basis of|on account of|because of)[^.:]{0,40}:?$",
    r"\b(?<!not )(?:based (?:up)?on|because of|on the basis of) (?:(?:any|one|some) (?:or more )?of )?(?:the following"
    r"|these|certain)\b",
    r"^(?:.*\b)?(?:must not|may not|cannot|do not|don't|never|not (?:allowed|permitted))\b[^:]*\bwithout:?$",
)
#: The end of a lead-in whose list holds the conditions of what it says.
CONDITIONAL = Phrases(
    r"\b(?:if|when|whenever|where|as long as|so long as|provided(?: that)?|on condition that)"
    r"(?: (?:all|any|both|each)(?: of)?(?: the following| these)?(?: (?:is|are) true)?| (?:it|they|you|this|that"
    r"|the \w+) (?:is|are|has|have|meets?))?:?$"
    r"|\bonly\b.*\b(?:if|when|where)\b[^:]{0,40}:$|\bif you(?: have|'ve)\b[^:]{0,20}:$"
)
#: A heading or a lead-in (or one after the other) of a list that says what is let, or taken out of a ban.
TAKING_OUT = Phrases(
    rf"\b(?:exclu\w+|except\w*|exempt\w*|(?:does|do) not (?:include|apply|cover)|not (?:covered|included)"
    rf"|(?:are|is) fine|{LET})\b"
)
#: A lead-in that lists what people are able to do; where a text tells how things are done, that lets nothing.
ABLE = Phrases(r"\b(?:you|users|members|anyone) can(?: also| still)?:?$")
#: A lead-in that lists what is owed, so that "not" before an item forbids it.
OWED = Phrases(r"\b(?:will|must|shall|should|(?:agrees?|required|expected|have|has|needs?) to):?$")
FORBORNE = Phrases(
    r"not (?!(?:all|every|only|just|an?|the|any|sure|yet|because|if|more|less|be (?:able|required))\b)\w"
)
#: A lead-in over what those who run a place are to do, and over what is asked of them: it judges nobody's conduct.
OF_OTHERS = Phrases(
    rf"^(?:as (?:a|an) [^,]{{1,30}}, )?(?:the |our |all |any )?{HOUSE}(?: members?)?\b[^:]{{0,40}}"
    r"\b(?:should|must|will|shall)(?: also)?:?$",
    r"\b(?:requests?|options?|ability|power|authority|invitations?) to:?$",
)
#: A last sentence that goes on with what the one before it said.
GOES_ON = Phrases(
    r"\b(?:includ(?:e|es|ed|ing)|examples?|for instance|such as|following|namely|e\.g\.|in particular|specifically)\b"
)

#: The end of a line that leads to the list under it.
LEADING = Phrases(
    r"^(?:(?:should|must|may|can|shall) not|may|can)$",
    r":$|…$|\.\.\.$",
    r"\b(?:that|such as|including|includes?|through|to|by|for example|e\.g\.|with|the following)$"
    r"|\bfollowing\b[^.]{0,200}[.]?$|\bas follows\b",
)

#: A ban that lacks the thing it is about.
LEFT_OPEN = Phrases(rf"(?:please )?(?:{NOT}|never) {DOES}(?: (?:any|other|[\w-]+'s?|[\w-]+s'))*")

#: A lead-in over whom to turn to, or over what is asked for, and over no conduct that is judged.
ASKED_FOR = Phrases(
    r"^(?:please |to |you (?:can|may|should) |if you .{1,80}?, (?:please |you can )?)?(?:also )?(?:report|contact"
    r"|e-?mail|reach(?: out)?|notify|inform|write to|get in touch|appeal|submit)\b",
    rf"^(?:when|if|where|once)\b[^:]*:$|^(?:the )?{HOUSE}\b[^:]{{0,80}}\b(?:may|can|might|will):$",
    r"\b(?:through|by|via|using|in) (?:one of |any of |either of )?(?:the following|these) (?:means|ways|channels"
    r"|methods|contacts|addresses|steps|options)\b",
    rf"\b(?:we|{WHO})(?: also)? (?:must|should|shall|need to|have to|(?:are|is) (?:required|expected|asked|obliged)"
    r" to)(?! (?:only|be aware)\b)(?!.*\b(?:not|never|no|nor|avoid|refrain|prohibit\w*|forbid\w*)\b)[^.]*:$",
)

#: A lead-in whose list holds what is done about a breach.
CONSEQUENCES = Phrases(
    r"^(?:the |our )?(?:possible |potential |typical |usual )?(?:consequences?|penalt(?:y|ies)|sanctions?|enforcement"
    r"|(?:enforcement |disciplinary |corrective )?actions?|responses?|measures|remedies|outcomes?)"
    r"(?: (?:may|can|are|we|taken|for|of|include)\b.*)?:?$",
    r"^(?:[\w-]+ ){0,2}(?:actions|steps|measures|sanctions|penalties) (?:(?:that )?(?:we|\w+) (?:may|can|might) take"
    r"|(?:may|can|might|could) include)\b[^:]*:$",
    r"^(?!(?:any of )?(?:the following"
    r"|these)\b).*\bresults? in(?: one or more of)?(?: the following)?[^.:]{0,30}:?$|\b(?:lead to|subject to|face)"
    r"(?: one or more of)?(?: the following)?:?$",
    r"\bwe (?:may|will|can|might)(?: then| also)? (?:respond|take|act)\b[^.]{0,80}:?$",
    r"\b(?:there (?:are|is)|different|following|these|possible) (?:\w+ )?(?:outcomes|consequences|penalties)\b"
    r"[^.:]{0,40}:$",
)
