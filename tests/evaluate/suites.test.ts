import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { evaluate } from '../../src/evaluate/evaluate';
import { loadSuite, loadSuitePredictions } from '../../src/evaluate/suites/suites';

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

  const header = 'id,comment_text,toxicity,male,black,atheist';

  it("takes 2019's private test set of a folder, and the rows of a split where a file names splits", async () => {
    const all = write(
      '2019/all_data.csv',
      'id,comment_text,split,toxicity\n1,a,train,0.9\n2,b,train,0.0\n3,c,test,0.6\n5,e,test,0.1\n',
    );
    write('2019/test.csv', 'id,comment_text\n3,c\n5,e\n');
    const place = dirname(all);
    const ids = async (path: string, split?: string) =>
      (await loadSuite('jigsaw', path, split === undefined ? {} : { split })).map(({ id }) => id);
    expect(await ids(place)).toEqual(['3', '5']);
    expect(await ids(place, 'train')).toEqual(['1', '2']);
    expect(await ids(all)).toEqual(['3', '5']);
    write('2019/test_private_expanded.csv', `${header}\n3,c,0.6,0,1,0\n`);
    write('2019/test_public_expanded.csv', `${header}\n5,e,0.1,0,1,0\n`);
    expect(await ids(place)).toEqual(['3']);
    expect(await ids(place, 'train')).toEqual(['1', '2']);
    write('2019/train.csv', `${header}\n1,a,0.9,0,0,0\n`);
    expect(await ids(place, 'train')).toEqual(['1']);
    await expect(ids(all, 'validation')).rejects.toThrow(
      /no comments of the split "validation".*train, test/,
    );
  });

  it('refuses a split that nothing in the file tells', async () => {
    const rows = `${header}\n1,a,0.9,0,0,0\n2,b,0.1,0,0,0\n`;
    const own = write('own/comments.csv', rows);
    expect(await loadSuite('jigsaw', own)).toHaveLength(2);
    await expect(loadSuite('jigsaw', own, { split: 'test' })).rejects.toThrow(/no column "split"/);
    const train = write('only-train/train.csv', rows);
    expect(await loadSuite('jigsaw', train, { split: 'train' })).toHaveLength(2);
    await expect(loadSuite('jigsaw', dirname(train))).rejects.toThrow(
      /does not hold a CSV of the split "test"/,
    );
  });

  it('counts in the final score the nine identities that the competition counts, and reports the others apart', async () => {
    // Atheists' comments are ranked the wrong way round, everybody else's rightly.
    const rows = Array.from({ length: 40 }, (_, index) => {
      const [toxic, male, atheist] = [index % 2, index % 4 < 2 ? 1 : 0, index < 10 ? 1 : 0];
      return { id: index, toxic, male, atheist, score: atheist ? 0.6 - toxic / 10 : 0.2 + toxic / 2 };
    });
    const lines = (male: string, other: string) =>
      `id,comment_text,toxicity,${male},${other}\n${rows.map((row) => `${row.id},x,${row.toxic},${row.male},${row.atheist}`).join('\n')}\n`;
    const submission = write(
      'scores.csv',
      `id,prediction\n${rows.map(({ id, score }) => `${id},${score}`).join('\n')}\n`,
    );
    const measure = async (path: string, slices: string[]) => {
      const gold = await loadSuite('jigsaw', path);
      return evaluate(await loadSuitePredictions('jigsaw', submission, gold), gold, { samples: 0, slices });
    };
    const withOthers = await measure(write('with-others.csv', lines('male', 'atheist')), [
      'identities',
      'otherIdentities',
    ]);
    const without = await measure(write('without.csv', lines('male', 'unknown')), ['identities']);
    expect(Object.keys(withOthers.bias.identities!.toxicity!.subgroups)).toEqual(['male']);
    expect(withOthers.bias.identities!.toxicity!.score).toBe(without.bias.identities!.toxicity!.score);
    expect(withOthers.bias.otherIdentities!.toxicity!.subgroups.atheist!.subgroupAuc).toBe(0);
  });

  it('refuses options that a suite has no use for', async () => {
    await expect(loadSuite('hatecheck', folder, { split: 'train' })).rejects.toMatchObject({
      code: 'options-invalid',
      message: 'The suite hatecheck takes no split, only attribute; leave it out.',
    });
    await expect(loadSuite('jigsaw', folder, { attribute: 'insult' })).rejects.toThrow(/takes no attribute/);
    await expect(loadSuite('semeval', folder, { split: 'train' })).rejects.toThrow(/takes no split; leave/);
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

  it("reads TweetEval's published predictions, and refuses those of another split", async () => {
    const gold = await loadSuite('tweeteval', join(folder, 'datasets'));
    write('predictions/offensive.txt', '1\n1\n');
    write('predictions/emoji.txt', '7\n');
    write('predictions/stance/atheism.txt', '0\n1\n1\n1');
    const file = write('predictions/stance/climate.txt', '2\n0\n0\n');
    const predictions = await loadSuitePredictions('tweeteval', join(folder, 'predictions'), gold);
    const { metrics, coverage } = evaluate(predictions, gold);
    expect(coverage).toMatchObject({ gold: 9, labelled: 9 });
    expect(metrics['stance.pooled.f1Average']!.value).toBeCloseTo((0.5 + 0.8) / 2, 12);
    expect(metrics['toxicity.toxicity.recall']!.value).toBe(1);
    expect(await loadSuitePredictions('tweeteval', file, gold)).toHaveLength(3);
    write('predictions/offensive.txt', '1\n1\n0\n');
    await expect(loadSuitePredictions('tweeteval', join(folder, 'predictions'), gold)).rejects.toThrow(
      /offensive.txt has 3 lines for the 2 tweets of offensive/,
    );
  });

  it('reads submissions of SemEval and of both Jigsaw competitions, and predictions for HateCheck', async () => {
    const semeval = await loadSuite('semeval', join(folder, 'semeval'));
    const submission = write(
      'submission.txt',
      'ID\tTarget\tTweet\tStance\n10001\tAtheism\tx\tFAVOR\n10002\tClimate Change is a Real Concern\tx\tFAVOR\n10003\tAtheism\tx\tNONE\n',
    );
    const stance = evaluate(await loadSuitePredictions('semeval', submission, semeval), semeval);
    // favor: precision 1/2, recall 1/1; against: 0.
    expect(stance.metrics['stance.pooled.f1Average']!.value).toBeCloseTo((2 / 3 + 0) / 2, 12);

    const civil = await loadSuite('jigsaw', join(folder, 'civil', 'train.csv'));
    const of2019 = write('2019.csv', 'id,prediction\n59848,0.9\n59849,0.1\n');
    const toxicity = evaluate(await loadSuitePredictions('jigsaw', of2019, civil), civil);
    expect(toxicity.metrics['toxicity.toxicity.rocAuc']!.value).toBe(1);
    expect(toxicity.toxicity.attributes.insult!.coverage.missing).toBe(2);

    const toxic = await loadSuite('jigsaw', join(folder, 'toxic', 'test.csv'));
    const of2018 = write(
      '2018.csv',
      'id,toxic,severe_toxic,obscene,threat,insult,identity_hate\na1,0.1,0,0,0,0.2,0\na2,0.8,0.1,0,0,0.1,0\na3,0,0,0,0,0,0\n',
    );
    const six = evaluate(await loadSuitePredictions('jigsaw', of2018, toxic), toxic, {
      ignoreUnknownIds: true,
    });
    expect(six.metrics['toxicity.insult.rocAuc']!.value).toBe(0);
    expect(six.metrics['toxicity.toxicity.rocAuc']!.value).toBe(1);

    const hatecheck = await loadSuite('hatecheck', join(folder, 'hatecheck'));
    const labels = write('labels.csv', 'case_id,prediction\n1,hateful\n2,hateful\n');
    const hate = evaluate(await loadSuitePredictions('hatecheck', labels, hatecheck), hatecheck);
    expect(hate.metrics['toxicity.identity_attack.accuracy']!.value).toBe(0.5);
    await expect(
      loadSuitePredictions('hatecheck', write('wrong.csv', 'case_id,prediction\n1,perhaps\n'), hatecheck),
    ).rejects.toThrow(/record 1 has "perhaps" under prediction/);
  });

  it('refuses files that break off in a record, naming it', async () => {
    const load = async (suite: string, name: string, content: string) =>
      loadSuite(suite, write(`cut/${name}`, content));
    const refused = (record: number) => ({
      code: 'suite-invalid',
      place: { record },
      message: expect.stringMatching(new RegExp(`cut/.*record ${record} `)),
    });
    const cases = 'functionality,case_id,test_case,label_gold\nslur_h,1,You lamp.,hateful\n';
    await expect(load('hatecheck', 'cases.csv', `${cases}slur_h,2,You`)).rejects.toMatchObject(refused(2));
    await expect(load('hatecheck', 'quoted.csv', `${cases}slur_h,2,"You`)).rejects.toMatchObject(refused(2));
    const comments = 'id,comment_text,split,toxicity\n1,a,test,0.1\n2,b,test,0.9\n';
    for (const rest of ['3,c', '3,c,test'])
      await expect(load('jigsaw', 'test.csv', comments + rest)).rejects.toMatchObject(refused(3));
    await expect(load('semeval', 'gold.csv', 'Tweet,Target,Stance\nx,Atheism')).rejects.toMatchObject(
      refused(1),
    );
    const gold = await load('jigsaw', 'whole.csv', comments);
    const scores = write('cut/scores.csv', 'id,prediction\n1,0.5\n2');
    await expect(loadSuitePredictions('jigsaw', scores, gold)).rejects.toMatchObject(refused(2));
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
