import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { evaluate } from '../../src/evaluate/evaluate';
import { loadSuite } from '../../src/evaluate/suites/suites';

const folder = mkdtempSync(join(tmpdir(), 'suites-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

describe('suites', () => {
  it("reads HateCheck's cases, with a leading column without a name and with commas in quotes", async () => {
    const path = write(
      'hatecheck/test_suite_cases.csv',
      `,functionality,case_id,test_case,label_gold,target_ident,direction,focus_words,focus_lemma,ref_case_id,ref_templ_id,templ_id
0,derog_neg_emote_h,1,"I hate, ""hate"" lamps.",hateful,lamps,general,hate,hate,,,1
1,negate_neg_nh,2,No lamp is bad.,non-hateful,,,,,1.0,1.0,2
`,
    );
    const rows = await loadSuite('hatecheck', dirname(path));
    expect(rows[0]).toEqual({
      id: '1',
      text: 'I hate, "hate" lamps.',
      group: 'template 1',
      functionality: 'derog_neg_emote_h',
      target: 'lamps',
      direction: 'general',
      gold: { toxicity: { identity_attack: 1 } },
    });
    expect((await loadSuite('hatecheck', path, { attribute: 'toxicity' }))[1]!.gold).toEqual({
      toxicity: { toxicity: 0 },
    });
  });

  it('reads Civil Comments with shares of raters and identities', async () => {
    const path = write(
      'civil/train.csv',
      `id,target,comment_text,severe_toxicity,obscene,identity_attack,insult,threat,female,muslim,article_id,sexual_explicit
59848,0.5,"Two
lines",0.0,0.0,0.49,0.9,0.0,0.5,,2006,0.0
59849,0.0,Fine.,0.0,0.0,0.0,0.0,0.0,0.2,1.0,2006,0.0
`,
    );
    const rows = await loadSuite('jigsaw', path);
    expect(rows[0]).toMatchObject({
      id: '59848',
      text: 'Two\nlines',
      group: 'article 2006',
      identities: ['female'],
      gold: { toxicity: { toxicity: 1, insult: 1, identity_attack: 0, profanity: 0, sexually_explicit: 0 } },
    });
    expect(rows[1]!.identities).toEqual(['muslim']);
  });

  it('reads the competition of 2018 with its labels beside, without the unlabelled', async () => {
    const path = write('toxic/test.csv', 'id,comment_text\na1,Hello\na2,Idiot\na3,Nobody judged\n');
    write(
      'toxic/test_labels.csv',
      'id,toxic,severe_toxic,obscene,threat,insult,identity_hate\na1,0,0,0,0,0,0\na2,1,0,0,0,1,0\na3,-1,-1,-1,-1,-1,-1\n',
    );
    const rows = await loadSuite('jigsaw', path);
    expect(rows.map(({ id }) => id)).toEqual(['a1', 'a2']);
    expect(rows[1]!.gold.toxicity).toMatchObject({ toxicity: 1, insult: 1, identity_attack: 0 });
  });

  it('reads SemEval gold files: stray quotation marks, Windows-1252, targets of several words', async () => {
    const path = write(
      'semeval/SemEval2016-Task6-subtaskA-testdata-gold.txt',
      Buffer.from(
        'ID\tTarget\tTweet\tStance\r\n10001\tAtheism\tHe said "no #SemST\tAGAINST\r\n10002\tClimate Change is a Real Concern\tcaf\xe9 #SemST\tFAVOR\r\n10003\tAtheism\tx\tNONE\r\n',
        'latin1',
      ),
    );
    const rows = await loadSuite('semeval', dirname(path));
    expect(rows.map(({ gold }) => gold.stance)).toEqual([
      { Atheism: 'against' },
      { 'Climate Change is a Real Concern': 'favor' },
      { Atheism: 'none' },
    ]);
    expect(rows[1]!.text).toBe('café #SemST');
  });

  it("reads TweetEval's folders; pooled over targets is its official stance figure", async () => {
    for (const [target, labels] of [
      ['atheism', '0\n1\n2\n1\n'],
      ['climate', '2\n2\n0\n'],
    ] as const) {
      write(`datasets/stance/${target}/test_labels.txt`, labels);
      write(`datasets/stance/${target}/test_text.txt`, labels.replace(/\d/g, 'a tweet'));
    }
    write('datasets/offensive/test_labels.txt', '1\n0\n');
    write('datasets/offensive/test_text.txt', 'bad\ngood\n');
    write('datasets/offensive/mapping.txt', '0\toffensive\n1\tnot-offensive');
    const rows = await loadSuite('tweeteval', join(folder, 'datasets'));
    expect(rows.map(({ id }) => id)).toEqual([
      'offensive/1',
      'offensive/2',
      ...[1, 2, 3, 4].map((line) => `stance/atheism/${line}`),
      ...[1, 2, 3].map((line) => `stance/climate/${line}`),
    ]);
    expect(rows[0]!.gold).toEqual({ toxicity: { toxicity: 1 } });
    const predicted = ['none', 'against', 'against', 'against', 'favor', 'none', 'none'];
    const stance = await loadSuite('tweeteval', join(folder, 'datasets', 'stance'));
    const predictions = stance.map(({ id, task }, index) => ({
      id,
      labels: { stance: { targets: { [String(task).split('/')[1]!]: { label: predicted[index] } } } },
    }));
    // favor: precision 1/1, recall 1/3; against: precision 2/3, recall 2/2.
    expect(evaluate(predictions, stance).metrics['stance.pooled.f1Average']!.value).toBeCloseTo(
      (0.5 + 0.8) / 2,
      12,
    );
  });

  it('says what it expected where a path holds something else', async () => {
    await expect(loadSuite('hatecheck', folder)).resolves.toHaveLength(2);
    await expect(loadSuite('semeval', join(folder, 'civil'))).rejects.toMatchObject({
      code: 'suite-invalid',
    });
    await expect(loadSuite('hatecheck', join(folder, 'civil', 'train.csv'))).rejects.toThrow(
      /lacks the columns functionality/,
    );
    await expect(loadSuite('glue', folder)).rejects.toThrow(/known: hatecheck, jigsaw, semeval, tweeteval/);
    await expect(loadSuite('tweeteval', join(folder, 'nowhere'))).rejects.toMatchObject({
      code: 'suite-invalid',
    });
  });
});
