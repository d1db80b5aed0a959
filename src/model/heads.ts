import type { Labels, StanceLabel, TargetStance } from '../types';
import type { AttributeHead, ModelDescription, TargetHead } from './description';

/** Whether every output that a head reads is there, and a finite number. */
export function isUsable(logits: ArrayLike<number>, { stance, toxicity }: ModelDescription): boolean {
  const outputs = [
    ...stance.targets.flatMap(({ outputs }) => [outputs.favor, outputs.against, outputs.none]),
    ...toxicity.attributes.map(({ output }) => output),
  ];
  return outputs.every((output) => Number.isFinite(logits[output]));
}

/** The parts of `Labels` that come from logits. */
export type LabelsFromLogits = Pick<Labels, 'stance' | 'toxicity'>;

/**
 * Turns one comment's logits into calibrated probabilities and labels.
 *
 * Stance: softmax((logit + bias) / temperature) over a target's three logits [Guo et al. 2017, vector scaling with one
 * slope]; of favor and against, those at or over their threshold compete by score / threshold. Toxicity:
 * sigmoid(slope · logit + intercept) [Platt 1999] for each attribute.
 *
 * @param logits in the order that `description` gives; `isUsable` ones, else scores are NaN
 */
export function labelsFromLogits(logits: ArrayLike<number>, description: ModelDescription): LabelsFromLogits {
  const targets: Record<string, TargetStance> = {};
  for (const head of description.stance.targets) targets[head.name] = stanceOf(logits, head);
  const attributes: Record<string, number> = {};
  for (const head of description.toxicity.attributes) attributes[head.name] = attributeScore(logits, head);
  const decisive = description.toxicity.attributes.find(
    (head) => head.name === description.toxicity.decisive,
  )!;
  const score = attributes[decisive.name]!;
  return {
    stance: {
      targets,
      labels: Object.entries(targets)
        .filter(([, stance]) => stance.label === 'favor')
        .map(([name]) => `pro-${name}`),
    },
    toxicity: { label: score >= decisive.threshold, score, attributes },
  };
}

function stanceOf(logits: ArrayLike<number>, head: TargetHead): TargetStance {
  const { temperature, bias } = head.calibration;
  const favor = (logits[head.outputs.favor]! + bias.favor) / temperature;
  const against = (logits[head.outputs.against]! + bias.against) / temperature;
  const none = (logits[head.outputs.none]! + bias.none) / temperature;
  const highest = Math.max(favor, against, none);
  const exponentials = [
    Math.exp(favor - highest),
    Math.exp(against - highest),
    Math.exp(none - highest),
  ] as const;
  const sum = exponentials[0] + exponentials[1] + exponentials[2];
  const scores = {
    favor: rounded(exponentials[0] / sum),
    against: rounded(exponentials[1] / sum),
    none: rounded(exponentials[2] / sum),
  };
  return { label: stanceLabel(scores, head.thresholds), scores };
}

function stanceLabel(
  scores: { favor: number; against: number },
  thresholds: { favor: number; against: number },
): StanceLabel {
  const favor = scores.favor >= thresholds.favor ? scores.favor / thresholds.favor : 0;
  const against = scores.against >= thresholds.against ? scores.against / thresholds.against : 0;
  if (favor === 0 && against === 0) return 'none';
  return favor > against ? 'favor' : 'against';
}

function attributeScore(logits: ArrayLike<number>, head: AttributeHead): number {
  const { slope, intercept } = head.calibration;
  return rounded(1 / (1 + Math.exp(-(slope * logits[head.output]! + intercept))));
}

/** Six decimals: more would be the noise of single precision, and three times the size of a labelled file. */
function rounded(probability: number): number {
  return Math.round(probability * 1e6) / 1e6;
}
