import type { Prediction } from '../evaluate/predictions';
import { stanceLabels } from '../evaluate/stance';
import type { ClassifierOutput } from './classifier';

/** A baseline's prediction as a prediction row. */
export function outputOf(prediction: Prediction): ClassifierOutput {
  if (prediction.status !== 'labelled')
    return { id: prediction.id, status: 'skipped', reason: prediction.reason };
  return {
    id: prediction.id,
    status: 'labelled',
    labels: {
      stance: {
        targets: Object.fromEntries(
          Object.entries(prediction.stance).map(([target, { label, scores }]) => [
            target,
            {
              label: stanceLabels[label]!,
              ...(scores && { scores: { favor: scores[0], against: scores[1], none: scores[2] } }),
            },
          ]),
        ),
      },
      toxicity: {
        attributes: Object.fromEntries(
          Object.entries(prediction.toxicity).map(([attribute, { score, label }]) => [
            attribute,
            { label: label ?? score! >= 0.5, ...(score !== null && { score }) },
          ]),
        ),
      },
    },
  };
}
