"""The network as an ONNX graph in whole numbers whose scores do not depend on neighbours or padding.

Every linear layer reads its input through one *constant* scale, learnt from training rows, so no scale is taken from the batch.
That alone is not enough: a softmax that sums more padding sums in another order, the last bit of its result moves, and a value
on the edge between two whole numbers falls to the other side. So the softmax is built from parts whose order is fixed: exp, then
one matrix product with [values | 1] that gives the weighted sum and the normaliser together; padding adds exact zeros at the end.
"""

import math
from dataclasses import dataclass

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper

from .network import collate, encode, pad_id

MICROSOFT = "com.microsoft"
SCORE_LIMIT = 60.0  # exp(60) * 128 tokens is far inside float32


class Graph:
    def __init__(self):
        self.nodes, self.constants, self.count = [], {}, 0

    def constant(self, name, value):
        self.constants.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def op(self, kind, inputs, outputs=1, domain="", **attributes):
        self.count += 1
        names = [f"{kind}_{self.count}_{k}" for k in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, name=f"{kind}_{self.count}", domain=domain, **attributes))
        return names[0] if outputs == 1 else names

    def finish(self, result, width_out):
        self.nodes.append(helper.make_node("Identity", [result], ["logits"], name="logits"))
        axes = ["batch", "tokens"]
        inputs = [helper.make_tensor_value_info(n, TensorProto.INT64, axes) for n in ("input_ids", "attention_mask", "token_type_ids")]
        outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", width_out])]
        graph = helper.make_graph(self.nodes, "moderato", inputs, outputs, list(self.constants.values()))
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)], producer_name="moderato")
        model.ir_version = 8
        return model


@dataclass
class Point:
    """One place where a linear layer reads: the range of its input, per channel the divisor that evens it out, the second moment of what then remains."""

    low: float
    high: float
    divisor: np.ndarray
    moment: np.ndarray


def array(tensor):
    return tensor.detach().float().numpy()


def whole_weights(weight, bits, moment=None):
    """[in, out] float -> int8 with one scale a column; 7 bits keep processors without VNNI from overflowing their 16-bit sums.

    moment [in, in], the second moment of what the layer reads: what rounding one row of the weight does to the layer's output is
    then made up for by the rows that follow (GPTQ, Frantar et al. 2023), those with the most in them first."""
    top = 2 ** (bits - 1) - 1
    scale = np.maximum(np.abs(weight).max(0), 1e-8) / top
    if moment is None:
        return np.clip(np.round(weight / scale), -top, top).astype(np.int8), scale.astype(np.float32)
    order = np.argsort(-moment.diagonal(), kind="stable")
    damped = moment[np.ix_(order, order)] + 0.01 * moment.diagonal().mean() * np.eye(len(moment))
    share = np.linalg.cholesky(np.linalg.inv(damped)).T
    left, whole = weight[order].astype(np.float64), np.zeros(weight.shape, np.int8)
    for k, place in enumerate(order):
        whole[place] = np.clip(np.round(left[k] / scale), -top, top)
        left[k + 1:] -= np.outer(share[k, k + 1:], (left[k] - whole[place] * scale) / share[k, k])
    return whole, scale.astype(np.float32)


class Linear:
    """Adds x @ weight + bias, in whole numbers when there is a plan."""

    def __init__(self, graph, plan, bits):
        self.graph, self.plan, self.bits = graph, plan, bits
        self.whole = {}

    def quantised_input(self, x, point):
        low, high = self.plan[point].low, self.plan[point].high
        scale = np.float32((high - low) / 255)
        zero = np.uint8(np.clip(round(-low / scale), 0, 255))
        names = self.graph.constant(f"{point}.scale", scale), self.graph.constant(f"{point}.zero", zero)
        return self.graph.op("QuantizeLinear", [x, *names]), *names

    def __call__(self, x, point, name, weight, bias, folded=False):
        """folded: what comes in is already divided, since the layer before holds the divisor."""
        graph = self.graph
        if self.plan is None:
            product = graph.op("MatMul", [x, graph.constant(f"{name}.weight", weight)])
            return graph.op("Add", [product, graph.constant(f"{name}.bias", bias)])
        divisor = self.plan[point].divisor
        weight = weight * divisor[:, None]
        if not folded:
            if (x, point, "even") not in self.whole:
                self.whole[x, point, "even"] = graph.op("Mul", [x, graph.constant(f"{point}.smooth", 1 / divisor)])
            x = self.whole[x, point, "even"]
        if (x, point) not in self.whole:
            self.whole[x, point] = self.quantised_input(x, point)
        whole, scale, zero = self.whole[x, point]
        values, by_column = whole_weights(weight, self.bits, self.plan[point].moment)
        return graph.op(
            "MatMulIntegerToFloat",
            [whole, graph.constant(f"{name}.weight", values), scale, graph.constant(f"{name}.scale", by_column), zero, "",
             graph.constant(f"{name}.bias", bias)],
            domain=MICROSOFT,
        )


