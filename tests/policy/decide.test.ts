import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Decidable, decide } from '../../src/policy/decide';
import { definePolicy } from '../../src/policy/load';
import { presets } from '../../src/policy/presets';
import { decisionRecord } from '../../src/policy/record';
import { scoreText } from '../../src/policy/score-text';
import { Decision } from '../../src/types';
import { attributes, labels } from './labelled';

const house = definePolicy({
  name: 'house',
  version: '3',
  rules: [
    {
      name: 'threats',
      when: { toxicity: { threat: 0.8 } },
      action: 'reject',
      message: 'Threats are removed.',
    },
    {
      name: 'rude',
      when: { toxicity: { insult: { atLeast: 0.4, below: 0.9 }, profanity: 0.2 } },
      action: 'review',
    },
    { name: 'one-sided', when: { stance: { russia: { is: 'favor', atLeast: 0.9 } } }, action: 'review' },
    { name: 'foreign', when: { language: ['de', 'fr'] }, action: 'reject' },
    { name: 'long', when: { any: [{ truncated: true }, { toxic: true }] }, action: 'review' },
  ],
});

describe('decide', () => {
  it('takes the first rule that holds, with what was measured', () => {
    const decision = decide(labels({ threat: 0.81, insult: 0.5, profanity: 0.5 }), house);
    expect(decision).toEqual({
      action: 'reject',
      reasons: [
        {
          rule: 'threats',
          attribute: 'threat',
          score: 0.81,
          threshold: 0.8,
          message: 'Threats are removed.',
        },
      ],
      policy: { name: 'house', version: '3', digest: house.digest },
    });
    expect(Decision.parse(decision)).toEqual(decision);
    expect(decide(labels({ insult: 0.5, profanity: 0.3 }), house).reasons).toEqual([
      { rule: 'rude', attribute: 'insult', score: 0.5, threshold: 0.4 },
      { rule: 'rude', attribute: 'profanity', score: 0.3, threshold: 0.2 },
    ]);
    expect(decide(labels({ insult: 0.9, profanity: 0.3 }), house).reasons).toEqual([{ rule: 'default' }]);
    expect(decide(labels({}, { truncated: true }), house).reasons).toEqual([{ rule: 'long' }]);
  });

  it('looks at stance, language and outcome', () => {
    expect(decide(labels({}, { favor: 'russia' }), house)).toMatchObject({
      action: 'review',
      reasons: [{ rule: 'one-sided', attribute: 'stance.russia.favor', threshold: 0.9 }],
    });
    expect(decide(labels({}, { language: 'de' }), house).action).toBe('reject');
    const skipped = { status: 'skipped', reason: 'unsupported-language', language: 'fr' } as const;
    expect(decide(skipped, house)).toMatchObject({ action: 'reject', reasons: [{ rule: 'foreign' }] });
  });

  it('never approves what has not been labelled, whatever the policy', () => {
    const unlabelled: Decidable[] = [
      { status: 'skipped', reason: 'empty' },
      { status: 'skipped', reason: 'not-published' },
      { status: 'failed', error: { code: 'model-failed' } },
    ];
    for (const policy of [house, 'cautious', 'strict'] as const)
      for (const outcome of unlabelled) expect(decide(outcome, policy).action).toBe('review');
    expect(decide(unlabelled[2]!, house).reasons).toEqual([
      { rule: 'not-labelled', message: 'The comment was failed (model-failed).' },
    ]);
  });

  it('asks no rule that approves about what has not been labelled', () => {
    const lenient = definePolicy({
      name: 'lenient',
      version: '1',
      rules: [
        { name: 'german', when: { language: 'de' }, action: 'approve' },
        { name: 'ours', when: { any: [{ language: ['de', 'und'] }, { toxic: false }] }, action: 'approve' },
        { name: 'failed', when: { outcome: 'failed' }, action: 'reject' },
      ],
    });
    expect(decide(labels({}, { language: 'de' }), lenient)).toMatchObject({
      action: 'approve',
      reasons: [{ rule: 'german' }],
    });
    const skipped = { status: 'skipped', reason: 'unsupported-language', language: 'de' } as const;
    expect(decide(skipped, lenient)).toMatchObject({
      action: 'review',
      reasons: [{ rule: 'not-labelled' }],
    });
    const failed = { status: 'failed', language: 'de', error: { code: 'model-failed' } } as const;
    expect(decide(failed, lenient)).toMatchObject({ action: 'reject', reasons: [{ rule: 'failed' }] });
    expect(decide({ status: 'labelled', language: 'de' }, lenient)).toMatchObject({
      action: 'review',
      reasons: [{ rule: 'not-labelled', message: 'The comment has no labels.' }],
    });
  });

  it('sends a comment to a person when the model does not give the score that a rule asks for', () => {
    const other = definePolicy({
      name: 'other',
      version: '1',
      rules: [{ name: 'spam', when: { toxicity: { spam: 0.5 } }, action: 'reject' }],
    });
    expect(decide(labels({}), other)).toMatchObject({ action: 'review', reasons: [{ rule: 'spam' }] });
    // Names that every object answers to are no scores either.
    const odd = definePolicy({
      name: 'odd',
      version: '1',
      rules: [
        {
          name: 'odd',
          when: { any: [{ stance: { valueOf: 'favor' } }, { toxicity: { constructor: 0.5 } as never }] },
          action: 'review',
        },
      ],
    });
    expect(decide(labels({}), odd).reasons[0]!.message).toContain('does not give');
  });

  it('says with every decision that stance may decide, and with those where it did', () => {
    const policy = definePolicy({
      name: 'partisan',
      version: '1',
      allowStanceDecisions: true,
      rules: [{ name: 'no-kremlin', when: { stance: { russia: 'favor' } }, action: 'reject' }],
    });
    const by = decide(labels({}, { favor: 'russia' }), policy);
    expect(by.action).toBe('reject');
    expect(by.reasons[0]!.message).toContain('Decided by stance');
    const without = decide(labels({}), policy);
    expect([by.policy.allowStanceDecisions, without.policy.allowStanceDecisions]).toEqual([true, true]);
    expect(decide(labels({}), 'strict').policy).not.toHaveProperty('allowStanceDecisions');
  });

  it('does not say that a policy allows what it does not', () => {
    const [reason] = decide(labels({}, { favor: 'russia' }), house).reasons;
    expect(reason!.message).toBe('Stance had a part in this; the policy does not let it remove a comment.');
  });

  it('is pure, and its presets do not look at stance', () => {
    const score = fc.integer({ min: 0, max: 1000 }).map((thousandth) => thousandth / 1000);
    const scores = fc.record(Object.fromEntries(attributes.map((name) => [name, score])));
    fc.assert(
      fc.property(
        scores,
        fc.constantFrom('europe', 'us', 'russia'),
        fc.boolean(),
        (given, favor, truncated) => {
          for (const name of Object.keys(presets) as (keyof typeof presets)[]) {
            const input = labels(given, { favor, truncated });
            const copy = structuredClone(input);
            const decision = decide(input, name);
            expect(input).toEqual(copy);
            expect(decide(copy, name)).toEqual(decision);
            expect(decide(labels(given, { truncated }), name)).toEqual(decision);
            if (name === 'cautious') expect(decision.action).not.toBe('reject');
            for (const reason of decision.reasons)
              if (reason.threshold !== undefined)
                expect(reason.score).toBeGreaterThanOrEqual(reason.threshold);
          }
        },
      ),
    );
  });

  it('is monotone in the presets: more toxic is never treated more mildly', () => {
    const severity = { approve: 0, review: 1, reject: 2 };
    const score = fc.integer({ min: 0, max: 100 }).map((hundredth) => hundredth / 100);
    const scores = fc.record(Object.fromEntries(attributes.map((name) => [name, score])));
    fc.assert(
      fc.property(scores, fc.constantFrom(...attributes), score, (given, name, more) => {
        for (const preset of ['cautious', 'strict'] as const) {
          const before = decide(labels(given), preset).action;
          const worse = { ...given, [name]: Math.max(given[name]!, more) };
          expect(severity[decide(labels(worse), preset).action]).toBeGreaterThanOrEqual(severity[before]);
        }
      }),
    );
  });
});

