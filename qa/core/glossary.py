"""The words that pages use, and the methods behind the figures, in plain English."""

from __future__ import annotations

#: (word, what it means)
WORDS: tuple[tuple[str, str], ...] = (
    ("Agent", "Whoever decided a case. Never shown to whoever grades it."),
    ("Grader", "Whoever decides a closed case again, blind. A person may be both, but never on the same case."),
    ("Closed case", "A case with a final decision, and the evidence it was decided by."),
    ("Eligible cases", "The closed cases that a plan may draw from. What is left out is counted by reason."),
    ("Plan and sample", "A plan is the standing rule; a sample is one run of it. Each drawn case keeps its chance."),
    (
        "Hours saved",
        "What simple random sampling would take to make the same figures as sure, less what the plan takes. Below zero "
        "the plan costs more for that figure, mostly because everybody gets an own one.",
    ),
    (
        "New and proven people",
        "A plan may draw more cases of who is new, and just its floor of who is proven: the lower limit of their "
        "accuracy over the last half year is at the target. The rule stands on the plan; weights undo it in figures.",
    ),
    ("Case to grade", "One grader's blind look at one drawn case: the evidence, and the policy of the decision day."),
    ("Batch", "The grades of one sitting. Until it closes, each can be taken back; closing locks all of them."),
    ("Difference", "Two answers to one case that do not match yet. Nobody calls it an error, the agent sees nothing."),
    (
        "Settled decision",
        "What stands: two matching answers, or an adjudicator's ruling where three differ. The agent's own counts.",
    ),
    ("Result", "The settled outcome for the agent: correct, or one of the three kinds of error below."),
    ("Over-enforced (FP)", "The decision named a violation, and there was none."),
    ("Missed (FN)", "The decision named no violation, and there was one."),
    ("Wrong selection", "Right that it violates; the policy or the action is another one."),
    ("Scorecard", "Marks for how a case was worked on, on a random share of looks. It says nothing of the verdict."),
    ("Process slip", "A step or a document was missing. Written beside a result, not counted as a wrong decision."),
    ("Adjudication", "Somebody who was not in it decides blind first, then sees the answers nameless and shuffled."),
    ("Dispute", "An agent contests a result. It is decided blind first, then with the argument in sight."),
    (
        "Could graders guess?",
        "Some graders are asked, after their grade is locked and before the answers open, what was decided. If they "
        "are right no more often than chance allows, nothing shows that the cases give their decision away.",
    ),
    ("Challenge", "A grader asks for an adjudicator's ruling to be heard again, once a case."),
    ("Accuracy alert", "A drop in one agent's accuracy that chance does not explain; watch first, then strong."),
    ("Policy question", "A clause that others misread too: a question to its owner, not training for everybody."),
    (
        "Calibration session",
        "Several people decide the same cases blind, then see the spread and agree on an answer. It settles nothing.",
    ),
    ("Precedent", "An agreed answer kept on a clause, for everybody to read. It is retired with its clause."),
    ("Known-answer case", "A closed case with an answer of its own, put unmarked into queues to measure graders."),
    ("Module", "Lessons and questions made from the policy's own text. Every sentence cites its clause."),
    ("Passed, next check on …", "A passed module. Some questions come again later, to see whether it stays."),
    ("Change", "Accuracy after training against before. It is called an effect only when the start was drawn by lot."),
)

