"""The network as an ONNX graph in whole numbers whose scores do not depend on neighbours or padding.

Every linear layer reads its input through one *constant* scale, learnt from training rows, so no scale is taken from the batch.
That alone is not enough: a softmax that sums more padding sums in another order, the last bit of its result moves, and a value
on the edge between two whole numbers falls to the other side. So the softmax is built from parts whose order is fixed: exp, then
one matrix product with [values | 1] that gives the weighted sum and the normaliser together; padding adds exact zeros at the end.
"""

import math

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


def array(tensor):
    return tensor.detach().float().numpy()


def whole_weights(weight, bits):
    """[in, out] float -> int8 with one scale a column; 7 bits keep processors without VNNI from overflowing their 16-bit sums."""
    top = 2 ** (bits - 1) - 1
    scale = np.maximum(np.abs(weight).max(0), 1e-8) / top
    return np.clip(np.round(weight / scale), -top, top).astype(np.int8), scale.astype(np.float32)


class Linear:
    """Adds x @ weight + bias, in whole numbers when there is a plan."""

    def __init__(self, graph, plan, bits):
        self.graph, self.plan, self.bits = graph, plan, bits
        self.whole = {}

    def quantised_input(self, x, point):
        low, high, _ = self.plan[point]
        scale = np.float32((high - low) / 255)
        zero = np.uint8(np.clip(round(-low / scale), 0, 255))
        names = self.graph.constant(f"{point}.scale", scale), self.graph.constant(f"{point}.zero", zero)
        return self.graph.op("QuantizeLinear", [x, *names]), *names

    def __call__(self, x, point, name, weight, bias, folded=False):
        """folded: the point's divisor already sits in the layer before and in this weight."""
        graph = self.graph
        if self.plan is None:
            product = graph.op("MatMul", [x, graph.constant(f"{name}.weight", weight)])
            return graph.op("Add", [product, graph.constant(f"{name}.bias", bias)])
        divisor = self.plan[point][2]
        if divisor is not None and not folded:
            weight = weight * divisor[:, None]
            if (x, point, "even") not in self.whole:
                self.whole[x, point, "even"] = graph.op("Mul", [x, graph.constant(f"{point}.smooth", 1 / divisor)])
            x = self.whole[x, point, "even"]
        if (x, point) not in self.whole:
            self.whole[x, point] = self.quantised_input(x, point)
        whole, scale, zero = self.whole[x, point]
        values, by_column = whole_weights(weight, self.bits)
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
    """Context [batch, tokens, heads * (size + 1)], with the softmax of the module's docstring.

    Each head's values get one more column, always 1, so that the product with it is the softmax's normaliser (the column stays in
    the context, where the next layer's weights have noughts for it). Padding is taken out by setting its values to nought."""
    width, heads = layer.out.weight.shape[0], layer.heads
    size = width // heads
    weight, bias = array(layer.qkv.weight).T.reshape(width, 3, width), array(layer.qkv.bias).reshape(3, width)
    divisor = linear.plan[f"{k}.context"][2] if linear.plan else None
    divisor = np.ones(width, np.float32) if divisor is None else divisor
    value = np.zeros((width, heads, size + 1), np.float32)
    value[:, :, :size] = (weight[:, 2] / divisor).reshape(width, heads, size)
    value_bias = np.ones((heads, size + 1), np.float32)
    value_bias[:, :size] = (bias[2] / divisor).reshape(heads, size)
    root = np.float32(math.sqrt(size))

    # one product for all three: at few tokens the time goes into starting products, not into multiplying
    flat = linear(x, f"{k}.x", f"{k}.qkv", np.concatenate([weight[:, 0] / root, weight[:, 1], value.reshape(width, -1)], 1),
                  np.concatenate([bias[0] / root, bias[1], value_bias.ravel()]))
    columns = graph.constant("columns", np.array([width, width, heads * (size + 1)]))
    query, key, value = graph.op("Split", [flat, columns], 3, axis=2)

    def by_head(part, columns):
        shape = graph.constant(f"shape.{columns}", np.array([0, 0, heads, columns]))
        return graph.op("Transpose", [graph.op("Reshape", [part, shape])], perm=[0, 2, 1, 3])

    query, key = by_head(query, size), by_head(key, size)
    values = graph.op("Mul", [by_head(value, size + 1), real])
    scores = graph.op("FusedMatMul", [query, key], domain=MICROSOFT, transB=1)
    scores = graph.op("Clip", [scores, "", graph.constant("limit", np.float32(SCORE_LIMIT))])
    sums = graph.op("MatMul", [graph.op("Exp", [scores]), values])
    edges = [graph.constant(f"edge.{n}", np.array([n])) for n in (size, size + 1, 3)]
    context = graph.op("Div", [sums, graph.op("Slice", [sums, *edges])])
    context = graph.op("Transpose", [context], perm=[0, 2, 1, 3])
    return graph.op("Reshape", [context, graph.constant("shape.joined", np.array([0, 0, heads * (size + 1)]))])


def widened(weight, heads):
    """[width, out] -> [width + heads, out]: noughts for the normaliser's column of each head."""
    width, out = weight.shape
    return np.concatenate([weight.reshape(heads, width // heads, out), np.zeros((heads, 1, out), np.float32)], 1).reshape(-1, out)


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
        weight = array(layer.out.weight).T
        if plan is not None and plan[f"{k}.context"][2] is not None:
            weight = weight * plan[f"{k}.context"][2][:, None]
        weight = weight if usual else widened(weight, layer.heads)
        x = add_and_norm(linear(context, f"{k}.context", f"{k}.out", weight, array(layer.out.bias), True), x, layer.norm1, f"{k}.norm1")
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


def weights_of(layer):
    """The weight [in, out] that reads each point of a layer."""
    return {"x": layer.qkv.weight.T, "context": layer.out.weight.T, "y": layer.up.weight.T, "inner": layer.down.weight.T}


def plan_of(model, seen, clip=3e-5, strength=0.5, smoothed=("context", "y")):
    """Per point the range (low, high) of its input, and per channel the divisor that moves outliers from the input to the weight
    (SmoothQuant, Xiao et al. 2023)."""
    plan = {}
    for k, layer in enumerate(model.encoder.layers):
        for part, weight in weights_of(layer).items():
            point = f"{k}.{part}"
            values = seen[point]
            divisor = torch.ones(values.shape[1])
            if part in smoothed:
                divisor = values.abs().quantile(0.9999, 0).clamp(min=1e-3) ** strength / weight.detach().abs().amax(1).clamp(min=1e-3) ** (1 - strength)
                divisor = divisor / divisor.log().mean().exp()
            flat = (values / divisor).flatten()
            cut = max(1, int(len(flat) * clip))
            low, high = -float((-flat).topk(cut).values[-1]), float(flat.topk(cut).values[-1])
            plan[point] = (min(0.0, low), max(0.0, high), divisor.numpy().astype(np.float32) if part in smoothed else None)
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