def usual_attention(graph, layer, k, x):
    """ONNX Runtime's own fused attention, which its dynamic quantisation knows: the network that ours is timed against."""
    weight, bias = graph.constant(f"{k}.qkv", array(layer.qkv.weight).T), graph.constant(f"{k}.qkv.b", array(layer.qkv.bias))
    mask = graph.op("Cast", ["attention_mask"], to=TensorProto.INT32)
    return graph.op("Attention", [x, weight, bias, mask], domain=MICROSOFT, num_heads=layer.heads)


def attention(graph, linear, layer, k, x, real):
    """Context [batch, tokens, width], with the softmax of the module's docstring.

    Each head's values get one more column, always 1, so that the product with it is the softmax's normaliser. Padding is taken out by
    setting its values to nought."""
    width, heads = layer.out.weight.shape[0], layer.heads
    size = width // heads
    weight, bias = array(layer.qkv.weight).T.reshape(width, 3, heads, size), array(layer.qkv.bias).reshape(3, heads, size)
    divisor = 1 if linear.plan is None else linear.plan[f"{k}.context"].divisor.reshape(heads, size)
    value, value_bias = np.zeros((width, heads, size + 1), np.float32), np.ones((heads, size + 1), np.float32)
    value[..., :size], value_bias[:, :size] = weight[:, 2] / divisor, bias[2] / divisor
    root = np.float32(math.sqrt(size))

    # one product for all three: at few tokens the time goes into starting products, not into multiplying
    weights = [part.reshape(width, -1) for part in (weight[:, 0] / root, weight[:, 1], value)]
    flat = linear(x, f"{k}.x", f"{k}.qkv", np.concatenate(weights, 1), np.concatenate([part.ravel() for part in (bias[0] / root, bias[1], value_bias)]))
    parts = graph.op("Split", [flat, graph.constant("columns", np.array([part.shape[1] for part in weights]))], 3, axis=2)

    def by_head(part, columns):
        shape = graph.constant(f"shape.{columns}", np.array([0, 0, heads, columns]))
        return graph.op("Transpose", [graph.op("Reshape", [part, shape])], perm=[0, 2, 1, 3])

    query, key, values = (by_head(part, columns) for part, columns in zip(parts, (size, size, size + 1)))
    scores = graph.op("FusedMatMul", [query, key], domain=MICROSOFT, transB=1)
    scores = graph.op("Clip", [scores, "", graph.constant("limit", np.float32(SCORE_LIMIT))])
    sums = graph.op("MatMul", [graph.op("Exp", [scores]), graph.op("Mul", [values, real])])
    sums, normaliser = graph.op("Split", [sums, graph.constant("columns.sums", np.array([size, 1]))], 2, axis=3)
    context = graph.op("Transpose", [graph.op("Div", [sums, normaliser])], perm=[0, 2, 1, 3])
    return graph.op("Reshape", [context, graph.constant("shape.joined", np.array([0, 0, width]))])


def build(model, plan=None, bits=7, usual=False):
    """The ONNX model: float32 without a plan, else whole numbers."""
    graph = Graph()
    encoder = model.encoder
    linear = Linear(graph, plan, bits)
    words = array(encoder.words.weight)
    if plan is None:
        x = graph.op("Gather", [graph.constant("words", words), "input_ids"])
    else:
        rows, scale = whole_weights(words.T, 8)
        whole = graph.op("Cast", [graph.op("Gather", [graph.constant("words", np.ascontiguousarray(rows.T)), "input_ids"])], to=TensorProto.FLOAT)
        x = graph.op("Mul", [whole, graph.op("Gather", [graph.constant("words.scale", scale[:, None]), "input_ids"])])
    count = graph.op("Shape", ["input_ids"], start=1, end=2)
    places = graph.constant("places", array(encoder.places.weight)[:512])
    place = graph.op("Slice", [places, graph.constant("zero", np.array([0])), count, graph.constant("zero", np.array([0]))])
    # one kind of token only: its embedding is in `places`; the input is there because every BERT tokenizer sends it
    kind = graph.op("Mul", [graph.op("Cast", ["token_type_ids"], to=TensorProto.FLOAT), graph.constant("nought", np.float32(0))])
    kind = graph.op("Unsqueeze", [kind, graph.constant("last", np.array([2]))])
    x = graph.op("Add", [graph.op("Add", [x, place]), kind])
    eps = encoder.shape["layer_norm_eps"]
    x = graph.op("LayerNormalization", [x, graph.constant("norm.g", array(encoder.norm.weight)), graph.constant("norm.b", array(encoder.norm.bias))], axis=-1, epsilon=eps)
    real = graph.op("Cast", ["attention_mask"], to=TensorProto.FLOAT)
    away = graph.op("Mul", [graph.op("Sub", [graph.constant("one", np.float32(1)), real]), graph.constant("far", np.float32(-10000))])
    real = graph.op("Unsqueeze", [real, graph.constant("around", np.array([1, 3]))])

    def add_and_norm(new, old, norm, name):
        gain, shift = graph.constant(f"{name}.g", array(norm.weight)), graph.constant(f"{name}.b", array(norm.bias))
        return graph.op("SkipLayerNormalization", [old, new, gain, shift], domain=MICROSOFT, epsilon=eps)

    for k, layer in enumerate(encoder.layers):
        context = usual_attention(graph, layer, k, x) if usual else attention(graph, linear, layer, k, x, real)
        x = add_and_norm(linear(context, f"{k}.context", f"{k}.out", array(layer.out.weight).T, array(layer.out.bias), folded=True), x, layer.norm1, f"{k}.norm1")
        inner = linear(x, f"{k}.y", f"{k}.up", array(layer.up.weight).T, array(layer.up.bias))
        inner = graph.op("Gelu", [inner], domain=MICROSOFT)
        x = add_and_norm(linear(inner, f"{k}.inner", f"{k}.down", array(layer.down.weight).T, array(layer.down.bias)), x, layer.norm2, f"{k}.norm2")
    # four pools: softmax over tokens of learnt scores, then each pool's head
    scores = graph.op("MatMul", [x, graph.constant("query", array(model.query.weight).T)])
    scores = graph.op("Add", [scores, graph.op("Unsqueeze", [away, graph.constant("last", np.array([2]))])])
    share = graph.op("Softmax", [graph.op("Transpose", [scores], perm=[0, 2, 1])], axis=-1)
    pools = graph.op("MatMul", [share, x])
    parts = graph.op("Split", [pools], len(model.heads), axis=1)
    logits = []
    for k, (part, head) in enumerate(zip(parts, model.heads)):
        flat = graph.op("Squeeze", [part, graph.constant("first", np.array([1]))])
        logits.append(graph.op("Gemm", [flat, graph.constant(f"head{k}.w", array(head.weight)), graph.constant(f"head{k}.b", array(head.bias))], transB=1))
    return graph.finish(graph.op("Concat", logits, axis=1), sum(h.weight.shape[0] for h in model.heads))


