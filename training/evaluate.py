"""Every figure of the model: on held-out real comments and on the fixtures, from any function texts -> logits."""

from collections import defaultdict
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from .calibrate import apply_attributes, apply_targets, attribute_pool, out_of_fold_attributes, out_of_fold_stance
from .data import ATTRIBUTES, CLASSES, TARGETS, load_dev, read_jsonl
from .measure import bootstrap, expected_calibration_error, f1, roc_auc, stance_f1


def stance_figures(gold, guess, groups):
    """gold and guess [n,3]; groups of the rows, for the interval. The figure is the mean over targets of the average of F1-favor and F1-against."""
    figure = lambda k: float(np.mean([stance_f1(gold[k, t], guess[k, t]) for t in range(3)]))
    every = np.arange(len(gold))
    out = {"rows": len(gold), "figure": figure(every), "interval": bootstrap(groups, figure), "targets": {}}
    for t, target in enumerate(TARGETS):
        confusion = [[int(((gold[:, t] == g) & (guess[:, t] == p)).sum()) for p in range(3)] for g in range(3)]
        out["targets"][target] = {**{f"f1-{c}": f1(gold[:, t], guess[:, t], k) for k, c in enumerate(CLASSES)}, "confusion": confusion}
    return out


def real_comments(logits_of, data):
    """Out-of-fold figures on stance/dev.jsonl: calibration and thresholds never saw the row's group."""
    dev, public = load_dev(data)
    logits = logits_of([r.text for r in dev])
    scores, guess, gold = out_of_fold_stance(logits[:, :9], dev)
    groups = [r.group for r in dev]
    out = {"stance": stance_figures(gold, guess, groups), "calibration": {}, "stance_by_source": {}}
    for source in sorted({r.source for r in dev}):
        rows = np.array([r.source == source for r in dev])
        if rows.sum() >= 50:
            out["stance_by_source"][source] = stance_figures(gold[rows], guess[rows], [r.group for r in dev if r.source == source])
    for t, target in enumerate(TARGETS):
        top = scores[:, t].argmax(1)
        out["calibration"][target] = expected_calibration_error(scores[:, t].max(1), top == gold[:, t])
    texts, labels, pool_groups = attribute_pool(dev, public)
    pool = np.concatenate([logits, logits_of(texts[len(dev):])])
    scores, guess = out_of_fold_attributes(pool[:, 9:], labels, pool_groups)
    out["attributes"] = {}
    for a, attribute in enumerate(ATTRIBUTES):
        known = ~np.isnan(labels[:, a])
        y, z = labels[known, a] == 1, scores[known, a]
        out["calibration"][attribute] = expected_calibration_error(z, y)
        own = known[:len(dev)]
        out["attributes"][attribute] = {"positives": int(y.sum()), "f1": f1(y, guess[known, a], True), "auc_dev": roc_auc(labels[:len(dev), a][own] == 1, logits[own, 9 + a])}
    return out


def public_toxicity(logits_of, data):
    """ROC areas and the rank correlation with Perspective on held-out rows of the public sets."""
    _, rows = load_dev(data)
    rows = [r for r in rows if r["source"] != "davidson"]
    z = logits_of([r["text"] for r in rows])[:, 9]
    source = np.array([r["source"] for r in rows])
    label = np.array([np.nan if r["labels"]["toxicity"] is None else r["labels"]["toxicity"] for r in rows])

    def area(mask, positive):
        figure = lambda k: roc_auc(positive[mask][k], z[mask][k])
        return {"rows": int(mask.sum()), "auc": figure(np.arange(mask.sum())), "interval": bootstrap(range(mask.sum()), figure, 200)}

    civil = (source == "civil-clean") | ((source == "civil") & (label >= 0.5))
    wiki = source == "wiki-context"
    score = np.array([float(r["perspective"]) for r in rows if r["source"] == "wiki-context"])
    return {
        "civil": area(civil, source == "civil"),
        "civil_with_doubtful": area((source == "civil") | (source == "civil-clean"), source == "civil"),
        "wiki-context": area(wiki, label >= 0.5),
        "jigsaw": area(source == "jigsaw", label >= 0.5),
        "surge": area(source == "surge", label >= 0.5),
        "perspective_spearman": float(spearmanr(score, z[wiki])[0]),
    }


def fitted_of(manifest):
    return manifest["stance"]["targets"], manifest["toxicity"]["attributes"]


def labels_of(logits, manifest):
    targets, attributes = fitted_of(manifest)
    return apply_targets(logits[:, :9], targets)[1], apply_attributes(logits[:, 9:], attributes)[1]


