"""Makes two tiny models in the layout of transformers.js: bags of words with weights set by hand.

    pip install onnx && python make_models.py

tiny-toxic: labels toxic, insult, threat, each on its own (sigmoid). tiny-nli: entailment, neutral, contradiction for a
pair; it "understands" that a hypothesis with "supports" goes with "good", one with "against" with "bad", one with "toxic"
with "idiot", and reads which text a word stands in from token_type_ids.
"""
import json, os
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = os.path.dirname(os.path.abspath(__file__))
WORDS = "[PAD] [UNK] [CLS] [SEP] idiot kill you stupid good bad supports against no side toxic the a author of this comment is takes on europe russia".split()


def node(op, inputs, outputs, **attributes):
    return helper.make_node(op, inputs, outputs, **attributes)


def constant(name, array):
    return numpy_helper.from_array(np.asarray(array), name)


def save(name, labels, graph_nodes, constants, config):
    inputs = [helper.make_tensor_value_info(i, TensorProto.INT64, ["batch", "sequence"]) for i in ("input_ids", "attention_mask", "token_type_ids")]
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", len(labels)])]
    graph = helper.make_graph(graph_nodes, name, inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    folder = os.path.join(HERE, name)
    os.makedirs(os.path.join(folder, "onnx"), exist_ok=True)
    onnx.save(model, os.path.join(folder, "onnx", "model_quantized.onnx"))
    vocabulary = {word: index for index, word in enumerate(WORDS)}
    special = lambda content: {"id": vocabulary[content], "content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    tokenizer = {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [special(w) for w in WORDS[:4]],
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {"type": "TemplateProcessing",
            "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
            "pair": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "[SEP]", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}, {"SpecialToken": {"id": "[SEP]", "type_id": 1}}],
            "special_tokens": {w: {"id": w, "ids": [vocabulary[w]], "tokens": [w]} for w in ("[CLS]", "[SEP]")}},
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": vocabulary},
    }
    write = lambda file, content: json.dump(content, open(os.path.join(folder, file), "w"), indent=1)
    write("tokenizer.json", tokenizer)
    write("tokenizer_config.json", {"tokenizer_class": "BertTokenizer", "model_max_length": 32, "do_lower_case": True,
        "pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"})
    write("config.json", {"model_type": "bert", "architectures": ["BertForSequenceClassification"], "max_position_embeddings": 32,
        "id2label": {str(i): label for i, label in enumerate(labels)}, "label2id": {label: i for i, label in enumerate(labels)}, **config})


def weights(table, width):
    matrix = np.zeros((len(WORDS), width), np.float32)
    for word, row in table.items():
        matrix[WORDS.index(word)] = row
    return matrix


# Sum over unmasked tokens of the words' weights, plus a bias.
save("tiny-toxic", ["toxic", "insult", "threat"], [
    node("Gather", ["table", "input_ids"], ["embedded"]),
    node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
    node("Unsqueeze", ["mask", "last"], ["wide"]),
    node("Mul", ["embedded", "wide"], ["kept"]),
    node("ReduceSum", ["kept", "axis"], ["sum"], keepdims=0),
    node("Add", ["sum", "bias"], ["logits"]),
], [constant("table", weights({"idiot": [4, 5, 0], "stupid": [3, 3, 0], "kill": [4, 0, 5]}, 3)),
    constant("last", np.array([2])), constant("axis", np.array([1])), constant("bias", np.array([-3, -3, -3], np.float32))],
    {"problem_type": "multi_label_classification"})

# Features of the premise (type 0) times features of the hypothesis (type 1).
features = weights({"good": [1, 0, 0, 0], "bad": [0, 1, 0, 0], "idiot": [0, 0, 0, 1], "supports": [1, 0, 0, 0], "against": [0, 1, 0, 0], "side": [0, 0, 1, 0], "toxic": [0, 0, 0, 1]}, 4)
save("tiny-nli", ["CONTRADICTION", "NEUTRAL", "ENTAILMENT"], [
    node("Gather", ["table", "input_ids"], ["embedded"]),
    node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
    node("Cast", ["token_type_ids"], ["type"], to=TensorProto.FLOAT),
    node("Mul", ["mask", "type"], ["second"]),
    node("Sub", ["mask", "second"], ["first"]),
    node("Unsqueeze", ["first", "last"], ["first_wide"]),
    node("Unsqueeze", ["second", "last"], ["second_wide"]),
    node("Mul", ["embedded", "first_wide"], ["premise_words"]),
    node("Mul", ["embedded", "second_wide"], ["hypothesis_words"]),
    node("ReduceSum", ["premise_words", "axis"], ["premise"], keepdims=0),
    node("ReduceSum", ["hypothesis_words", "axis"], ["hypothesis"], keepdims=0),
    node("Mul", ["premise", "hypothesis"], ["match"]),
    node("ReduceSum", ["match", "axis"], ["matches"], keepdims=1),
    node("Mul", ["matches", "direction"], ["scaled"]),
    node("Add", ["scaled", "bias"], ["logits"]),
], [constant("table", features), constant("last", np.array([2])), constant("axis", np.array([1])),
    constant("direction", np.array([[-3, 0, 5]], np.float32)), constant("bias", np.array([1, 0.5, -1], np.float32))], {})
