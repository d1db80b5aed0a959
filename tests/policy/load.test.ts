import { describe, expect, it } from 'vitest';
import { PolicyError } from '../../src/errors';
import { definePolicy, loadPolicy, parsePolicy } from '../../src/policy/load';
import { presets } from '../../src/policy/presets';
import { attributes } from './labelled';

const known = { attributes, targets: ['europe', 'us', 'russia'] };

/** The mistakes that a policy text has, one line each. */
function mistakes(text: string): string[] {
  try {
    parsePolicy(text, { source: 'house.yaml', known });
  } catch (error) {
    if (PolicyError.isInstance(error)) return (error as PolicyError).issues.map((issue) => issue.message);
    throw error;
  }
  return [];
}

const rule = (lines: string) => `name: house\nversion: 1\nrules:\n${lines}`;

describe('a policy file', () => {
  it('may be YAML or JSON, in short or long form, with the same content', () => {
    const yaml = parsePolicy(
      rule(
        '  - name: a\n    when: { toxicity: { threat: 0.5 }, stance: { us: against }, language: de }\n    action: review\n',
      ),
    );
    const json = parsePolicy(
      JSON.stringify(
        {
          schemaVersion: 1,
          name: 'house',
          version: '1',
          allowStanceDecisions: false,
          rules: [
            {
              name: 'a',
              when: {
                toxicity: { threat: { atLeast: 0.5 } },
                stance: { us: { is: 'against' } },
                language: ['de'],
              },
              action: 'review',
            },
          ],
          default: 'approve',
        },
        null,
        '\t',
      ),
    );
    expect(json).toEqual(yaml);
    expect(yaml.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('has one line for each of its mistakes, with line and key', () => {
    const text = [
      'name: ""',
      'vesion: 2',
      'allowStanceDecisions: "yes"',
      'rules:',
      '  - name: threats',
      '    when:',
      '      toxicity:',
      '        threat: 1.4',
      '        toxcity: 0.5',
      '    action: ban',
      '  - name: threats',
      '    when: { stance: { europe: against } }',
      '    action: reject',
      '  - name: lang',
      '    when: { language: english }',
      '    wen: 3',
      '    action: review',
      '  - when: {}',
      '    action: review',
      '  - name: skipped',
      '    when: { outcome: skipped }',
      '    action: approve',
      '  - name: range',
      '    when:',
      '      toxicity: { insult: { atLeast: 0.6, below: 0.5 } }',
      '      any:',
      '        - stance: { china: favor }',
      '    action: review',
      '  - name: never',
      '    when: { outcome: failed, toxic: true }',
      '    action: review',
      'default: accept',
    ].join('\n');
    expect(mistakes(text)).toEqual([
      'house.yaml:1: name: must not be empty',
      'house.yaml:1: version: is missing',
      'house.yaml:2: vesion: there is no such key here',
      'house.yaml:3: allowStanceDecisions: must be true or false, not "yes"',
      'house.yaml:8: rules[0].when.toxicity.threat: must be from 0 to 1, not 1.4',
      `house.yaml:9: rules[0].when.toxicity.toxcity: the model has no attribute of this name; it has ${attributes.join(', ')}`,
      'house.yaml:10: rules[0].action: must be approve, review or reject, not "ban"',
      'house.yaml:11: rules[1].name: "threats" is rules[0]\'s name already',
      'house.yaml:13: rules[1].action: a rule over stance must not reject unless the policy says allowStanceDecisions: true',
      'house.yaml:15: rules[2].when.language: must be an ISO 639-1 code such as en, or und, not "english"',
      'house.yaml:16: rules[2].wen: there is no such key here',
      'house.yaml:18: rules[3].name: is missing',
      'house.yaml:18: rules[3].when: must hold a condition; "default" is for all other comments',
      'house.yaml:22: rules[4].action: a rule over skipped or failed comments must not approve them: nobody has read them',
      'house.yaml:25: rules[5].when.toxicity.insult: no score is at least 0.6 and below 0.5',
      'house.yaml:27: rules[5].when.any[0].stance.china: the model has no target of this name; it has europe, us, russia',
      'house.yaml:30: rules[6].when.outcome: only labelled comments have scores; this never holds',
      'house.yaml:32: default: must be approve, review or reject, not "accept"',
    ]);
  });

  it.each([
    ['nothing', '', /^house\.yaml:1: name: is missing$/],
    ['a word', 'strict', 'house.yaml:1: must be keys and values, not "strict"'],
    ['a list', '- a\n- b\n', 'house.yaml:1: must be keys and values, not ["a","b"]'],
    ['broken YAML', 'name: a\nversion: [1\nrules: 3\n', /^house\.yaml:\d: /],
    ['a key twice', 'name: a\nname: b\nversion: 1\n', /^house\.yaml:\d: .*unique/],
    ['no rules', 'name: a\nversion: 1\nrules: []\n', 'house.yaml:3: rules: must hold at least one rule'],
    ['rules that are none', rule('  - 7\n'), 'house.yaml:4: rules[0]: must be keys and values, not 7'],
    [
      'a schema of the future',
      `schemaVersion: 2\n${rule('')}`,
      'house.yaml:1: schemaVersion: must be 1, not 2',
    ],
    [
      'a score that is a word',
      rule('  - name: a\n    when: { toxicity: { threat: high } }\n    action: review\n'),
      'house.yaml:5: rules[0].when.toxicity.threat: must be keys and values, not "high"',
    ],
    [
      'a score without bounds',
      rule('  - name: a\n    when: { toxicity: { threat: {} } }\n    action: review\n'),
      'house.yaml:5: rules[0].when.toxicity.threat: must have atLeast, below or both',
    ],
    [
      'a score that is not a number',
      rule('  - name: a\n    when: { toxicity: { threat: { atLeast: .nan } } }\n    action: review\n'),
      'house.yaml:5: rules[0].when.toxicity.threat.atLeast: must be a number, not NaN',
    ],
    [
      'a list within itself',
      'name: a\nversion: 1\nrules: &all [*all]\n',
      'house.yaml:3: rules[0]: must be keys and values, not what holds itself',
    ],
    [
      'an alias of nothing',
      'name: *house\nversion: 1\n',
      'house.yaml:1: there is no &house before the alias *house; a text that begins with * needs quotes',
    ],
    [
      'aliases that multiply',
      `name: a\n${['b', 'c', 'd', 'e'].map((key, level) => `${key}: &${key} [${Array(9).fill(level === 0 ? 'x' : `*${'bcd'[level - 1]}`)}]\n`).join('')}`,
      /^house\.yaml:3: its aliases cannot be filled in \(Excessive alias count/,
    ],
    [
      'a view that is spared',
      rule(
        '  - name: a\n    when: { stance: { us: favor } }\n    action: approve\n  - name: b\n    when: { toxic: true }\n    action: reject\n',
      ),
      /^house\.yaml:6: rules\[0\]\.action: a rule over stance must not exempt a view/,
    ],
  ])('that holds %s says so on its line', (_, text, first) => {
    const [found] = mistakes(text);
    if (typeof first === 'string') expect(found).toContain(first);
    else expect(found).toMatch(first);
  });

  it.each([
    ['{}', 'when: must hold a condition; "default" is for all other comments'],
    ['{ toxicity: {} }', 'when.toxicity: must name at least one'],
    ['{ toxic: true, stance: {} }', 'when.stance: must name at least one'],
    ['{ any: [{}] }', 'when.any[0]: must hold a condition; "default" is for all other comments'],
    ['{ any: [{ toxic: true }, { toxicity: {} }] }', 'when.any[1].toxicity: must name at least one'],
    ['{ toxicity: { __proto__: 0.5 } }', 'when.toxicity.__proto__: no attribute can have this name'],
  ])('refuses the condition %s, which holds for every comment', (when, message) => {
    for (const action of ['approve', 'review', 'reject'])
      expect(mistakes(rule(`  - name: a\n    when: ${when}\n    action: ${action}\n`))[0]).toBe(
        `house.yaml:5: rules[0].${message}`,
      );
  });

  it('refuses them in code too, where a condition may be undefined', () => {
    const define = (when: unknown) => () =>
      definePolicy({ name: 'a', version: '1', rules: [{ name: 'a', when, action: 'review' }] } as never);
    expect(define({ toxic: undefined })).toThrow('rules[0].when: must hold a condition');
    expect(define({ toxicity: JSON.parse('{"__proto__": 0.5}') })).toThrow('no attribute can have this name');
  });

  it.each([
    '{ outcome: skipped }',
    '{ outcome: [labelled, failed] }',
    '{ reason: unsupported-language }',
    '{ language: de, any: [{ toxic: false }, { outcome: failed }] }',
    '{ any: [{ reason: empty }] }',
  ])('must not approve %s', (when) => {
    expect(mistakes(rule(`  - name: a\n    when: ${when}\n    action: approve\n`))).toContain(
      'house.yaml:6: rules[0].action: a rule over skipped or failed comments must not approve them: nobody has read them',
    );
    expect(mistakes(rule(`  - name: a\n    when: ${when}\n    action: reject\n`))).toEqual([]);
  });

  it.each([
    ['{ outcome: labelled, reason: empty }', 'reason: only skipped comments have a reason'],
    ['{ outcome: [labelled, failed], reason: empty }', 'reason: only skipped comments have a reason'],
    ['{ toxic: true, any: [{ reason: empty }] }', 'any[0].reason: only skipped comments have a reason'],
    ['{ outcome: skipped, any: [{ toxic: true }] }', 'any[0].outcome: only labelled comments have scores'],
    ['{ outcome: skipped, any: [{ outcome: failed }] }', 'any[0].outcome: no comment has both outcomes'],
  ])('says that %s never holds', (when, message) => {
    expect(mistakes(rule(`  - name: a\n    when: ${when}\n    action: review\n`))).toEqual([
      `house.yaml:5: rules[0].when.${message}; this never holds`,
    ]);
  });

  it('keeps its version as it is written', () => {
    const rules = 'rules: [{ name: a, when: { toxic: true }, action: review }]';
    expect(parsePolicy(`name: house\nversion: 1.10\n${rules}\n`).version).toBe('1.10');
    expect(
      parsePolicy(
        '{"name": "house", "version": 1.10, "rules": [{"name": "a", "when": {"toxic": true}, "action": "review"}]}',
      ).version,
    ).toBe('1.10');
    expect(() => parsePolicy(`name: house\nversion: [1]\n${rules}\n`)).toThrow('version: must be a text');
  });

  it('may let stance reject in so many words', () => {
    const text = rule('  - name: a\n    when: { stance: { us: favor } }\n    action: reject\n');
    expect(mistakes(text)).toHaveLength(1);
    expect(mistakes(`allowStanceDecisions: true\n${text}`)).toEqual([]);
  });

  it('that is not there names the presets', async () => {
    await expect(loadPolicy('mild')).rejects.toMatchObject({
      code: 'policy-unreadable',
      message: expect.stringContaining('cautious, strict'),
    });
  });
});

describe('the presets', () => {
  it.each(Object.keys(presets) as (keyof typeof presets)[])(
    '%s is a valid policy for the shipped model',
    async (name) => {
      expect(await loadPolicy(name, { known })).toEqual(definePolicy(presets[name]));
    },
  );

  it('keep their promises: cautious never rejects, neither looks at stance', () => {
    expect(presets.cautious.rules.map((each) => each.action as string)).not.toContain('reject');
    expect(presets.strict.rules.map((each) => each.action as string)).toContain('reject');
    expect(JSON.stringify(presets)).not.toContain('stance');
  });
});