#: (figure, how it is made, what may not be said of it)
METHODS: tuple[tuple[str, str, str], ...] = (
    (
        "Accuracy",
        "Settled cases of samples that measure, each weighted by one over its chance to be drawn. The interval is that "
        "of Korn and Graubard with the effective size capped at the number of cases; it holds in at least 95 of 100.",
        "Not a ranking: two people whose intervals overlap cannot be told apart by it.",
    ),
    (
        "On one mix of cases",
        "The share right that an agent would have if everybody had the same policies and risk tiers in the same parts: "
        "the sum of each cell's part of all eligible cases times the agent's share right in it, with its interval.",
        "Not given where the agent met less than 80 of 100 of that mix, and still no ranking.",
    ),
    (
        "Harm of errors",
        "Where weights are set for a policy or a tier: 100 times the sum over over-enforced and missed cases of their "
        "weight times their share of all cases, with limits recovered from those of each kind.",
        "Weights are a choice, not a measurement; they change no accuracy, no alert and no target.",
    ),
    (
        "In progress",
        "While more than 2 of 100 drawn cases are open, the figure is a range: from all open ones wrong to all right. "
        "Agreements settle at once and differences late, so settled cases alone look too good.",
        "Not a figure yet: neither end of the range may be quoted alone.",
    ),
    (
        "Meets or under the target",
        "Meets only if the lower limit is at the target; under only if the upper limit is below it.",
        "Between the two nothing is said, however the point lies.",
    ),
    (
        "Agreement",
        "Raw agreement, Krippendorff's alpha and Gwet's AC1 from blind grades that were planned at random. Second "
        "looks that a difference asked for are left out: they were chosen by their outcome.",
        "Alpha looks low where one answer is rare, however well people agree; read the three together.",
    ),
    (
        "Disputes, and results that nobody disputes",
        "Share of decided disputes that changed the result, with its exact interval. Undisputed results are taken for "
        "one more blind look by chance once their time is over; each counts one over that chance. The net bias is the "
        "share wrongly called correct less the share wrongly called an error, of all that were considered.",
        "Not an error rate of graders: agents dispute what they doubt. Ruled results are not looked at again.",
    ),
    (
        "Graders",
        "Looks at settled cases, each counted by its purpose: a second look only where others settled the case without "
        "it. Beside the raw share stand the one over cases that others alone would have settled the same way, and what "
        "a model of all blind answers believes, where answers can tell graders apart at all.",
        "The raw share is too good: a first look that agrees with the agent settles the case itself.",
    ),
    (
        "Graders on their page",
        "Only looks that were planned at random. Right where others settled it: cases in which two other votes, the "
        "decision among them, say the same. Off calibration: the whole interval lies further off than the tolerance.",
        "Nobody is off calibration because a figure is lower than somebody else's.",
    ),
    (
        "Could graders guess?",
        "Share of guesses of the verdict that were right, with Wilson's interval, over looks planned at random. The "
        "chance level is what guesses would reach that followed from the own answer and confidence alone; an exact "
        "test over those groups says whether chance explains the rest.",
        "Not that nothing leaks: a leak in a few cases stays below what so many guesses can show.",
    ),
    (
        "Calibration sessions",
        "Votes before the discussion that lie further from the agreed answer than the session tolerates, with Wilson's "
        "interval over as many cases as were voted on. Change: first votes on fresh cases of the same policy in one "
        "session and the next, as pairs, by McNemar's exact test.",
        "Nothing about one session's agreement as a coefficient: over a few cases its interval says nothing.",
    ),
    (
        "Known answers",
        "Share of a grader's looks at known-answer cases with the known verdict and clause, with Wilson's interval. "
        "Cases whose answer was voided count for nobody, whenever they were looked at.",
        "Not the grader's accuracy on everyday cases: known answers are chosen for being plain.",
    ),
    (
        "Quality of the work",
        "Share of cases in which a criterion was met in full, of those it applied to: scorecards of first looks in "
        "samples that measure, each weighted by one over its chance, with the exact interval at the effective size.",
        "Nothing about whether decisions were right, and no ranking of teams whose intervals overlap.",
    ),
    (
        "Below standard",
        "The whole 95% interval of an agent's accuracy in the period is under the target, whatever the past. Of agents "
        "who are just at the target, up to one in forty stands there by chance.",
        "Not that somebody got worse: for that there are alerts.",
    ),
    (
        "Accuracy alert",
        "Evidence grows with each error and shrinks with each right decision, against the rate expected for that "
        "policy and risk tier, frozen when the count began. An alert comes at evidence that chance reaches once in "
        "twenty agent-years of cases at most.",
        "An alert says that something changed, not why, and nothing follows by itself but training.",
    ),
    (
        "Person or policy",
        "A clause goes to its owner when the other agents err on it too: three or more of them, twenty or more cases, "
        "and the lower 90% limit of their error rate above what the target allows.",
        "One colleague's error on a clause proves nothing about the clause.",
    ),
    (
        "Change after training",
        "Accuracy in sixty fresh cases after the training, against a window before the one that raised the alert. What "
        "would be expected by chance alone is printed beside it.",
        "Who is picked for a bad month does better in the next one without any training.",
    ),
)
