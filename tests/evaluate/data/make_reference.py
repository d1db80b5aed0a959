"""Makes reference.json: random cases, degenerate ones among them, with the values that other programs give.

    pip install scikit-learn==1.9.1 scipy statsmodels krippendorff && python make_reference.py > reference.json

Values that are undefined are null. Expected calibration error, risk-coverage and the Jigsaw bias measures, which no
library has, are computed here as their papers define them, with NumPy, independently of the project's code.
"""
import json, sys, warnings
import numpy as np
from scipy.stats import beta, norm, t as student
from sklearn import metrics as m
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.inter_rater import fleiss_kappa
from statsmodels.stats.multitest import multipletests
import krippendorff

warnings.simplefilter("ignore")
rng = np.random.default_rng(20260101)
LABELS = [0, 1, 2]  # favor, against, none
BINS = 15


def number(x):
    x = float(x)
    return None if np.isnan(x) or np.isinf(x) else float(f"{x:.15g}")


def ece(confidence, outcome):
    bins = np.minimum(BINS - 1, np.floor(confidence * BINS).astype(int))
    gap = sum(abs(confidence[bins == b].sum() - outcome[bins == b].sum()) for b in range(BINS) if (bins == b).any())
    return gap / len(confidence)


def aurc(confidence, correct):
    total = 0.0
    for c in confidence:  # the risk of everything at least as confident, for each comment
        kept = confidence >= c
        total += 1 - correct[kept].mean()
    return total / len(confidence)


def stance_case():
    n = int(rng.integers(1, 60))
    shape = rng.choice(["free", "one-gold", "no-class", "perfect", "constant", "coarse"])
    gold = rng.choice(3, n, p=rng.dirichlet([1, 1, 1]))
    steps = 10 if shape == "coarse" else 10000
    scores = np.array([rng.multinomial(steps, q) for q in rng.dirichlet(rng.choice([0.3, 1, 4]) * np.ones(3), n)]) / steps
    pred = scores.argmax(1)
    if shape == "one-gold": gold[:] = rng.integers(3)
    if shape == "no-class": gold[gold == 1] = 2; pred[pred == 1] = 0
    if shape == "perfect": pred = gold.copy()
    if shape == "constant": pred[:] = rng.integers(3)
    p, r, f, _ = m.precision_recall_fscore_support(gold, pred, labels=LABELS, zero_division=0)
    confidence = scores[np.arange(n), pred]
    onehot = np.eye(3)[gold]
    values = {
        "f1Average": (f[0] + f[1]) / 2, "macroF1": f.mean(), "accuracy": m.accuracy_score(gold, pred),
        "balancedAccuracy": m.balanced_accuracy_score(gold, pred),
        "cohenKappa": m.cohen_kappa_score(gold, pred, labels=LABELS),
        "matthewsCorrelation": m.matthews_corrcoef(gold, pred),
        "brierScore": ((scores - onehot) ** 2).sum(1).mean(), "logLoss": m.log_loss(gold, scores, labels=LABELS),
        "expectedCalibrationError": ece(confidence, (gold == pred).astype(float)),
        "riskCoverageArea": aurc(confidence, (gold == pred).astype(float)),
    }
    for i, name in enumerate(["favor", "against", "none"]):
        values |= {f"precision.{name}": p[i], f"recall.{name}": r[i], f"f1.{name}": f[i]}
    return {"gold": gold.tolist(), "predicted": pred.tolist(), "scores": [[float(x) for x in row] for row in scores],
            "values": {k: number(v) for k, v in values.items()}}


def attribute_case():
    n = int(rng.integers(1, 80))
    shape = rng.choice(["free", "all-0", "all-1", "equal", "coarse", "extreme", "rare"])
    gold = (rng.random(n) < rng.choice([0.1, 0.3, 0.5])).astype(int)
    scores = np.round(np.clip(rng.normal(0.35 + 0.3 * gold, 0.25), 0, 1), 5)
    if shape == "all-0": gold[:] = 0
    if shape == "all-1": gold[:] = 1
    if shape == "equal": scores[:] = rng.choice([0, 0.5, 1, 0.3])
    if shape == "coarse": scores = np.round(scores, 1)
    if shape == "extreme": scores = (scores > 0.5).astype(float)
    if shape == "rare": gold[:] = 0; gold[rng.integers(n)] = 1
    threshold = float(rng.choice([0.5, 0.3, 0.7]))
    pred = (scores >= threshold).astype(int)
    p, r, f, _ = m.precision_recall_fscore_support(gold, pred, labels=[0, 1], zero_division=0)
    both = 0 < gold.sum() < n
    precisions, recalls, _ = m.precision_recall_curve(gold, scores)
    precisions, recalls = precisions[:-1], recalls[:-1]  # the last point is a convention, not a threshold
    reached = recalls[precisions >= 0.9]
    kept = precisions[recalls >= 0.9]
    confidence = np.where(pred == 1, scores, 1 - scores)
    values = {
        "rocAuc": m.roc_auc_score(gold, scores) if both else np.nan,
        "prAuc": m.average_precision_score(gold, scores) if gold.sum() else 0.0,
        "f1": f[1], "precision": p[1], "recall": r[1], "specificity": r[0], "macroF1": f.mean(),
        "accuracy": m.accuracy_score(gold, pred), "balancedAccuracy": m.balanced_accuracy_score(gold, pred),
        "cohenKappa": m.cohen_kappa_score(gold, pred, labels=[0, 1]), "matthewsCorrelation": m.matthews_corrcoef(gold, pred),
        "recallAtPrecision": (reached.max() if len(reached) else 0.0) if gold.sum() else np.nan,
        "precisionAtRecall": kept.max() if gold.sum() else np.nan,
        "brierScore": m.brier_score_loss(gold, scores, pos_label=1), "logLoss": m.log_loss(gold, scores, labels=[0, 1]),
        "expectedCalibrationError": ece(scores, gold.astype(float)),
        "riskCoverageArea": aurc(confidence, (gold == pred).astype(float)),
    }
    return {"gold": gold.tolist(), "scores": [float(x) for x in scores], "threshold": threshold,
            "values": {k: number(v) for k, v in values.items()}}