@torch.no_grad()
def observe(model, tokenizer, texts, tokens_kept=20000):
    """What every linear layer reads over training texts: point -> [some tokens, width]."""
    model.eval()
    encoder, values = model.encoder, {}
    for start in range(0, len(texts), 16):
        ids, mask = collate(encode(tokenizer, texts[start:start + 16]), pad_id(tokenizer))
        real = mask.bool()
        x = encoder.norm(encoder.words(ids) + encoder.places.weight[:ids.shape[1]])
        bias = (1.0 - mask[:, None, None, :].float()) * -10000.0
        for k, layer in enumerate(encoder.layers):
            values.setdefault(f"{k}.x", []).append(x[real])
            batch, tokens, width = x.shape
            q, key, v = layer.qkv(x).view(batch, tokens, 3, layer.heads, -1).permute(2, 0, 3, 1, 4)
            context = ((q @ key.transpose(-1, -2) / math.sqrt(q.shape[-1]) + bias).softmax(-1) @ v).transpose(1, 2).reshape(x.shape)
            values.setdefault(f"{k}.context", []).append(context[real])
            x = layer.norm1(x + layer.out(context))
            values.setdefault(f"{k}.y", []).append(x[real])
            inner = F.gelu(layer.up(x))
            values.setdefault(f"{k}.inner", []).append(inner[real])
            x = layer.norm2(x + layer.down(inner))
    kept = torch.randperm(len(torch.cat([v[:, 0] for v in values["0.x"]])), generator=torch.Generator().manual_seed(1))[:tokens_kept]
    return {point: torch.cat(parts)[kept] for point, parts in values.items()}


def plan_of(model, seen, reach=1.5):
    """Per point the range of its input, and the divisors that move the few channels which reach beyond `reach` times the median channel
    from the input to the weight (after SmoothQuant, Xiao et al. 2023, which moves a share of every channel)."""
    plan = {}
    for k in range(len(model.encoder.layers)):
        for part in ("x", "context", "y", "inner"):
            values = seen[f"{k}.{part}"]
            top = values.abs().amax(0)
            divisor = (top / (reach * top.median())).clamp(min=1)
            values = values / divisor
            low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
            moment = (values.T @ values).double().numpy() / len(values)
            plan[f"{k}.{part}"] = Point(low, high, array(divisor), moment)
    return plan


def save(onnx_model, path):
    onnx.save(onnx_model, str(path))


def save_dynamic(model, cache):
    """Writes the same network by the usual road, for comparison only: fused attention, then ONNX Runtime's dynamic quantisation."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    source, target = cache / "float.onnx", cache / "dynamic.onnx"
    save(build(model, usual=True), source)
    quantize_dynamic(str(source), str(target), weight_type=QuantType.QInt8)
    usual = onnx.load(str(target))
    used = [known for known in usual.opset_import if known.domain in ("", MICROSOFT)]  # it adds others, too new for the runtime that ships
    del usual.opset_import[:]
    usual.opset_import.extend(used)
    save(usual, target)
    return target
