"""One command from corpora to models/<name>/: python -m training --data DIR --out models/moderato-en-small"""

import argparse
import json
import platform
import random
import time
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch

from . import calibrate, card, evaluate, invariance, package, quantise, scorer
from .data import load_dev, load_training
from .learn import fit, hold_stance
from .network import Classifier, Encoder, base_folder, load_tokenizer

SEED = 1
RUNS = 2  # of either stage, in another order of rows; the mean of their weights goes on
# how many rows of each public toxicity source an epoch draws: clean news sentences all, so that news does not mean toxic;
# Wikipedia in bulk for Perspective's scores; the tweets of `davidson` never, for their labels' bias
TOXICITY_DRAW = {"civil": 2500, "civil-clean": 1400, "wiki-context": 3900, "jigsaw": 900, "surge": 500, "wiki2k": 500, "fox": 400}
REAL_WEIGHT = 2.0
# after that toxicity learns on: the weight of the squared error on the log-odds of Perspective's scores, that of the stance which the students'
# mean held before, rows of each source
SECOND_EPOCHS, SECOND_GRADED, SECOND_HELD = 2, 1.0, 2.0
SECOND_DRAW = {"wiki-context": 15756, "civil": 9000, "civil-clean": 1400, "jigsaw": 1900, "corpus": 8000,
               "civil-read": 3000, "civil-stance": 600, "civil-turned": 2000}
CALIBRATED_ON = (
    "1,500 real English comments from discussion sites and news pages, labelled by the codebook (stance and toxicity), "
    "and 187 Wikipedia comments (toxicity only), November 2026"
)
AIM = "stance: the mean of F1-favor and F1-against of each target; each attribute: F1; on the calibration rows"


def arguments():
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--data", required=True, type=Path, help="folder with stance/ and toxicity/ (not part of the project)")
    parser.add_argument("--out", required=True, type=Path, help="the model folder to write")
    parser.add_argument("--fixtures", type=Path, default=Path("fixtures"))
    parser.add_argument("--cache", type=Path, default=Path("training-cache"), help="weights between steps")
    parser.add_argument("--base", default="minilm-l6", help="'minilm-l6' or a folder with BERT weights")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--version", default="0.9.0")
    parser.add_argument("--smoke", action="store_true", help="every step on 50 rows, to see that it runs")
    return parser.parse_args()