describe('decisionRecord', () => {
  const at = new Date('2026-11-03T10:00:00Z');
  const comment = { id: 'c7', text: 'I will find you', source: 'thread.html' };

  it('holds what a statement of reasons asks for', () => {
    const outcome = { id: 'c7', status: 'labelled', labels: labels({ threat: 0.954 }) } as const;
    const record = decisionRecord({
      comment,
      outcome,
      decision: decide(outcome, house),
      at,
      redress: 'Write to us.',
    });
    expect(record).toMatchObject({
      comment: { id: 'c7', source: 'thread.html', digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
      decidedAt: '2026-11-03T10:00:00.000Z',
      action: 'reject',
      restriction: 'removed',
      automated: { detection: true, decision: true },
      reasons: [{ rule: 'threats', attribute: 'threat', score: 0.954, threshold: 0.8 }],
      policy: { name: 'house', version: '3' },
      model: { name: 'tiny', version: '1.0.0' },
    });
    expect(record.statement).toBe(
      'Your comment was removed. Threats are removed. Rule "threats": threat 0.95, limit 0.8. The comment was found ' +
        'and the decision made by automated means (model tiny 1.0.0, policy house 3). Write to us.',
    );
    expect(JSON.stringify(record)).not.toContain('I will find you');
    expect(JSON.stringify(record)).not.toContain('europe');
  });

  it('says when a person decided, and when one will', () => {
    const outcome = { id: 'c7', status: 'skipped', reason: 'empty' } as const;
    const decision = decide(outcome, house);
    expect(decisionRecord({ comment, outcome, decision, at })).toMatchObject({
      restriction: 'held',
      statement: expect.stringContaining('a person will decide'),
    });
    const reviewer = { name: 'desk', action: 'approve', note: 'Harmless.' } as const;
    expect(decisionRecord({ comment, outcome, decision, at, reviewer })).toMatchObject({
      action: 'approve',
      restriction: 'none',
      automated: { detection: true, decision: false },
      statement: expect.stringMatching(/published.*made by a person\. Harmless\.$/),
    });
  });

  it('gives the reasons of the policy only where the person agrees with it', () => {
    const outcome = { id: 'c7', status: 'labelled', labels: labels({ threat: 0.954 }) } as const;
    const decision = decide(outcome, house);
    const statement = (action: 'approve' | 'review' | 'reject') =>
      decisionRecord({ comment, outcome, decision, at, reviewer: { name: 'desk', action } }).statement;
    const means = 'The comment was examined by automated means (model tiny 1.0.0, policy house 3);';
    expect(statement('approve')).toBe(
      `Your comment was published. ${means} the decision was made by a person.`,
    );
    expect(statement('review')).toBe(
      `Your comment is still held. ${means} a person has read it and has not decided yet.`,
    );
    expect(statement('reject')).toBe(
      `Your comment was removed. Threats are removed. Rule "threats": threat 0.95, limit 0.8. ${means} the decision was made by a person.`,
    );
  });

  it('prints a score so that it stands on its side of the limit', () => {
    expect(scoreText(0.57, 0.57)).toBe('0.57');
    expect(scoreText(0.1239, 0.1235)).toBe('0.124');
    expect(scoreText(0.1235, 0.1235)).toBe('0.1235');
    expect(scoreText(0.7996, 0.8)).toBe('0.7996');
    expect(scoreText(0.954, undefined)).toBe('0.95');
    const score = fc.integer({ min: 0, max: 1e6 }).map((millionth) => millionth / 1e6);
    fc.assert(
      fc.property(score, score, (given, limit) => {
        const shown = Number(scoreText(given, limit));
        expect([shown < limit, shown > limit]).toEqual([given < limit, given > limit]);
      }),
    );
  });
});
