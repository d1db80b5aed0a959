import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createLabeler } from '../../src/label/labeler';
import type { ModelDescription } from '../../src/model/description';
import { loadModel } from '../../src/model/transformers';

const tinyFolder = new URL('./data/tiny-model', import.meta.url).pathname;
const folders: string[] = [];

/** Changes the description of a model. */
function edit(folder: string, change: (description: ModelDescription) => void): string {
  const path = join(folder, 'moderato.json');
  const description = JSON.parse(readFileSync(path, 'utf8'));
  change(description);
  writeFileSync(path, JSON.stringify(description));
  return folder;
}

function copyOfTiny(): string {
  const folder = mkdtempSync(join(tmpdir(), 'moderato-model-'));
  folders.push(folder);
  cpSync(tinyFolder, folder, { recursive: true });
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe('loadModel', () => {
  it('runs a forward pass whose rows do not depend on padding or neighbours', async () => {
    const model = await loadModel({ model: tinyFolder, threads: 1 });
    const one = model.tokenize('Russia must leave Ukraine!');
    const two = model.tokenize('Thank you America, and shut up.');
    const [alone] = await model.run([one], one.ids.length);
    const [, among] = await model.run([two, one], 64);
    expect(alone).toHaveLength(16);
    expect([...among!]).toEqual([...alone!].map((logit) => expect.closeTo(logit, 5)));
    await model.dispose();
    await expect(model.run([one], 64)).rejects.toMatchObject({ code: 'model-disposed' });
  });

  it.each([
    ['a folder that is not there', () => '/nowhere/model', 'model-not-found'],
    ['a name that nobody knows', () => 'gpt-17', 'model-not-found'],
    [
      'a missing network',
      (folder: string) => {
        rmSync(join(folder, 'onnx'), { recursive: true });
        return folder;
      },
      'model-not-found',
    ],
    [
      'a truncated network',
      (folder: string) => {
        truncateSync(join(folder, 'onnx/model_quantized.onnx'), 5000);
        return folder;
      },
      'model-corrupt',
    ],
    [
      'a description that is not JSON',
      (folder: string) => {
        writeFileSync(join(folder, 'moderato.json'), '{ "name": ');
        return folder;
      },
      'model-invalid',
    ],
    [
      'a description that lacks parts',
      (folder: string) => {
        writeFileSync(join(folder, 'moderato.json'), '{ "schemaVersion": 1 }');
        return folder;
      },
      'model-invalid',
    ],
    [
      'a description whose decisive attribute is none',
      (folder: string) =>
        edit(folder, (description) => {
          description.toxicity.decisive = 'rudeness';
        }),
      'model-invalid',
    ],
  ])('refuses %s', async (_, damage, code) => {
    await expect(loadModel({ model: damage(copyOfTiny()) })).rejects.toMatchObject({ code });
  });

  it('scores nothing by an output that the network does not have', async () => {
    const folder = edit(copyOfTiny(), (description) => {
      description.toxicity.attributes[0]!.output = 99;
    });
    const labeler = createLabeler({ model: folder });
    const [outcome] = await labeler.label(['Russia must leave Ukraine!']);
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'model-failed' } });
    await labeler.dispose();
  });

  it('names the shipped models when the name is unknown', async () => {
    await expect(loadModel({ model: 'gpt-17' })).rejects.toThrow('moderato-en-small');
  });
});
