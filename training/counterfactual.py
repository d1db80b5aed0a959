"""Real comments with their powers exchanged: "Trudeau sold us out" becomes "Macron sold us out".

Free real comments quarrel mostly about North American politics. Exchanged, they bring real voices to all three targets. Nobody knows
their labels, so only a teacher's soft labels teach from them (counterfactual data augmentation: Kaushik et al. 2020).
"""

import random
import re
from dataclasses import replace

HOME = "home"  # politics at home, of no target
LEADER, COUNTRY, ADJECTIVE, PEOPLE = range(4)
# for each power the words of a kind; the first list of a kind is read, and any of it may be written
WORDS = {
    "europe": {
        LEADER: ["Merkel", "Macron", "Scholz", "Merz", "Starmer", "von der Leyen", "Boris Johnson"],
        COUNTRY: ["Europe", "the EU", "Brussels", "Germany", "France", "Britain", "Poland", "the UK", "England", "EU"],
        ADJECTIVE: ["European", "German", "French", "British", "Polish"],
        PEOPLE: ["Europeans", "Germans", "Brits", "Poles"],
    },
    "us": {
        LEADER: ["Donald Trump", "Trump", "Obama", "Biden", "George Bush", "Bush"],
        COUNTRY: ["America", "the US", "the United States", "Washington", "the USA", "the White House", "USA", "US", "U.S."],
        ADJECTIVE: ["American"],
        PEOPLE: ["Americans", "Yanks"],
    },
    "russia": {
        LEADER: ["Vladimir Putin", "Putin", "Lavrov", "Medvedev"],
        COUNTRY: ["Russia", "Moscow", "the Kremlin", "the Soviet Union"],
        ADJECTIVE: ["Russian", "Soviet"],
        PEOPLE: ["Russians"],
    },
    HOME: {
        LEADER: ["Justin Trudeau", "Trudeau", "Hillary Clinton", "Hillary", "Clinton", "Harper", "Wynne", "Sessions", "Notley", "Scheer", "Pelosi", "Ryan"],
        COUNTRY: ["Canada", "Alaska", "Hawaii", "Ontario", "Alberta", "China", "Israel", "Iran", "the government", "Congress", "the GOP", "Ottawa", "Toronto", "Quebec", "the media"],
        ADJECTIVE: ["Canadian", "Chinese", "Republican", "Liberal", "Democratic", "Alaskan"],
        PEOPLE: ["Canadians", "Alaskans", "Republicans", "Liberals", "Democrats", "Conservatives", "the Liberals", "the Democrats", "politicians"],
    },
}
POWERS = ["europe", "us", "russia"]
MEANING = {word.lower(): (power, kind) for power, kinds in WORDS.items() for kind, words in kinds.items() for word in words}
# short capitals stay case-sensitive: "us" is no power
MENTION = re.compile(r"(?<![\w-])(?:" + "|".join(sorted((re.escape(w) if len(w) < 5 and w.isupper() else f"(?i:{re.escape(w)})" for w in
                     (w for kinds in WORDS.values() for words in kinds.values() for w in words)), key=len, reverse=True)) + r")(?![\w-])")


def exchange(text, rng):
    """The text with every power replaced by another one, the same word always by the same; None where it names none."""
    order = rng.choice([["us", "russia", "europe"], ["russia", "europe", "us"]])  # the two orders that leave no power in its place
    other = {**dict(zip(POWERS, order)), HOME: rng.choice(["europe", "russia", "russia", "europe", "us"])}
    written = {}

    def word(match):
        key = match[0].lower()
        if key not in written:
            power, kind = MEANING[key]
            written[key] = rng.choice(WORDS[other[power]][kind])
        return written[key]

    changed = MENTION.sub(word, text)
    return changed if written else None


def counterfactuals(rows, seed):
    """One exchanged row, without stance labels, for every row that names a power or politics at home."""
    rng, made = random.Random(seed), []
    for row in rows:
        text = exchange(row.text, rng)
        if text:
            made.append(replace(row, id=f"{row.id}~", text=text, stance=[None] * 3, weight=1.0, group=""))
    return made
