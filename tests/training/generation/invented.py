"""Invented policies of an invented seed-swapping club, and cases for them."""

from training.generation.material import NO_VIOLATION, VIOLATES, ActionLabel, CaseExample, Source, source

SWAPPING = """---
title: Swapping rules
---
# Swapping rules

What members may offer each other.

## Mislabelled seed

We do not allow offers that give a wrong picture of the packet, such as:

- **ML1.a Wrong kind** – "Tomato, I think, or perhaps a pepper."
- **ML1.b Old stock sold as fresh** – "Harvested this year" on a packet from 2015
- **ML1.c Borrowed picture** – "The photo is from a catalogue, mine look alike."
- Hiding that the seed was treated with chemicals
- Claiming an organic label that nobody awarded

Hosts look at the seed or beans in the packet and read what a stranger was asked to write before they give a warning.

### Excludes

- Honest guesses that are marked as guesses
- Spelling mistakes in a Latin name; or

## Pushy offers

We do not allow members to press others. Prohibited:

- **PO2.a Chain message** – "Forward this to ten gardeners tonight!"
- **PO2.b Repeated asking** – "Third message today, do you want them now?"
- **PO2.c Fake scarcity** – "Last packet in the whole country!"
- Writing to somebody who asked for silence
- is meant to make a beginner feel guilty;

Hosts read the letter of a stranger, look at its seed or beans, and give a warning before they decide.

Reminders are fine. A second reminder may follow after 14 days.

## Unsafe parcels

Parcels must not endanger whoever opens them. Not allowed:

- Sending soil across a border
- Packing broken glass as ballast, such as
- Mixing poisonous berries among beans without a warning
- Hiding seed inside a letter for a stranger

Hosts open the packet, look at the seed and read what the sender was asked to write before they decide.

### Excludes

- Sand that was heated in an oven
- Thorns that are wrapped in paper

## Open gardens

Hosts welcome everybody. Not allowed:

- Picking fruit before the host has spoken
- Bringing dogs into the glass house
- Publishing the street of a host, see [unsafe parcels](#unsafe-parcels)

Hosts ask the sender, look at the packet, the seed and the letter, and then decide.

### Excludes

- Sketching a bed for private use
- Asking for a cutting at the gate

## Definitions

- **Swap**: an exchange of seed in which no money changes hands
- **Swap by post**: an exchange by parcel, for which the sender of the seed buys stamps and asks for none of them back
- **Loan**: seed that changes hands and is given back after the harvest, so that no exchange takes place
- **Gift**: seed that changes hands for no money, without an exchange
"""

HANDLING = """# Handling of reports

A report is answered within 2 working days. Reports about poisonous plants are answered within 6 hours.
Members may appeal within 30 days of the decision. The board keeps the papers of a closed report for two years.

## Steps

| Situation | Action |
| --- | --- |
| First wrong label within a season | Friendly note |
| Second wrong label within a season | Offers hidden for a week |
| Third wrong label within a season | Swapping paused |
| A parcel that hurt somebody | Membership ended |

## Who decides

Two hosts read every report on their own. A host who knows the reporter hands the report on to another garden.
At least three members of the board confirm an exclusion before it is announced.

## What we publish

The club publishes the number of reports at the end of each season. Names never appear in this overview.
The newsletter explains every change of the rules to all members in plain words.
"""

ACTIONS = (
    ActionLabel("note", "Friendly note", "a private message that quotes the rule"),
    ActionLabel("hide", "Offers hidden for a week", "nobody sees them"),
    ActionLabel("pause", "Swapping paused", "until the board has met"),
    ActionLabel("end", "Membership ended", "for good"),
)

TEXTS = {
    "swapping-rules/mislabelled-seed": "The {} I got were {} and the packet said something quite different.",
    "swapping-rules/pushy-offers": "Since {} she has sent me {} messages a day about the same beans.",
    "swapping-rules/unsafe-parcels": "There were {} splinters between the {} when my daughter opened it.",
}
FILLERS = (
    "three",
    "seven",
    "forty",
    "dusty",
    "green",
    "hollow",
    "spotted",
    "Monday",
    "Easter",
    "harvest",
    "spring",
    "noon",
)


def swapping(version: str = "1") -> Source:
    """The policy with lists, codes, definitions and an exclusion."""
    return source(SWAPPING, name="swapping-rules", version=version)


def handling(version: str = "1") -> Source:
    """The policy in prose, with deadlines and a ladder in a table."""
    return source(HANDLING, name="handling-of-reports", version=version)


def cases(count: int = 30) -> tuple[CaseExample, ...]:
    """Settled cases of three sections in turn; every fifth is no violation, every third was decided wrong."""
    keys = list(TEXTS)
    made = []
    for number in range(count):
        key, wrong = keys[number % 3], keys[(number + 1) % 3]
        text = TEXTS[key].format(FILLERS[number % 12], FILLERS[(number * 7 + number // 12) % 12]) + f" Parcel {number}."
        harmless = number % 5 == 4
        made.append(
            CaseExample(
                ref=f"case-{number}",
                text=text,
                verdict=NO_VIOLATION if harmless else VIOLATES,
                section=None if harmless else key,
                action=None if harmless else "note",
                decided_section=wrong if number % 3 == 0 else key,
                decided_action="hide",
            )
        )
    return tuple(made)
