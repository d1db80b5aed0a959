import type { GateResult } from './gates';
import type { Report } from './report';

/**
 * A report as JUnit XML: one suite a classifier, one case a gate; classifiers without gates get one case that passes
 * when every gold row has an answer. Headline figures stand in the suite's properties.
 */
export function junitReport(report: Report, gates: readonly GateResult[]): string {
  const suites = report.evaluations.map((evaluation) => {
    const cases = gates.filter(({ classifier }) => classifier === evaluation.name);
    const { missing, skipped, failed, share } = evaluation.coverage;
    const shown =
      cases.length > 0
        ? cases
        : [
            {
              classifier: evaluation.name,
              metric: 'coverage',
              value: share,
              requirement: 'an answer for every gold row',
              // A classifier of one task alone answers in part, which is no failure of its own.
              passed: missing + skipped + failed === 0,
            },
          ];
    const properties = Object.entries(evaluation.metrics)
      .filter(([, { value }]) => value !== null)
      .map(([name, { value }]) => `      <property name="${escapeXml(name)}" value="${value}"/>`);
    return [
      `  <testsuite name="${escapeXml(evaluation.name)}" tests="${shown.length}" failures="${shown.filter(({ passed }) => !passed).length}" errors="0" skipped="0">`,
      '    <properties>',
      ...properties,
      '    </properties>',
      ...shown.map(testCase),
      '  </testsuite>',
    ].join('\n');
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escapeXml(report.title)}">\n${suites.join('\n')}\n</testsuites>\n`;
}

function testCase({ classifier, metric, value, requirement, passed }: GateResult): string {
  const start = `    <testcase classname="${escapeXml(classifier)}" name="${escapeXml(metric)}"`;
  if (passed) return `${start}/>`;
  const message = `${metric} is ${value ?? 'undefined'}; required: ${requirement}`;
  return `${start}>\n      <failure message="${escapeXml(message)}"/>\n    </testcase>`;
}

function escapeXml(text: string): string {
  return (
    text
      // XML 1.0 has no way to write these, not even as references.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
      .replace(/\p{Surrogate}/gu, '\ufffd')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replace(/[\n\r\t]/g, ' ')
  );
}
