"""Rows to learn from and rows to measure on, from every source in one shape, with masks for labels a source does not have."""

import csv
import json
import random
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

TARGETS = ["europe", "us", "russia"]
CLASSES = ["favor", "against", "none"]
ATTRIBUTES = ["toxicity", "severe_toxicity", "insult", "profanity", "identity_attack", "threat", "sexually_explicit"]
CODES = dict(zip("TSIPHXY", ATTRIBUTES))
LETTERS = {"F": 0, "A": 1, "N": 2}


@dataclass
class Row:
    """stance: for each target the probabilities of CLASSES or None; toxicity: for each attribute a number in [0,1] or None."""

    id: str
    text: str
    source: str
    stance: list = field(default_factory=lambda: [None] * 3)
    toxicity: list = field(default_factory=lambda: [None] * 7)
    weight: float = 1.0
    group: str = ""


def one_hot(index):
    return [float(index == k) for k in range(3)]


def read_jsonl(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def codes_to_attributes(codes):
    return [float(any(CODES.get(c) == a for c in codes)) for a in ATTRIBUTES]


def corpus_rows(folder):
    """The comments written for the project: training/corpus/part-NN.tsv."""
    rows = []
    for path in sorted(Path(folder).glob("part-*.tsv")):
        with open(path, encoding="utf-8") as lines:
            for number, cells in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 1):
                if len(cells) != 5 or any(c not in LETTERS for c in cells[:3]):
                    raise ValueError(f"{path}:{number}: not a corpus line")
                rows.append(
                    Row(
                        f"{path.stem}:{number}",
                        cells[4].replace(" / ", "\n"),
                        "corpus",
                        [one_hot(LETTERS[c]) for c in cells[:3]],
                        codes_to_attributes(cells[3]),
                    )
                )
    return rows


def gold_row(record, source, weight=1.0):
    gold = record["gold"]
    return Row(
        record["id"],
        record["text"],
        source,
        [one_hot(CLASSES.index(gold["stance"][t])) if t in gold.get("stance", {}) else None for t in TARGETS],
        [float(gold["toxicity"][a]) if a in gold.get("toxicity", {}) else None for a in ATTRIBUTES],
        weight,
        record.get("group", record["id"]),
    )


def toxicity_targets(record):
    """A public row's soft labels. Perspective's own scores (2020 and 2018) stand in where a crowd gave none or only yes/no."""
    labels = [record["labels"].get(a) for a in ATTRIBUTES]
    if "perspective" in record and labels[0] is not None:
        labels[0] = 0.8 * float(record["perspective"]) + 0.2 * labels[0]
    if "perspectiveScores" in record:
        # the scores of 2018 sit between 0.1 and 0.4 for harmless text: stretch so that harmless is near 0
        scores = record["perspectiveScores"]
        labels = [min(1.0, max(0.0, (scores[a] - 0.4) / 0.5)) for a in ATTRIBUTES]
    return [None if v is None else float(v) for v in labels]


SOURCE_WEIGHT = {"wiki2k": 0.5, "fox": 0.7, "davidson": 0.3}


def toxicity_rows(path):
    return [
        Row(r["id"], r["text"], r["source"], toxicity=toxicity_targets(r), weight=SOURCE_WEIGHT.get(r["source"], 1.0))
        for r in read_jsonl(path)
    ]


def labelled_civil_rows(labels_path, toxicity):
    """Real CC0 comments labelled by reading: the file holds ids and labels only, the text comes from the data folder."""
    if not Path(labels_path).exists():
        return []
    text = {r.id: r.text for r in toxicity}
    rows = []
    with open(labels_path, encoding="utf-8") as lines:
        for line in lines:
            identifier, *stance, codes = line.rstrip("\n").split("\t")
            if identifier in text:
                rows.append(
                    Row(identifier, text[identifier], "civil-read", [one_hot(LETTERS[c]) for c in stance], codes_to_attributes(codes))
                )
    return rows


def turned_rows(path, originals):
    """Real comments turned to other powers by hand ("Trudeau" → "Macron") and labelled then. The file holds ids, labels and what was written anew.

    A line: id, three stances, codes, then edits "start:end=>new" in characters of the text so far, applied one after the other.
    """
    text = {r.id: re.sub(r"\s*[\r\n]+\s*", " / ", r.text.strip()).replace("\t", " ") for r in originals}
    rows = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            identifier, *labels = line.rstrip("\n").split("\t")
            stance, codes, edits = labels[:3], labels[3], labels[4:]
            if identifier in text:
                turned = text[identifier]
                for place, new in (edit.split("=>", 1) for edit in edits):
                    start, end = map(int, place.split(":"))
                    turned = turned[:start] + new + turned[end:]
                turned = turned.replace(" / ", "\n")
                rows.append(Row(f"{identifier}~", turned, "civil-turned", [one_hot(LETTERS[c]) for c in stance], codes_to_attributes(codes)))
    return rows


