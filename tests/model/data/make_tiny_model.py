"""Writes tiny-model/: a whole model folder of a few kilobytes, with random weights.

It takes the way that the shipped model takes (tokenizer.json, ONNX, moderato.json with digests), for tests that are not
about what a model has learnt. Needs numpy and onnx:

    python make_tiny_model.py
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = Path(__file__).parent / "tiny-model"
WORDS = """the a of to and in is it that for on with as are they we you not no but be should have has will this what who all
more only out stay let handle europe european eu uk us usa america american washington russia russian putin kremlin moscow
ukraine nato war peace troops aid money weak strong help support against idiot stupid moron shut up kill die hope thank good
bad right wrong great coward traitor liar leave meddling worse situation comment first second third word number""".split()
HIDDEN, OUTPUTS = 16, 16
ATTRIBUTES = ["toxicity", "severe_toxicity", "insult", "profanity", "identity_attack", "threat", "sexually_explicit"]


def vocabulary():
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *",.!?'\"-:;()@#/&$%", *letters, *[f"##{letter}" for letter in letters]]
    return {piece: index for index, piece in enumerate(dict.fromkeys([*pieces, *WORDS]))}


def tokenizer(vocab):
    token = lambda content: {"id": vocab[content], "content": content, "single_word": False, "lstrip": False,
                             "rstrip": False, "normalized": False, "special": True}
    special = lambda content: {"SpecialToken": {"id": content, "type_id": 0}}
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [token(content) for content in ("[PAD]", "[UNK]", "[CLS]", "[SEP]")],
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None,
                       "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [special("[CLS]"), {"Sequence": {"id": "A", "type_id": 0}}, special("[SEP]")],
            "pair": [special("[CLS]"), {"Sequence": {"id": "A", "type_id": 0}}, special("[SEP]"),
                     {"Sequence": {"id": "B", "type_id": 1}}, special("[SEP]")],
            "special_tokens": {content: {"id": content, "ids": [vocab[content]], "tokens": [content]}
                               for content in ("[CLS]", "[SEP]")}},
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": vocab},
    }


def network(size):
    """A linear layer over each word vector, then their mean: no comment touches its neighbours or its padding. The layer
    comes first because a product with a single row takes another path through the runtime and rounds differently."""
    random = np.random.default_rng(7)
    weights = {
        "vectors": random.normal(size=(size, HIDDEN)).astype(np.float32),
        "linear": (2 * random.normal(size=(HIDDEN, OUTPUTS))).astype(np.float32),
        "last_axis": np.array([2], dtype=np.int64),
    }
    nodes = [
        helper.make_node("Gather", ["vectors", "input_ids"], ["embedded"]),
        helper.make_node("MatMul", ["embedded", "linear"], ["projected"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last_axis"], ["column"]),
        helper.make_node("Mul", ["projected", "column"], ["masked"]),
        helper.make_node("ReduceSum", ["masked", "token_axis"], ["summed"], keepdims=0),
        helper.make_node("ReduceSum", ["column", "token_axis"], ["count"], keepdims=0),
        helper.make_node("Div", ["summed", "count"], ["mean"]),
        helper.make_node("Cast", ["token_type_ids"], ["types"], to=TensorProto.FLOAT),
        helper.make_node("ReduceSum", ["types", "token_axis"], ["type_sum"], keepdims=1),
        helper.make_node("Add", ["mean", "type_sum"], ["logits"]),
    ]
    weights["token_axis"] = np.array([1], dtype=np.int64)
    integers = lambda name: helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
    graph = helper.make_graph(
        nodes, "tiny", [integers("input_ids"), integers("attention_mask"), integers("token_type_ids")],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", OUTPUTS])],
        [numpy_helper.from_array(array, name) for name, array in weights.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 7
    onnx.checker.check_model(model)
    return model.SerializeToString()


def main():
    vocab = vocabulary()
    files = {
        "config.json": json.dumps({"model_type": "bert", "architectures": ["BertForSequenceClassification"],
                                   "hidden_size": HIDDEN, "num_labels": OUTPUTS}, indent=1).encode(),
        "tokenizer.json": json.dumps(tokenizer(vocab), indent=1).encode(),
        "tokenizer_config.json": json.dumps({"tokenizer_class": "BertTokenizer", "do_lower_case": True, "cls_token": "[CLS]",
                                             "sep_token": "[SEP]", "pad_token": "[PAD]", "unk_token": "[UNK]"},
                                            indent=1).encode(),
        "onnx/model_quantized.onnx": network(len(vocab)),
    }
    target = lambda name, at: {"name": name, "outputs": {"favor": at, "against": at + 1, "none": at + 2},
                               "calibration": {"temperature": 1, "bias": {"favor": 0, "against": 0, "none": 0}},
                               "thresholds": {"favor": 0.5, "against": 0.5}}
    description = {
        "schemaVersion": 1, "name": "tiny", "version": "1.0.0", "license": "MIT", "languages": ["en"], "maxTokens": 64,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        "stance": {"targets": [target("europe", 0), target("us", 3), target("russia", 6)]},
        "toxicity": {"decisive": "toxicity", "attributes": [
            {"name": name, "output": 9 + index, "calibration": {"slope": 1, "intercept": 0}, "threshold": 0.5}
            for index, name in enumerate(ATTRIBUTES)]},
    }
    files["moderato.json"] = (json.dumps(description, indent=2) + "\n").encode()
    for name, content in files.items():
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_bytes(content)


if __name__ == "__main__":
    main()
