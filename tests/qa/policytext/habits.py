"""How many houses say what is on which side: headings, lead-ins and items, by side, set off by slashes."""

HEADINGS = {
    "prohibited": """
        Things you must not do / Things you should not do / What you can't do / What not to do / What not to post / Not
        OK / Not okay / Banned / Banned topics / Banned items / Disallowed / Disallowed content / Disallowed uses /
        Forbidden topics / Prohibited / Prohibited and restricted items / Prohibited uses / Prohibited Activities and
        Content / List of prohibited items / Zero tolerance / Unacceptable / Unacceptable conduct / Unacceptable uses of
        the service / Examples of unacceptable behavior include / Inappropriate content / Misuse / Usage restrictions /
        Use restrictions / License restrictions / What is prohibited? / What's not okay / What isn't okay? / What counts
        as harassment? / What we don't want to see / What we do not want / What gets removed / What will get you banned
        / Bannable offenses / Bannable offences / Behaviours that are not tolerated / Behavior we don't tolerate / We do
        not tolerate / You agree not to / You may not / You must not / Don't do this / Do not do this / Don't post / Do
        not / Please don't / Please do not / Never / Never do this / Never allowed / Always prohibited / Strictly
        prohibited / Strictly forbidden content / Content not allowed on the platform / Content we remove / Content that
        we remove / Content that violates this policy / Posts that will be removed / Reasons for removal / Grounds for
        removal / Violations / Examples of violations / Violation examples / Policy violations / Common violations /
        Violating content / Violating / Violates the policy / Examples of prohibited content / Examples of content that
        is not allowed / Unsafe / Red lines / Out of bounds / Off limits / Off-limits topics / No-gos / Things to avoid
        / Avoid / What to avoid / Behaviors to avoid
    """,
    "permitted": """
        OK / Okay / Allowed / Allowed content / Allowed uses / Permitted / Permitted uses / Permitted use / Permissible
        / What's okay / What is okay? / What you can do / What you may do / You may / You can / You are free to /
        Acceptable / Acceptable content / Acceptable behaviour / What we welcome / Encouraged / Encouraged behavior /
        Non-violating / Does not violate / Non-violations / Not violations / Not violating / Content that is allowed /
        Content that does not violate this policy / Examples of allowed content / Safe / Safe content / Benign /
        Permitted content examples / Allowed with restrictions / What is not prohibited / What this policy does not
        prohibit / What we allow / What we still allow
    """,
    "neither": """
        Offenses / Grounds for suspension / Our values / Scope / Reporting / Enforcement / Consequences / Definitions /
        Your responsibilities / Acceptable use / Moderation / Why this matters / How we enforce / Appeals / Contact /
        Expectations of moderators / Restricted accounts / Safety tips
    """,
}
LEAD_INS = {
    "prohibited": """
        The following are not allowed: / The following is prohibited: / The following behaviours are considered
        harassment: / The following behaviors are unacceptable: / Examples of violations: / Examples of violations
        include: / Examples of what is not allowed: / Do not: / Don't: / Please do not: / You may not: / You must not: /
        You shall not: / You agree not to: / You agree that you will not: / You will not: / Users may not: / When using
        the service, you must not: / In using our platform you agree that you will not do any of the following: / You
        may not use the Service to: / You may not use the Services in any manner that: / Without limiting the foregoing,
        you may not: / You are prohibited from: / Users are prohibited from doing the following: / You are not permitted
        to: / You are not allowed to: / It is prohibited to: / It is forbidden to: / It is not acceptable to: / It is
        strictly forbidden to do the following: / We don't allow: / We do not allow content that: / We do not permit the
        following: / We prohibit: / We prohibit content that includes: / We remove content that: / We will remove: / We
        remove: / We ban: / We will not tolerate any of the following: / We will ban users who: / We may remove content
        that: / Content will be removed if it: / Content that will be removed includes: / Posts will be removed if they
        contain: / Your account may be suspended for: / Accounts may be suspended if they: / Accounts that do any of the
        following will be banned: / Content must not: / Content must not contain: / Your content may not include: /
        Posts should not contain: / Listings cannot include: / Names must not be: / Prohibited content includes, but is
        not limited to: / Prohibited conduct includes: / Harassment includes: / Hate speech includes: / Spam can
        include: / Examples of spam: / Examples of harassment include, but are not limited to: / Harassment can take
        many forms, for example: / What we consider harassment: / We consider the following to be harassment: / We
        consider these to be violations: / We define hate speech as: / Unacceptable behaviors include: / Inappropriate
        behaviour includes, among other things: / A violation occurs when content: / A post violates this policy if it:
        / Content violates this policy when it: / This policy prohibits: / The policy forbids the following: / This rule
        bans: / Refrain from: / Please refrain from the following: / Avoid the following: / Please avoid: / You should
        avoid: / Users should refrain from: / Never: / Never post: / Do not post any of the following: / Do not use the
        platform for: / Don't share content that: / None of the following are allowed: / There is no place here for: /
        These are never okay: / The following will result in a ban: / The following actions will get you banned: / Any
        of the following will lead to removal: / The following content is subject to removal: / You can be banned for: /
        Moderators will delete posts that: / Violations include: / Such violations include: / Misconduct includes: /
        Abuse of the service includes: / The following are strictly off limits: / The following types of content are
        off-limits: / You are not to: / No user may: / No one may: / Nobody may: / At no time may you: / Under no
        circumstances should you: / Under no circumstances may users: / You may not, and may not allow others to: / You
        will not, and will not permit any third party to: / Customer shall not: / Customer will not, directly or
        indirectly: / Licensee shall not, and shall not permit others to: / Sellers are not allowed to list: / The sale
        of the following is prohibited: / Items in these categories cannot be sold:
    """,
    "permitted": """
        The following is allowed: / The following are permitted: / The following are allowed: / You may: / You can: /
        You are free to: / You are welcome to: / You are allowed to: / You are permitted to: / It is fine to: / It's
        okay to: / It is acceptable to: / We allow: / We do allow: / We allow content that: / We welcome: / We permit
        the following: / We do not remove: / We won't remove: / We will not remove content that: / We don't consider the
        following to be violations: / The following are not violations: / The following do not violate this policy: /
        The following is not considered harassment: / These are not violations of this policy: / This policy does not
        prohibit: / This does not prohibit: / Allowed content includes: / Acceptable content includes: / Permitted uses
        include: / Examples of acceptable behavior include: / Users may post: / Members can share: / Nudity is allowed
        in these contexts: / It is not a violation to: / It is not harassment to: / You may still: / What is fine: / OK
        to post:
    """,
    "neither": """
        This includes but is not limited to: / This policy covers: / This policy applies to: / Content is allowed when
        it is: / You must: / Users should: / We expect you to: / Reports should include: / Moderators may: / We may take
        the following actions: / If you break the rules, we may: / When reporting, please include: / We will: / We
        collect: / Consider the following when deciding: / You are responsible for: / We reserve the right to: / We
        enforce this by: / We evaluate: / You can report by: / You may appeal by: / If you see a violation, you can: /
        You can protect yourself by: / If your account was suspended, you may:
    """,
}
ITEMS = {
    "prohibited": """
        Do not post spam. / Don't be rude. / No hate speech / No spamming or flooding. / Never share passwords. /
        Posting personal data is prohibited. / Spam is not allowed. / Harassment will not be tolerated. / You must not
        impersonate others. / Avoid personal attacks. / Please avoid personal attacks. / Refrain from off-topic posts. /
        Absolutely no doxxing. / Strictly no NSFW content. / Spam: Do not post ads. / **Spam.** Do not post ads. / **No
        spam** — keep ads out. / **Don't spam**: keep ads out. / 2.1. You may not use bots. / 2.1. Except as stated
        here, you may not copy anything. / None of the materials may be copied. / No part of the service may be copied.
        / No content may be sold. / Nobody may use bots. / Users are prohibited from selling accounts. / You are not
        allowed to sell accounts. / It is forbidden to sell accounts. / Selling accounts is against the rules. / Selling
        accounts is a bannable offense. / Content that promotes violence will be removed. / We don't allow threats. /
        There is zero tolerance for threats. / Threats have no place here. / Do not submit malicious, deceptive, or
        harmful content / Any form of harassment is prohibited. / Trolling, baiting, and flaming are forbidden / Not
        permitted: ads / ❌ Spam / 🚫 No spam /
        Not allowed: satire / Must not contain malware / May not be used for spam
        / Should not include personal data / Cannot be sold
    """,
    "permitted": """
        Swearing is allowed. / Swearing is fine. / You may swear. / You can post memes. / Feel free to share memes. /
        Memes are okay in #memes. / It's okay to disagree. / Allowed: satire / OK: satire
    """,
    "neither": """
        Keep it on topic. No politics. / Be respectful. / Be kind to others. / Use the report button. / Keep it civil. /
        Report spam to us. / Follow the law. / Respect others. / We may remove content. / You must be 13 or older. /
        Posts must be in English. / Search before you ask. / No action is taken. / No prior warning is needed. / Do your
        best. / Don't hesitate to ask. / Don't forget to read the rules. / Don't worry. / Don't be afraid to ask
        questions. / Avoid jargon where possible.
    """,
}