POWER = re.compile(
    r"\b(russia\w*|putin\w*|kremlin|moscow|soviet\w*|europe\w*|e\.?u\.?|nato|britain|british|uk|england|france|french|german\w*|poland|merkel|macron"
    r"|ukrain\w*|crimea|america|americans?|u\.?s\.?a?\.?|united states|washington|obama|trump|biden|pentagon|cia|syria|iraq|sanctions)\b",
    re.I,
)


def words_of(text):
    return re.sub(r"\W+", " ", text.lower()).strip()


def drop_repeats(rows):
    """The first of rows with the same words wins, so put the better labelled first."""
    kept = {}
    for row in rows:
        kept.setdefault(words_of(row.text), row)
    return list(kept.values())


def without_power(rows):
    """A comment that names no power takes no side: that much stance is known without a reader."""
    return [replace(r, stance=[one_hot(2)] * 3) if not POWER.search(r.text) else r for r in rows]


@dataclass
class Corpora:
    stance: list  # labelled for stance and toxicity
    toxicity: list  # labelled for toxicity only


def load_training(data, training=Path(__file__).parent, limit=None):
    """data: the folder with stance/ and toxicity/. The public sets repeat some held-out comments: those are left out, and what was made of them."""
    data = Path(data)
    held_out = {words_of(r["text"]) for name in ("stance", "toxicity") for r in read_jsonl(data / name / "dev.jsonl")}

    def apart(rows):
        return [r for r in rows if words_of(r.text) not in held_out]

    public = apart(toxicity_rows(data / "toxicity" / "train.jsonl"))
    real = apart(gold_row(r, "civil-stance") for r in read_jsonl(data / "stance" / "train_civil.jsonl"))
    real += labelled_civil_rows(training / "labels" / "civil.tsv", public) + turned_rows(training / "labels" / "turned.tsv", real + public)
    stance = apart(drop_repeats(real + corpus_rows(training / "corpus")))
    taken = {r.id for r in stance}
    rest = [r for r in drop_repeats(stance + public)[len(stance):] if r.id not in taken]
    if limit:
        pick = random.Random(7).sample
        stance, rest = pick(stance, limit), pick(rest, limit)
    return Corpora(stance, without_power(rest))


def load_dev(data):
    data = Path(data)
    stance = [gold_row(r, r.get("source", "")) for r in read_jsonl(data / "stance" / "dev.jsonl")]
    return stance, read_jsonl(data / "toxicity" / "dev.jsonl")


def swear_words(rows, count=40):
    """Words that mark profanity in the training rows themselves, by log-odds: what the spelling augmentation masks."""
    dirty, clean = Counter(), Counter()
    for row in rows:
        if row.toxicity[3] is not None:
            (dirty if row.toxicity[3] >= 0.5 else clean).update(set(re.findall(r"[a-z]{3,}", row.text.lower())))
    ranked = [w for w, n in dirty.items() if n >= 8 and n / (clean[w] + 1) > 4]
    return set(sorted(ranked, key=lambda w: -dirty[w])[:count])


LEET = str.maketrans({"a": "@", "i": "1", "e": "3", "o": "0", "s": "$"})


def mask_word(word, rng):
    way = rng.randrange(6)
    if way == 0:
        return word[0] + "*" * (len(word) - 2) + word[-1]
    if way == 1:
        return word[0] + rng.choice("*#@-_") + word[2:]
    if way == 2:
        return word.translate(LEET)
    if way == 3:
        return rng.choice([" ", ".", "-"]).join(word)
    if way == 4:
        return word[0] + "*" * (len(word) - 1)
    place = rng.randrange(1, len(word))
    return word[:place] + word[place] * rng.randrange(2, 4) + word[place + 1:]


def augment(row, words, neutral, rng, masked=0.3, joined=0.1):
    """A row as seen in one epoch: swear words misspelt on purpose, and now and then a neutral sentence beside it."""
    text = row.text
    if row.toxicity[3] and words:
        text = re.sub(r"[A-Za-z]{3,}", lambda m: mask_word(m[0], rng) if m[0].lower() in words and rng.random() < masked else m[0], text)
    if row.source == "corpus" and neutral and len(text) < 250 and rng.random() < joined:
        other = rng.choice(neutral)
        text = f"{text} {other}" if rng.random() < 0.5 else f"{other} {text}"
    return text
