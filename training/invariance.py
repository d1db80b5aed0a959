"""Does a comment's score depend on its neighbours or its padding, and is the graph as fast as dynamic quantisation of the same network?"""

import json
import subprocess
from pathlib import Path

import numpy as np

from .calibrate import apply_attributes, apply_targets
from .evaluate import fitted_of
from .network import MAX_TOKENS, encode
from .scorer import feed_of


def probabilities(logits, manifest):
    targets, attributes = fitted_of(manifest)
    stance, guess = apply_targets(logits[:, :9], targets)
    toxicity, flags = apply_attributes(logits[:, 9:], attributes)
    return np.concatenate([stance.reshape(len(logits), -1), toxicity], 1), np.concatenate([guess, flags], 1)


def batch_invariance(session, tokenizer, texts, manifest, seed=1):
    """Each text alone, among 31 others, and padded to 128 tokens: the greatest difference of any score and how many labels differ."""
    ids = encode(tokenizer, texts)
    run = lambda feed: session.run(None, feed)[0]
    alone = np.concatenate([run(feed_of([row])) for row in ids])
    padded = np.concatenate([run(feed_of([row], width=MAX_TOKENS)) for row in ids])
    order = np.random.default_rng(seed).permutation(len(ids))
    among = np.zeros_like(alone)
    for start in range(0, len(ids), 32):
        batch = [order[k % len(ids)] for k in range(start, start + 32)]
        among[batch] = run(feed_of([ids[k] for k in batch]))
    base, labels = probabilities(alone, manifest)
    out = {"comments": len(ids)}
    for name, other in (("among_31", among), ("padded_to_128", padded)):
        scores, guess = probabilities(other, manifest)
        out[name] = {"greatest_score_difference": float(np.abs(scores - base).max()), "labels_that_differ": int((guess != labels).any(1).sum())}
    return out


def speed(networks):
    """Comments a second of each network (name -> path) on one and on two threads under onnxruntime-node, the runtime that ships."""
    names = [f"{name}={Path(path).resolve()}" for name, path in networks.items()]
    script = Path(__file__).with_name("speed.mjs")
    return {str(threads): json.loads(subprocess.run(["node", script, str(threads), *names], check=True, capture_output=True).stdout) for threads in (1, 2)}
