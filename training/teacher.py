"""A larger encoder learns stance first; its soft labels then teach the small network, also on real comments nobody labelled.

Its lower layers stay frozen, so what they make of a comment is computed once and kept: epochs then cost half.
"""

import torch

from .data import TARGETS
from .network import batches_of_few_shapes, collate, encode, pad_id


class PartlyFrozen(torch.nn.Module):
    """Wraps a Classifier: forward(ids, mask) starts from remembered states of the lower `cut` layers."""

    def __init__(self, classifier, cut):
        super().__init__()
        self.inner, self.cut, self.known = classifier, cut, {}
        self.encoder, self.query, self.heads = classifier.encoder, classifier.query, classifier.heads

    @torch.no_grad()
    def remember(self, tokenizer, texts, tokens_a_batch=4096):
        self.eval()
        ids = [row for row in {tuple(row) for row in encode(tokenizer, texts)} if row not in self.known]
        ids.sort()
        for batch, width in batches_of_few_shapes(ids, tokens_a_batch):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                states = self.encoder(*collate([ids[k] for k in batch], pad_id(tokenizer), width), 0, self.cut)
            for k, row in zip(batch, states.bfloat16()):
                self.known[ids[k]] = row[:len(ids[k])].clone()

    def forward(self, ids, mask):
        states = torch.zeros(*ids.shape, self.encoder.shape["hidden_size"])
        for k, length in enumerate(mask.sum(1).tolist()):
            states[k, :length] = self.known[tuple(ids[k, :length].tolist())].float()
        return self.inner(ids, mask, states, self.cut)


def stance_probabilities(logits):
    return torch.tensor(logits[:, :9]).view(-1, len(TARGETS), 3).softmax(-1).tolist()


def soften(rows, logits, trust):
    """Rows with stance targets mixed from the labels (1 - trust) and the teacher (trust); rows without labels take the teacher's alone."""
    for row, teacher in zip(rows, stance_probabilities(logits)):
        row.stance = [
            soft if gold is None else [(1 - trust) * g + trust * s for g, s in zip(gold, soft)] for gold, soft in zip(row.stance, teacher)
        ]


def hold_stance(rows, logits):
    """Rows whose stance targets are a network's own present answers: it forgets none of them while it learns something else (Li and Hoiem 2016)."""
    for row, present in zip(rows, stance_probabilities(logits)):
        row.stance = present
