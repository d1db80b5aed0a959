"""From logits on held-out real comments to probabilities, thresholds and risk-coverage: what moderato.json holds."""

import numpy as np
from scipy.optimize import minimize

from .data import ATTRIBUTES, CLASSES, TARGETS
from .measure import bagged, best_thresholds, decide, folds_by_group


def softmax(z):
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def stance_scores(logits, calibration):
    bias = np.array([calibration["bias"][c] for c in CLASSES])
    return softmax((logits + bias) / calibration["temperature"])


def fit_stance(logits, gold):
    """Temperature and a bias a class for one target (logits [n,3], gold [n]), by likelihood with a weak prior to leave them alone."""
    rows = np.arange(len(gold))

    def loss(x):
        p = softmax((logits + np.array([x[1], x[2], 0.0])) / np.exp(x[0]))
        return -np.log(p[rows, gold] + 1e-12).mean() + 1e-3 * (x[0] ** 2 + 0.1 * (x[1] ** 2 + x[2] ** 2))

    x = minimize(loss, np.zeros(3), method="Nelder-Mead", options={"maxiter": 2000, "xatol": 1e-4, "fatol": 1e-7}).x
    return {"temperature": float(np.exp(x[0])), "bias": {"favor": float(x[1]), "against": float(x[2]), "none": 0.0}}


def fit_attribute(logits, gold):
    """Platt scaling with a positive slope."""

    def loss(x):
        z = np.exp(x[0]) * logits + x[1]
        return (np.logaddexp(0, z) - gold * z).mean() + 1e-3 * (x[0] ** 2 + 0.02 * x[1] ** 2)

    x = minimize(loss, np.zeros(2), method="Nelder-Mead", options={"maxiter": 2000, "xatol": 1e-4, "fatol": 1e-7}).x
    return {"slope": float(np.exp(x[0])), "intercept": float(x[1])}


def best_attribute_threshold(scores, gold):
    """The threshold with the best F1, smoothed over its neighbours."""
    grid = np.arange(0.04, 0.81, 0.02)
    found = np.array([((scores >= t) & (gold == 1)).sum() for t in grid])
    flagged = np.array([(scores >= t).sum() for t in grid])
    table = 2 * found / np.maximum(flagged + gold.sum(), 1)
    smooth = np.convolve(np.pad(table, 2, mode="edge"), np.ones(5) / 5, "valid")
    return float(grid[smooth.argmax()])


def attribute_threshold(scores, gold, fallback=0.3):
    """The bagged threshold with the best F1; with too few positives to tell, the fallback."""
    return fallback if gold.sum() < 8 else bagged(best_attribute_threshold, scores, gold)


def risk_coverage(confidence, right, marks=(0.5, 0.6, 0.7, 0.8, 0.9, 0.95)):
    """At a least confidence: which share of comments stays, and which share of those is wrong."""
    curve = []
    for mark in marks:
        kept = confidence >= mark
        if kept.any():
            curve.append({"confidence": mark, "coverage": round(float(kept.mean()), 4), "risk": round(float(1 - right[kept].mean()), 4)})
    return curve


def stance_gold(rows):
    return np.array([[int(np.argmax(v)) for v in row.stance] for row in rows])


def fit_targets(logits, gold):
    """Calibration and thresholds for each target from logits [n,9] and gold [n,3]."""
    out = []
    for t in range(len(TARGETS)):
        z = logits[:, 3 * t:3 * t + 3]
        calibration = fit_stance(z, gold[:, t])
        favor, against = bagged(best_thresholds, stance_scores(z, calibration), gold[:, t])
        out.append({"calibration": calibration, "thresholds": {"favor": favor, "against": against}})
    return out


def apply_targets(logits, fitted):
    scores = np.stack([stance_scores(logits[:, 3 * t:3 * t + 3], f["calibration"]) for t, f in enumerate(fitted)], 1)
    guess = np.stack([decide(scores[:, t], **f["thresholds"]) for t, f in enumerate(fitted)], 1)
    return scores, guess


def out_of_fold_stance(logits, rows, folds=5):
    """Scores and classes of each row by a calibration that did not see the row's group."""
    gold, fold = stance_gold(rows), folds_by_group([r.group for r in rows], folds)
    scores, guess = np.zeros((len(rows), 3, 3)), np.zeros((len(rows), 3), int)
    for k in range(folds):
        out = fold == k
        scores[out], guess[out] = apply_targets(logits[out], fit_targets(logits[~out], gold[~out]))
    return scores, guess, gold


def attribute_pool(dev, public):
    """Rows with yes/no attributes to calibrate on: real comments as they come (stance/dev) and held-out Wikipedia comments (jigsaw)."""
    pool = [(r.text, r.toxicity, r.group) for r in dev]
    pool += [(r["text"], [r["labels"][a] for a in ATTRIBUTES], r["id"]) for r in public if r["source"] == "jigsaw"]
    texts, labels, groups = zip(*pool)
    return list(texts), np.array([[np.nan if v is None else float(v) for v in row] for row in labels]), list(groups)


def fit_attributes(logits, labels):
    """Platt scaling and threshold of each attribute from logits [n,7] and labels [n,7] (NaN: not asked)."""
    out = []
    for a in range(len(ATTRIBUTES)):
        known = ~np.isnan(labels[:, a])
        z, y = logits[known, a], labels[known, a]
        calibration = fit_attribute(z, y)
        scores = sigmoid(calibration["slope"] * z + calibration["intercept"])
        out.append({"calibration": calibration, "threshold": attribute_threshold(scores, y)})
    return out


def apply_attributes(logits, fitted):
    slope, intercept = (np.array([f["calibration"][k] for f in fitted]) for k in ("slope", "intercept"))
    scores = sigmoid(slope * logits + intercept)
    return scores, scores >= np.array([f["threshold"] for f in fitted])


def out_of_fold_attributes(logits, labels, groups, folds=5):
    fold = folds_by_group(groups, folds)
    scores, guess = np.zeros(labels.shape), np.zeros(labels.shape, bool)
    for k in range(folds):
        out = fold == k
        scores[out], guess[out] = apply_attributes(logits[out], fit_attributes(logits[~out], labels[~out]))
    return scores, guess


def fit_all(dev_logits, dev, pool_logits, pool_labels, pool_groups):
    """What moderato.json holds: fitted on every held-out row, with risk-coverage measured out of fold."""
    targets = fit_targets(dev_logits[:, :9], stance_gold(dev))
    scores, guess, gold = out_of_fold_stance(dev_logits[:, :9], dev)
    for t, target in enumerate(targets):
        target["riskCoverage"] = risk_coverage(scores[:, t].max(1), guess[:, t] == gold[:, t])
    attributes = fit_attributes(pool_logits[:, 9:], pool_labels)
    scores, guess = out_of_fold_attributes(pool_logits[:, 9:], pool_labels, pool_groups)
    for a, attribute in enumerate(attributes):
        known = ~np.isnan(pool_labels[:, a])
        sure = np.maximum(scores[known, a], 1 - scores[known, a])
        attribute["riskCoverage"] = risk_coverage(sure, guess[known, a] == (pool_labels[known, a] == 1))
    return targets, attributes
