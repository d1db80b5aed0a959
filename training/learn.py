"""Fine-tuning with masked losses: stance by cross-entropy on (soft) classes, toxicity by binary cross-entropy on (soft) labels."""

import math
import random
import time
from dataclasses import replace

import torch
import torch.nn.functional as F

from .data import augment, swear_words
from .network import batches_of_few_shapes, collate, encode, pad_id, predict

# favor, against, none: life holds few favors, so they count for more in the loss (see README, table of choices)
CLASS_WEIGHT = torch.tensor([1.4, 1.1, 1.0])
POSITIVE_WEIGHT = torch.tensor([1.0, 2.0, 1.0, 1.5, 2.0, 2.0, 2.0])


def targets_of(rows, smoothing):
    stance = torch.zeros(len(rows), 3, 3)
    stance_mask = torch.zeros(len(rows), 3)
    toxicity = torch.zeros(len(rows), 7)
    toxicity_mask = torch.zeros(len(rows), 7)
    for k, row in enumerate(rows):
        for t, value in enumerate(row.stance):
            if value is not None:
                stance[k, t] = torch.tensor(value) * (1 - smoothing) + smoothing / 3
                stance_mask[k, t] = 1
        for a, value in enumerate(row.toxicity):
            if value is not None:
                toxicity[k, a] = value
                toxicity_mask[k, a] = 1
    weight = torch.tensor([row.weight for row in rows])
    return stance, stance_mask, toxicity, toxicity_mask, weight


def loss_of(logits, rows, smoothing, graded=0.0, held=0.0):
    """graded: weight of the squared error on the log-odds of Perspective's scores, whose order among harmless comments entropy hardly sees.
    held: weight of stance where its targets are a network's answers, to be kept as they are, without weights by class."""
    stance, stance_mask, toxicity, toxicity_mask, weight = targets_of(rows, smoothing)
    log_p = logits[:, :9].view(-1, 3, 3).log_softmax(-1)
    by_target = -(stance * (held or CLASS_WEIGHT) * log_p).sum(-1) * stance_mask
    by_attribute = F.binary_cross_entropy_with_logits(logits[:, 9:], toxicity, reduction="none", pos_weight=POSITIVE_WEIGHT) * toxicity_mask
    if graded:
        scored = torch.tensor([float(row.source == "wiki-context") for row in rows])
        log_odds = toxicity[:, 0].clamp(0.01, 0.99).logit()
        by_attribute = by_attribute * (1 - scored[:, None]) + F.pad((graded * scored * (logits[:, 9] - log_odds) ** 2)[:, None], (0, 6))
    return ((by_target.sum(1) + by_attribute.sum(1)) * weight).sum() / (len(rows) * 3)


def hold_stance(model, tokenizer, rows):
    """Copies of rows whose stance targets are what a network says of them now: it forgets none of it while it learns something else (Li and Hoiem 2016)."""
    present = torch.tensor(predict(model, tokenizer, [row.text for row in rows])[:, :9]).view(-1, 3, 3).softmax(-1).tolist()
    return [replace(row, stance=stance) for row, stance in zip(rows, present)]


def parameter_groups(model, rate, decay_by_layer):
    """Lower layers learn slower."""
    encoder, layers = model.encoder, model.encoder.layers
    lowest = [encoder.words, encoder.places, encoder.norm]
    groups = [{"params": [*model.query.parameters(), *model.heads.parameters()], "lr": rate * 10}]
    for k, layer in enumerate(layers):
        groups.append({"params": [*layer.parameters()], "lr": rate * decay_by_layer ** (len(layers) - 1 - k)})
    groups.append({"params": [p for part in lowest for p in part.parameters()], "lr": rate * decay_by_layer ** len(layers)})
    for group in groups:
        group["peak"] = group["lr"]
    return groups


def schedule_of(plan, tokenizer, tokens_a_batch, neutral, rng):
    """The batches of every epoch: (token ids, rows, width)."""
    words = swear_words({id(r): r for rows in plan for r in rows}.values())
    for rows in plan:
        rng.shuffle(rows)
        ids = encode(tokenizer, [augment(r, words, neutral, rng) for r in rows])
        batches = batches_of_few_shapes(ids, tokens_a_batch)
        rng.shuffle(batches)
        yield [([ids[k] for k in b], [rows[k] for k in b], width) for b, width in batches]


def fit(model, tokenizer, draw, epochs, rate, seed, *, decay_by_layer=0.9, tokens_a_batch=2048, smoothing=0.05,
        graded=0.0, held=0.0, average_keep=0.995, warmup=0.06, neutral=(), log=print):
    """draw(epoch, rng) gives the rows of an epoch; all are drawn before the first step. Leaves the moving average of the weights in the model."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    plan = [list(draw(epoch, rng)) for epoch in range(epochs)]
    schedule = list(schedule_of(plan, tokenizer, tokens_a_batch, neutral, rng))
    steps = sum(map(len, schedule))
    optimiser = torch.optim.AdamW(parameter_groups(model, rate, decay_by_layer), weight_decay=0.01, fused=True)
    trained = list(model.parameters())
    average = [p.detach().clone() for p in trained]
    step, began, total = 0, time.time(), 0.0
    model.train()
    for epoch, batches in enumerate(schedule):
        for ids, rows, width in batches:
            step += 1
            scale = min(step / (warmup * steps + 1), 0.5 * (1 + math.cos(math.pi * step / steps)) + 0.02)
            for group in optimiser.param_groups:
                group["lr"] = group["peak"] * scale
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model(*collate(ids, pad_id(tokenizer), width))
            loss = loss_of(logits.float(), rows, smoothing, graded, held)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            optimiser.zero_grad()
            with torch.no_grad():
                torch._foreach_lerp_(average, trained, 1 - min(average_keep, step / (step + 10)))
            total += float(loss.detach())
            if step % 50 == 0:
                log(f"epoch {epoch + 1}/{epochs} step {step}/{steps} loss {total / 50:.4f} {time.time() - began:.0f}s")
                total = 0.0
    with torch.no_grad():
        for parameter, mean in zip(trained, average):
            parameter.copy_(mean)
    model.eval()