def log(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def some(rows, count, rng):
    return rng.sample(rows, min(count, len(rows)))


def by_source(rows):
    groups = {}
    for row in rows:
        groups.setdefault(row.source, []).append(row)
    return groups


def drawn(groups, counts, rng):
    return [row for source, count in counts.items() for row in some(groups.get(source, []), count, rng)]


def student(options, corpora, tokenizer, base, seed):
    """One fine-tuned network: its weights and what it learnt from, from the cache where they are there. The seed orders the rows; all begin alike."""
    path, began = options.cache / f"student-{seed}.pt", time.time()
    if path.exists():
        return torch.load(path), json.loads(path.with_suffix(".json").read_text())
    torch.manual_seed(SEED)
    model = Classifier(Encoder.load(base))
    public = by_source(corpora.toxicity)
    neutral = [r.text for r in public.get("civil-clean", []) if len(r.text) < 200 and r.stance[0]]
    stance = [row if row.source == "corpus" else replace(row, weight=REAL_WEIGHT) for row in corpora.stance]
    fit(model, tokenizer, lambda epoch, rng: stance + drawn(public, TOXICITY_DRAW, rng), options.epochs, 1.5e-4, seed, neutral=neutral, log=log)
    run = {"epochs": options.epochs, "minutes": round((time.time() - began) / 60, 1), "seed": seed,
           "rows": {"stance": len(corpora.stance), "toxicity": len(corpora.toxicity)}}
    torch.save(model.state_dict(), path)
    path.with_suffix(".json").write_text(json.dumps(run))
    return model.state_dict(), run


def mean_of(weights):
    """The mean of several networks' weights, better than each (Wortsman et al. 2022, model soups)."""
    return {name: sum(each[name] for each in weights) / len(weights) for name in weights[0]}


def settled(options, weights, corpora, tokenizer, base, seed):
    """Weights with which toxicity has learnt on, while every row's stance target is what the network said of it before."""
    path = options.cache / f"settled-{seed}.pt"
    if path.exists():
        return torch.load(path)
    model = Classifier(Encoder.load(base))
    model.load_state_dict(weights)
    groups = by_source(corpora.stance + corpora.toxicity)
    # `fit` draws every epoch before the first step
    fit(model, tokenizer, lambda _, rng: hold_stance(model, tokenizer, drawn(groups, SECOND_DRAW, rng)), SECOND_EPOCHS, 1e-4, seed,
        smoothing=0.0, graded=SECOND_GRADED, held=SECOND_HELD, average_keep=0.98, log=log)
    torch.save(model.state_dict(), path)
    return model.state_dict()


def train(options, corpora, base):
    """The mean of students that differ in the order of their rows; from there the second stage, likewise the mean of several."""
    tokenizer, count = load_tokenizer(base), 1 if options.smoke else RUNS
    students = [student(options, corpora, tokenizer, base, SEED + k) for k in range(count)]
    start = mean_of([weights for weights, _ in students])
    model = Classifier(Encoder.load(base))
    model.load_state_dict(mean_of([settled(options, start, corpora, tokenizer, base, SEED + RUNS + k) for k in range(count)]))
    return model.eval(), tokenizer, [run for _, run in students]


def main():
    options = arguments()
    torch.set_num_threads(2)
    options.cache.mkdir(parents=True, exist_ok=True)
    began = time.time()
    if options.smoke:
        options.epochs = 1
    base = base_folder(options.base)
    corpora = load_training(options.data, limit=50 if options.smoke else None)
    log(f"{len(corpora.stance)} rows with stance, {len(corpora.toxicity)} with toxicity only")
    model, tokenizer, runs = train(options, corpora, base)

    seen_rows = some(corpora.stance, 400, random.Random(SEED)) + some(corpora.toxicity, 200, random.Random(SEED))
    plan = quantise.plan_of(model, quantise.observe(model, tokenizer, [r.text for r in seen_rows]))
    package.write_files(base, model.encoder.shape, options.out)
    whole, exact = quantise.build(model, plan), quantise.build(model)
    quantise.save(whole, options.out / "onnx" / "model_quantized.onnx")
    log("exported")

    ours = scorer.Scorer.open(options.out)
    dev, public = load_dev(options.data)
    if options.smoke:
        dev, public = dev[:200], public[:200]

    def fit_manifest(logits_of):
        dev_logits = logits_of([r.text for r in dev])
        texts, labels, groups = calibrate.attribute_pool(dev, public)
        pool = np.concatenate([dev_logits, logits_of(texts[len(dev):])]) if len(texts) > len(dev) else dev_logits
        targets, attributes = calibrate.fit_all(dev_logits, dev, pool, labels, groups)
        return package.manifest_of(options.out, options.version, targets, attributes, CALIBRATED_ON, AIM)

    manifest = fit_manifest(ours.logits)
    package.write_json(options.out / "moderato.json", manifest)
    log("calibrated")
    if options.smoke:
        return log(f"smoke run done in {time.time() - began:.0f}s")

    figures = evaluate.all_figures(ours.logits, options.data, options.fixtures, manifest)
    log("evaluated")
    unquantised = scorer.Scorer(scorer.session_of(exact.SerializeToString()), ours.tokenizer)
    own = fit_manifest(unquantised.logits)
    figures["unquantised"] = evaluate.all_figures(unquantised.logits, options.data, options.fixtures, own)
    mixed = [r["text"] for r in public if r["source"] != "davidson"][:500] + [r.text for r in dev][:500]
    figures["invariance"] = invariance.batch_invariance(ours.session, ours.tokenizer, mixed, manifest)
    dynamic = quantise.save_dynamic(model, options.cache)
    figures["speed"] = invariance.speed({"shipped": options.out / "onnx" / "model_quantized.onnx", "dynamic": dynamic})
    figures["invariance_of_dynamic"] = invariance.batch_invariance(scorer.session_of(dynamic), ours.tokenizer, mixed[:200], manifest)
    packages = ("torch", "onnx", "onnxruntime", "tokenizers", "numpy", "scipy", "safetensors")
    figures["made_with"] = {"python": platform.python_version(), "machine": platform.machine(), "threads": 2, "training minutes": sum(run["minutes"] for run in runs),
                            **{p: version(p) for p in packages}}
    figures["training"] = runs
    figures["rows"] = {source: len(rows) for source, rows in by_source(corpora.stance + corpora.toxicity).items()}
    Path(__file__).with_name("results.json").write_text(json.dumps(package.rounded(figures), indent=1) + "\n")
    card.write(options.out, figures, manifest)
    log(f"done in {(time.time() - began) / 60:.0f} minutes")


if __name__ == "__main__":
    main()
