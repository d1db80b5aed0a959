"""Figures from scores and gold: the stance figure, areas, calibration error, intervals. No model in here."""

import numpy as np
from scipy.stats import rankdata

AGAINST, FAVOR, NONE = 1, 0, 2


def decide(scores, favor, against):
    """Classes of CLASSES from scores [n,3]: favor and against compete by score / threshold, below both it is none."""
    ratio = scores[:, :2] / np.array([favor, against])
    return np.where(ratio.max(1) >= 1, ratio.argmax(1), NONE)


def f1(gold, guess, label):
    both = np.sum((gold == label) & (guess == label))
    total = np.sum(gold == label) + np.sum(guess == label)
    return 2 * both / total if total else float("nan")


def stance_f1(gold, guess):
    """One target: the average of F1-favor and F1-against."""
    return (f1(gold, guess, FAVOR) + f1(gold, guess, AGAINST)) / 2


def best_thresholds(scores, gold, grid=np.geomspace(0.04, 0.7, 18)):
    """Thresholds that maximise stance_f1; among near-equals the middle of the plateau, which holds better on other comments."""
    table = np.array([[stance_f1(gold, decide(scores, f, a)) for a in grid] for f in grid])
    padded = np.pad(np.nan_to_num(table), 1, mode="edge")
    smooth = sum(padded[i:i + len(grid), j:j + len(grid)] for i in range(3) for j in range(3)) / 9
    i, j = np.unravel_index(smooth.argmax(), smooth.shape)
    return float(grid[i]), float(grid[j])


def bagged(best, scores, gold, rounds=24):
    """The geometric mean of best(scores, gold) over resampled rows: the top is so flat that one sample's best is chance (Breiman 1996)."""
    rng = np.random.default_rng(0)
    picks = [rng.integers(0, len(gold), len(gold)) for _ in range(rounds)]
    return np.exp(np.mean([np.log(best(scores[k], gold[k])) for k in picks], 0)).tolist()


def folds_by_group(groups, count=5, seed=11):
    names = sorted(set(groups))
    np.random.default_rng(seed).shuffle(names)
    fold = {name: k % count for k, name in enumerate(names)}
    return np.array([fold[g] for g in groups])


def roc_auc(positive, score):
    positive = np.asarray(positive, bool)
    n, m = positive.sum(), (~positive).sum()
    if not n or not m:
        return float("nan")
    return float((rankdata(score)[positive].sum() - n * (n + 1) / 2) / (n * m))


def expected_calibration_error(probability, happened, bins=10):
    """Equal-width bins of the stated probability."""
    probability, happened = np.asarray(probability, float), np.asarray(happened, float)
    place = np.minimum((probability * bins).astype(int), bins - 1)
    return float(sum(abs(probability[place == b].mean() - happened[place == b].mean()) * (place == b).mean() for b in set(place)))


def bootstrap(groups, figure, rounds=500, seed=3, level=0.95):
    """Interval of figure(indices) by resampling whole groups."""
    rng = np.random.default_rng(seed)
    members = {}
    for k, group in enumerate(groups):
        members.setdefault(group, []).append(k)
    members = [np.array(v) for v in members.values()]
    values = []
    for _ in range(rounds):
        pick = rng.integers(0, len(members), len(members))
        values.append(figure(np.concatenate([members[p] for p in pick])))
    low, high = np.nanquantile(values, [(1 - level) / 2, (1 + level) / 2])
    return {"low": float(low), "high": float(high), "level": level}
