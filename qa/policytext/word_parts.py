"""Pieces of which the lexicon's patterns are made: things, people, and what is done and allowed.

Data, not logic: patterns over folded text (lower case, straight quotes).
"""

THING = (
    r"(?:content|conduct|behaviou?rs?|activit(?:y|ies)|actions?|acts?|uses?|usage|material|speech|posts?|messages?"
    r"|practices?|language|items?|goods|products|services|ads|advertising|requests?|accounts?|examples?|cases"
    r"|categor(?:y|ies)|topics?|themes?|businesses|transactions|media|images?|tactics|tricks|links?|comments?"
    r"|submissions?|apps?|software"
    r"|extensions?|packages?)"
)
NOT_ALLOWED = (
    r"(?:(?:(?:strictly|expressly|explicitly|always|generally|absolutely|categorically) )?(?:prohibited|forbidden"
    r"|banned|disallowed|unacceptable|impermissible)"
    r"|inappropriate|violating|violative|unsafe|(?:strictly )?off[- ]limits|out of bounds|bannable|never (?:allowed"
    r"|permitted|tolerated|acceptable|appropriate|okay|ok)"
    r"|not (?:be )?(?:allowed|permitted|acceptable|accepted|tolerated|appropriate|okay|ok|welcome|safe))"
)
#: What may be, though it is like what may not; what is wished for besides may be anything.
LET = (
    r"(?:(?:(?:generally|always|explicitly|expressly) )?(?:allowed|permitted|permissible|okay|ok)|safe|exempt"
    r"|non-?(?:violating|violative|spam)|not (?:prohibited|violating|violations|a violation|considered a violation))"
)
ALLOWED = (
    rf"(?:{LET}|(?:(?:generally|always|explicitly|expressly) )?(?:acceptable|appropriate)|compliant|encouraged"
    r"|legitimate)"
)
SOME = r"(?:(?:some |common |typical |key )?(?:examples|types|kinds|forms|list) of )?"
#: Where, or of what, things are: "of the service", "on our platform".
WHERE = r"(?: (?:of|on|in|with|for) (?:the|our|this|my|any) (?:[\w'-]+ ?){1,3})?"
THINGS = rf"(?:(?: | and | or |, | & |/){THING})*(?: includes?| (?:is|are))?"
POLICY = r"(?: (?:this|the|our) (?:policy|policies|rules?|guidelines?|standards?))?"
HOW = (
    r"(?:also|generally|usually|always|normally|actually|perfectly|totally|fully|still|typically|just|completely"
    r"|absolutely|hereby|specifically|therefore|explicitly|expressly|strictly)"
)
WHO = (
    r"(?:you|users|members|participants|customers|clients|sellers|employees|agents|developers|authors|publishers"
    r"|contributors|creators|advertisers|merchants|vendors|players|guests|attendees|visitors|students"
    r"|(?:the |a |any |each )?(?:user|member|participant|customer|client|seller|licensee|subscriber))"
)
#: Who runs a place: what they may do is no permission.
HOUSE = (
    r"(?:we|our|moderators?|mods|admins?|administrators?|(?<!their )staff|team|owners|hosts|organi[sz]ers|committee"
    r"|company|service|platform)"
)
#: What people do to others and with things; "cannot" before another verb says what is out of reach.
DOES = (
    r"(?:post|share|sell|resell|buy|trade|use|reuse|upload|publish|send|promote|advertise|create|impersonate|harass"
    r"|threaten"
    r"|abuse|solicit|offer|distribute|transfer|copy|host|list|engage|display|include|link|discuss|ask|violate|spam"
    r"|contain|depict|show|target|incite|glorify|encourage|mislead|feature|run|mine|operate|bypass|circumvent"
    r"|scrape|exploit|evade|bring)"
)
#: What is done to things on purpose; all else may fail to be, or may have happened.
DONE = (
    r"(?:posted|shared|sold|resold|copied|used|promoted|advertised|published|uploaded|made|monetized|placed|sent"
    r"|modified|altered|transferred|distributed|redistributed|reproduced|disclosed|combined|embedded|linked|hosted"
    r"|traded|exchanged|hidden|obscured|created|registered|offered)"
)
#: Breaches that have a name of their own.
BREACH = (
    r"(?:harassment|abuse|misuse|spam|hate(?: speech)?|bullying|doxx?ing|discrimination|misconduct|trolling"
    r"|retaliation"
    r"|impersonation|vandalism|plagiarism|stalking|threats|scams|fraud|misinformation|disinformation|hateful conduct"
    r"|(?:abusive|hateful|violent|harmful|toxic) (?:behaviou?r|conduct|content|speech))"
)
#: What is done to content, or to whoever brought it, that nobody wants done.
PENALTY = (
    r"(?:removed|deleted|taken down|rejected|blocked|banned|suspended|terminated|disabled|restricted|locked|kicked)"
)
#: What opens with "don't" and encourages.
COMFORT = (
    r"(?:hesitate|worry|panic|be (?:afraid|shy|scared|discouraged)|forget|feel (?:bad|obliged|pressured)|give up"
    r"|know)"
)
#: What a house does with others' conduct; all else that it does or does not do is about itself.
BEARS = r"(?:allow|permit|tolerate|accept|condone|support|host|welcome|want)"
NOT = (
    r"(?:do not|does not|don't|doesn't|will not|won't|cannot|can't|can not"
    r"|must not|mustn't|may not|shall not|should not|shouldn't)"
)
