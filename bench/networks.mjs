// Writes networks of the usual sizes as ONNX, for time alone: the weights are random. Encoders of the BERT kind, with
// linear layers quantised as the usual converters do it (dynamic int8: DynamicQuantizeLinear, MatMulInteger).

const FLOAT = 1;
const INT8 = 3;
const INT64 = 7;

function varint(value) {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

/** Fields of a protocol buffers message: numbers as varints, the rest with their lengths before them. */
const message = (...fields) =>
  Buffer.concat(
    fields.flatMap(([number, value]) => {
      if (typeof value === 'number' || typeof value === 'bigint') return [varint(number << 3), varint(value)];
      const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value);
      return [varint((number << 3) | 2), varint(bytes.length), bytes];
    }),
  );

const tensor = (name, type, dims, bytes) =>
  message(...dims.map((dim) => [1, dim]), [2, type], [8, name], [9, bytes]);
const attribute = (name, value) =>
  Array.isArray(value)
    ? message([1, name], ...value.map((each) => [8, each]), [20, 7])
    : message([1, name], [3, value], [20, 2]);
const valueInfo = (name, type, dims) =>
  message(
    [1, name],
    [2, message([1, message([1, type], [2, message(...dims.map((dim) => [1, message([2, dim])]))])])],
  );

/**
 * @param {{ layers: number, hidden: number, heads: number, outputs: number, vocabulary?: number }} size
 * @returns {{ bytes: Buffer, parameters: number }} parameters as of a vocabulary of 30,522, which costs no time
 */
export function encoder({ layers, hidden, heads, outputs, vocabulary = 2000 }) {
  const nodes = [];
  const weights = [];
  let names = 0;
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  const floats = (dims, value) => {
    const array = new Float32Array(dims.reduce((a, b) => a * b, 1));
    for (let index = 0; index < array.length; index++) array[index] = value ?? random() * 0.05;
    return constant(FLOAT, dims, Buffer.from(array.buffer));
  };
  const integers = (values) =>
    constant(INT64, [values.length], Buffer.from(new BigInt64Array(values.map(BigInt)).buffer));
  const scalar = (value) => constant(FLOAT, [], Buffer.from(new Float32Array([value]).buffer));
  function constant(type, dims, bytes) {
    const name = `w${names++}`;
    weights.push(tensor(name, type, dims, bytes));
    return name;
  }
  function node(operator, inputs, attributes = {}, outputCount = 1) {
    const results = Array.from({ length: outputCount }, () => `v${names++}`);
    nodes.push(
      message(
        ...inputs.map((input) => [1, input]),
        ...results.map((result) => [2, result]),
        [4, operator],
        ...Object.entries(attributes).map(([name, value]) => [5, attribute(name, value)]),
      ),
    );
    return outputCount === 1 ? results[0] : results;
  }
  function linear(input, from, to) {
    const [quantised, scale, zero] = node('DynamicQuantizeLinear', [input], {}, 3);
    const bytes = Buffer.alloc(from * to);
    for (let index = 0; index < bytes.length; index++) bytes[index] = (random() * 127) & 255;
    const weight = constant(INT8, [from, to], bytes);
    const weightZero = constant(INT8, [], Buffer.from([0]));
    const product = node('Cast', [node('MatMulInteger', [quantised, weight, zero, weightZero])], {
      to: FLOAT,
    });
    const scaled = node('Mul', [product, node('Mul', [scale, scalar(0.0004)])]);
    return node('Add', [scaled, floats([to], 0.01)]);
  }
  function normalise(input) {
    const mean = node('ReduceMean', [input], { axes: [-1] });
    const centred = node('Sub', [input, mean]);
    const variance = node('ReduceMean', [node('Pow', [centred, scalar(2)])], { axes: [-1] });
    const deviation = node('Sqrt', [node('Add', [variance, scalar(1e-12)])]);
    const normal = node('Mul', [node('Div', [centred, deviation]), floats([hidden], 1)]);
    return node('Add', [normal, floats([hidden], 0)]);
  }
  const gelu = (input) => {
    const erf = node('Erf', [node('Div', [input, scalar(Math.SQRT2)])]);
    return node('Mul', [node('Mul', [input, node('Add', [erf, scalar(1)])]), scalar(0.5)]);
  };
  const split = integers([0, 0, heads, hidden / heads]);
  const joined = integers([0, 0, hidden]);
  const headsOf = (input, perm) => node('Transpose', [node('Reshape', [input, split])], { perm });

  let state3 = normalise(node('Gather', [floats([vocabulary, hidden]), 'input_ids']));
  for (let layer = 0; layer < layers; layer++) {
    const query = headsOf(linear(state3, hidden, hidden), [0, 2, 1, 3]);
    const key = headsOf(linear(state3, hidden, hidden), [0, 2, 3, 1]);
    const value = headsOf(linear(state3, hidden, hidden), [0, 2, 1, 3]);
    const scores = node('Div', [node('MatMul', [query, key]), scalar(Math.sqrt(hidden / heads))]);
    const mixed = node('MatMul', [node('Softmax', [scores], { axis: -1 }), value]);
    const context = node('Reshape', [node('Transpose', [mixed], { perm: [0, 2, 1, 3] }), joined]);
    state3 = normalise(node('Add', [state3, linear(context, hidden, hidden)]));
    state3 = normalise(
      node('Add', [state3, linear(gelu(linear(state3, hidden, 4 * hidden)), 4 * hidden, hidden)]),
    );
  }
  const first = node('Gather', [state3, constant(INT64, [], Buffer.from(new BigInt64Array([0n]).buffer))], {
    axis: 1,
  });
  const last = linear(first, hidden, outputs);
  nodes.push(message([1, last], [2, 'logits'], [4, 'Identity']));
  const graph = message(
    ...nodes.map((each) => [1, each]),
    [2, 'encoder'],
    ...weights.map((each) => [5, each]),
    [11, valueInfo('input_ids', INT64, ['batch', 'tokens'])],
    [12, valueInfo('logits', FLOAT, ['batch', 'outputs'])],
  );
  return {
    bytes: message([1, 7], [7, graph], [8, message([1, ''], [2, 13])]),
    parameters: layers * 12 * hidden * hidden + 30_522 * hidden,
  };
}