def auc(gold, scores, kept):
    g = gold[kept]
    return m.roc_auc_score(g, scores[kept]) if len(g) and 0 < g.sum() < len(g) else np.nan


def bias_case():
    n = int(rng.integers(20, 120))
    gold = (rng.random(n) < 0.4).astype(int)
    scores = np.round(np.clip(rng.normal(0.35 + 0.3 * gold, 0.25), 0, 1), 3)
    member = rng.random((n, 3)) < np.array([0.4, 0.2, 0.03])
    groups = {}
    for i, name in enumerate("abc"):
        inside = member[:, i]
        if not inside.any(): continue
        groups[name] = {
            "subgroupAuc": auc(gold, scores, inside),
            "bpsnAuc": auc(gold, scores, (inside & (gold == 0)) | (~inside & (gold == 1))),
            "bnspAuc": auc(gold, scores, (inside & (gold == 1)) | (~inside & (gold == 0)))}
    def power_mean(key):
        v = np.array([g[key] for g in groups.values()], float)
        v = v[~np.isnan(v)]
        return np.power((v ** -5.0).mean(), -1 / 5) if len(v) else np.nan
    overall = auc(gold, scores, np.ones(n, bool))
    means = {key: power_mean(key) for key in ["subgroupAuc", "bpsnAuc", "bnspAuc"]}
    score = 0.25 * overall + 0.75 * np.mean(list(means.values()))
    return {"gold": gold.tolist(), "scores": scores.tolist(), "member": [["abc"[i] for i in range(3) if row[i]] for row in member],
            "subgroups": {k: {a: number(b) for a, b in v.items()} for k, v in groups.items()},
            "means": {k: number(v) for k, v in means.items()}, "score": number(score)}


def agreement_case():
    n, raters = int(rng.integers(2, 30)), int(rng.integers(2, 5))
    truth = rng.integers(0, 3, n)
    ratings = np.array([np.where(rng.random(n) < rng.choice([0.5, 0.8, 1]), truth, rng.integers(0, 3, n)) for _ in range(raters)])
    if rng.random() < 0.1: ratings[:] = 1
    missing = rng.random(ratings.shape) < rng.choice([0, 0.2])
    sparse = np.where(missing, np.nan, ratings.astype(float))
    complete = ~np.isnan(sparse).any(0)
    table = np.array([[(ratings[:, u] == c).sum() for c in range(3)] for u in range(n) if complete[u]])
    pairable = (~np.isnan(sparse)).sum(0) > 1
    kept = sparse[:, pairable]
    used = np.unique(kept[~np.isnan(kept)])
    alpha = krippendorff.alpha(reliability_data=sparse, level_of_measurement="nominal", value_domain=[0, 1, 2]) if len(used) > 1 else np.nan
    fleiss = fleiss_kappa(table) if len(table) and (table.sum(0) > 0).sum() > 1 else np.nan
    both = ~np.isnan(sparse[0]) & ~np.isnan(sparse[1])
    cohen = m.cohen_kappa_score(sparse[0][both], sparse[1][both], labels=[0, 1, 2]) if both.any() else np.nan
    return {"ratings": [[None if np.isnan(x) else int(x) for x in row] for row in sparse],
            "fleiss": number(fleiss), "alpha": number(alpha), "cohen": number(cohen)}


reference = {
    "versions": {"scikit-learn": __import__("sklearn").__version__, "numpy": np.__version__},
    "stance": [stance_case() for _ in range(600)],
    "attribute": [attribute_case() for _ in range(700)],
    "bias": [bias_case() for _ in range(60)],
    "agreement": [agreement_case() for _ in range(150)],
    "mcnemar": [{"b": b, "c": c, "p": number(mcnemar([[3, b], [c, 3]], exact=True).pvalue)}
                for b, c in [(0, 0), (0, 1), (1, 1), (5, 0), (12, 3), (30, 30), (400, 460), (2, 90)]],
    "holm": [{"p": p, "adjusted": [number(x) for x in multipletests(p, method="holm")[1]]}
             for p in [[0.01, 0.04, 0.03], [1.0], [0.5, 0.5, 0.001], [0.2, 0.9, 0.04, 0.04, 0.6]]],
    "distributions": {
        "beta": [[x, a, b, number(beta.cdf(x, a, b))] for x in (0.01, 0.3, 0.77) for a in (0.5, 2, 40) for b in (0.5, 3, 1000)],
        "student": [[x, d, number(student.cdf(x, d))] for x in (-8, -1.5, 0, 0.2, 2.2) for d in (1, 2, 9, 400)],
        "studentQuantile": [[q, d, number(student.ppf(q, d))] for q in (0.001, 0.025, 0.3, 0.5, 0.9) for d in (1, 2, 9, 400, 100000)],
        "normal": [[x, number(norm.cdf(x))] for x in (-6, -1.96, -0.3, 0, 1, 4)],
        "normalQuantile": [[q, number(norm.ppf(q))] for q in (1e-6, 0.025, 0.5, 0.8, 0.999)],
    },
}
json.dump(reference, sys.stdout, separators=(",", ":"))
