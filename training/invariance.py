"""Does a comment's score depend on its neighbours or its padding, and is the graph as fast as dynamic quantisation of the same network?"""

import time

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


def speed(sessions, tokenizer, texts, shapes=((1, 24), (8, 24), (32, 24), (8, 64), (32, 64)), seconds=0.4, rounds=5):
    """Comments a second of each session for fixed shapes, interleaved so that all meet the same machine; the best of the rounds."""
    ids = [k for row in encode(tokenizer, texts) for k in row[1:-1]]
    table = {}
    for batch, tokens in shapes:
        rows = [ids[k * tokens:(k + 1) * tokens] for k in range(batch)]
        feed, best = feed_of(rows), {}
        for _ in range(rounds):
            for name, session in sessions.items():
                session.run(None, feed)
                began, count = time.perf_counter(), 0
                while time.perf_counter() - began < seconds:
                    session.run(None, feed)
                    count += batch
                best[name] = max(best.get(name, 0), count / (time.perf_counter() - began))
        table[f"{batch}x{tokens}"] = {k: round(v, 1) for k, v in best.items()}
    return table