def fixture_figures(logits_of, fixtures, manifest):
    """The project's own hand-labelled rows, by the labels that the shipped thresholds give."""
    fixtures, out = Path(fixtures), {}
    comments = [r for p in [fixtures / "comments.jsonl"] if p.exists() for r in read_jsonl(p)]
    if comments:
        stance, toxicity = labels_of(logits_of([r["text"] for r in comments]), manifest)
        rows = [k for k, r in enumerate(comments) if len(r["gold"].get("stance", {})) == 3]
        gold = np.array([[CLASSES.index(comments[k]["gold"]["stance"][t]) for t in TARGETS] for k in rows])
        out["stance"] = stance_figures(gold, stance[rows], [comments[k]["id"] for k in rows])
        out["attributes"] = {}
        for a, name in enumerate(ATTRIBUTES):
            known = [k for k, r in enumerate(comments) if name in r["gold"].get("toxicity", {})]
            y = np.array([comments[k]["gold"]["toxicity"][name] == 1 for k in known])
            out["attributes"][name] = {"rows": len(y), "positives": int(y.sum()), "f1": f1(y, toxicity[known, a], True)}
    if (fixtures / "functional.jsonl").exists():
        out["functional"], out["functional_by_kind"], out["functional_by_target_group"] = functional_suite(logits_of, read_jsonl(fixtures / "functional.jsonl"), manifest)
    out["seeds"] = {}
    for path in sorted((fixtures / "seeds").glob("*.gold.jsonl")):
        rows = read_jsonl(path)
        stance, _ = labels_of(logits_of([r["text"] for r in rows]), manifest)
        gold = np.array([[CLASSES.index(r["gold"]["stance"][t]) for t in TARGETS] for r in rows])
        out["seeds"][path.name.split(".")[0]] = {"comments": len(rows), "all_three_right": int((gold == stance).all(1).sum())}
    return out


def functional_suite(logits_of, rows, manifest):
    """Share of cases right by functionality (a toxicity case: the label toxicity; a stance case: all three targets), by kind, by people."""
    stance, toxicity = labels_of(logits_of([r["text"] for r in rows]), manifest)
    by_name, by_kind, by_group, missed = defaultdict(list), defaultdict(list), defaultdict(list), {}
    for k, row in enumerate(rows):
        if row["kind"] == "stance":
            right = all(CLASSES[stance[k, t]] == row["gold"]["stance"][name] for t, name in enumerate(TARGETS))
        else:
            right = bool(toxicity[k, 0]) == bool(row["gold"]["toxicity"]["toxicity"])
            if row["target_group"]:
                by_group[row["target_group"], row["expected"]].append(right)
        by_name[row["functionality"]].append(right)
        if not right:
            missed.setdefault(row["functionality"], row["text"])
        by_kind[row["expected"]].append(right)
    share = lambda table: {key: {"cases": len(v), "right": float(np.mean(v))} for key, v in table.items()}
    groups = defaultdict(dict)
    for (group, expected), value in share(by_group).items():
        groups[group][expected] = value
    functions = {name: {**value, "missed": missed.get(name)} for name, value in share(by_name).items()}
    return functions, share(by_kind), dict(groups)


NEUTRAL = ["I am {}.", "My neighbours are {} and we share a garden.", "She is {} and teaches maths at our school.", "Two {} students asked about the exam.",
           "As somebody who is {}, I read this with interest."]
ABUSIVE = ["All {} people are filthy animals.", "I hate {} people, they are stupid scum.", "Another {} idiot, what did you expect.", "{} people should be wiped out."]
TERMS = {
    "nationality": ["Russian", "Ukrainian", "Polish", "German", "French", "British", "American", "Romanian", "Turkish", "Chinese", "Mexican", "Nigerian", "Indian", "Israeli"],
    "religion": ["Muslim", "Jewish", "Christian", "Hindu", "atheist"],
    "gender and orientation": ["gay", "lesbian", "transgender", "straight", "female", "male"],
    "ethnicity": ["black", "white", "Asian", "Arab", "Roma"],
    "disability and age": ["blind", "deaf", "disabled", "old", "young"],
}


def subgroups(logits_of, manifest):
    """Share flagged as toxic of the same neutral and the same abusive sentences, a term at a time: terms should not differ much."""
    out = {}
    for group, terms in TERMS.items():
        out[group] = {}
        for term in terms:
            texts = [t.format(term) for t in NEUTRAL + ABUSIVE]
            flags = labels_of(logits_of(texts), manifest)[1][:, 0]
            out[group][term] = {"neutral_flagged": float(flags[:len(NEUTRAL)].mean()), "abusive_flagged": float(flags[len(NEUTRAL):].mean())}
    return out


def all_figures(logits_of, data, fixtures, manifest):
    return {"real": real_comments(logits_of, data), "public": public_toxicity(logits_of, data), "fixtures": fixture_figures(logits_of, fixtures, manifest),
            "subgroups": subgroups(logits_of, manifest)}

