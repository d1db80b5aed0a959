"""Runs models/<name>/onnx/model_quantized.onnx as a user's program does: padded batches, two threads."""

from pathlib import Path

import numpy as np
import onnxruntime

from .network import encode, load_tokenizer


def session_of(model, threads=2):
    """model: a path or the bytes of an ONNX model."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model if isinstance(model, bytes) else str(model), options, providers=["CPUExecutionProvider"])


def feed_of(ids, pad=0, width=None):
    width = width or max(map(len, ids))
    tokens = np.full((len(ids), width), pad, np.int64)
    mask = np.zeros((len(ids), width), np.int64)
    for k, row in enumerate(ids):
        tokens[k, :len(row)] = row
        mask[k, :len(row)] = 1
    return {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}


class Scorer:
    def __init__(self, session, tokenizer):
        self.session, self.tokenizer = session, tokenizer

    @classmethod
    def open(cls, folder):
        folder = Path(folder)
        return cls(session_of(folder / "onnx" / "model_quantized.onnx"), load_tokenizer(folder))

    def logits(self, texts, rows_a_batch=32):
        ids = encode(self.tokenizer, texts)
        order = sorted(range(len(ids)), key=lambda k: len(ids[k]))
        out = np.zeros((len(ids), 16), np.float32)
        for start in range(0, len(order), rows_a_batch):
            batch = order[start:start + rows_a_batch]
            out[batch] = self.session.run(None, feed_of([ids[k] for k in batch]))[0]
        return out
