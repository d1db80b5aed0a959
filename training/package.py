"""Writes the folder models/<name>/: tokenizer, config.json, and moderato.json with calibration, thresholds and every file's digest."""

import hashlib
import json
import shutil
from pathlib import Path

from .data import ATTRIBUTES, TARGETS
from .network import MAX_TOKENS


def write_files(base, shape, folder):
    """What transformers.js needs beside the ONNX file."""
    folder = Path(folder)
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(Path(base) / "tokenizer.json", folder / "tokenizer.json")
    tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer["truncation"] = tokenizer["padding"] = None
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    names = [f"{t}:{c}" for t in TARGETS for c in ("favor", "against", "none")] + ATTRIBUTES
    keys = ("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "vocab_size", "max_position_embeddings", "layer_norm_eps")
    config = {
        "architectures": ["BertForSequenceClassification"], "model_type": "bert", "hidden_act": "gelu", "pad_token_id": 0, "type_vocab_size": 2,
        **{k: shape[k] for k in keys}, "num_labels": len(names), "id2label": {str(k): n for k, n in enumerate(names)},
        "label2id": {n: k for k, n in enumerate(names)}, "problem_type": "multi_label_classification",
    }
    write_json(folder / "config.json", config)
    write_json(folder / "tokenizer_config.json", {"tokenizer_class": "BertTokenizer", "do_lower_case": True, "model_max_length": MAX_TOKENS,
                                                  "cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "[PAD]", "unk_token": "[UNK]", "mask_token": "[MASK]"})


def write_json(path, value):
    Path(path).write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def digest(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def rounded(value, places=4):
    if isinstance(value, float):
        return round(value, places)
    if isinstance(value, dict):
        return {k: rounded(v, places) for k, v in value.items()}
    return [rounded(v, places) for v in value] if isinstance(value, list) else value


def manifest_of(folder, version, targets, attributes, calibrated_on, aim):
    """What moderato.json holds. targets and attributes: what calibrate.fit_all gives, in the order of TARGETS and ATTRIBUTES."""
    folder = Path(folder)
    files = ["config.json", "tokenizer.json", "tokenizer_config.json", "onnx/model_quantized.onnx"]
    stance = [{"name": t, "outputs": {"favor": 3 * k, "against": 3 * k + 1, "none": 3 * k + 2}, **targets[k]} for k, t in enumerate(TARGETS)]
    heads = [{"name": a, "output": 9 + k, **attributes[k]} for k, a in enumerate(ATTRIBUTES)]
    return rounded({
        "schemaVersion": 1, "name": folder.name, "version": version, "license": "MIT", "languages": ["en"], "maxTokens": MAX_TOKENS,
        "files": {f: digest(folder / f) for f in files}, "stance": {"targets": stance},
        "toxicity": {"decisive": "toxicity", "attributes": heads}, "calibratedOn": calibrated_on, "thresholdAim": aim,
    })
