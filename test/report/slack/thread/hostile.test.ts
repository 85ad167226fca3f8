import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { severities } from '../../../../src/domain/finding.ts';
import type { ReportFinding } from '../../../../src/domain/report.ts';
import type { Place, RunRecord } from '../../../../src/domain/run.ts';
import { threadOf } from '../../../../src/report/slack/thread.ts';
import { historyMessage } from '../../../../src/report/slack/replies/history.ts';
import { statusMessage } from '../../../../src/report/slack/replies/status.ts';
import { lookups, namedPod, row } from '../../../checks/evidence.ts';
import { finding, readings, report } from '../../made.ts';
import { faultsOf } from '../faults.ts';
import { at, ended, inChannel, progress, record, request, running, step } from '../made.ts';
import { nasties, nasty } from '../nasty.ts';

const RUNS = 100;

const list = <T>(one: fc.Arbitrary<T>, maxLength: number, minLength = 0) => fc.array(one, { minLength, maxLength });

const hostileFinding: fc.Arbitrary<ReportFinding> = fc
  .record({
    code: nasty,
    title: nasty,
    kind: nasty,
    name: nasty,
    next: list(
      fc.oneof(
        nasty,
        nasty.map((text) => `Do: kubectl ${text}`),
      ),
      14,
    ),
    pointer: nasty,
    severity: fc.constantFrom(...severities),
    explainedBy: fc.option(nasty),
    remedies: list(nasty, 9),
  })
  .map(({ code, title, kind, name, next, pointer, severity, explainedBy, remedies }) =>
    finding({
      ...{ code, title, severity, explainedBy, next, subject: { kind, namespace: name, name } },
      proof: [
        { reading: 'lookups', pointer: '/rows/0' },
        { reading: pointer, pointer },
      ],
      remedies: remedies.map((id) => ({ id, params: {} })),
    }),
  );

const hostileReadings = (text: string, rows: number) => {
  const from = { node: text, pod: text, how: 'exec' as const };
  const bad = { name: text, server: text, serverPod: text, serverNode: text, answers: [text], rcodes: { [text]: 5 }, from };
  return readings({
    lookups: lookups(
      Array.from({ length: rows }, (_, index) =>
        row({ ...bad, from: { ...from, pod: `${text}${index}` }, role: index % 2 === 0 ? 'asked' : 'external' }),
      ),
      { sources: [{ ...from, dnsPolicy: text, resolvConf: null }], failures: [{ node: text, reason: text, message: text, allow: text }] },
    ),
    pod: namedPod({ notes: [text, text] }),
  });
};

interface Told {
  findings: ReportFinding[];
  text: string;
  texts: string[];
  rows: number;
  status: 'broken' | 'unknown' | 'healthy';
}

const isCause = ({ explainedBy, severity }: ReportFinding): boolean => explainedBy === null && severity !== 'info';

/** A check that is done in which every text that is not ours is somebody's. */
function checkOf({ findings, text, texts, rows, status }: Told): RunRecord {
  const causes = [...new Set(findings.filter(isCause).map(({ code }) => code))];
  const judged = report({
    run: { ...report().run, cluster: text, request: { pod: text } },
    verdict: { status, cause: causes[0] ?? null, causes, sentence: text },
    findings,
    checks: texts.map((id, index) => ({ id, status: index % 2 === 0 ? 'passed' : 'unknown', reason: id })),
    readings: texts.map((id) => ({ id, status: 'failed', durationMs: 1, reason: 'error', message: id, allow: id })),
  });
  const steps = texts.map((title, index) => step({ id: title, title, reason: title, state: index % 2 === 0 ? 'ok' : 'failed' }));
  return record({
    cluster: text,
    request: request({ cluster: text, pod: text, node: text, names: texts }),
    askedBy: text,
    progress: ended({ steps }),
    result: { kind: 'check', report: judged, readings: hostileReadings(text, rows) as never },
  });
}

const hostileCheck: fc.Arbitrary<RunRecord> = fc
  .record({
    findings: list(hostileFinding, 12),
    text: nasty,
    rows: fc.integer({ min: 0, max: 30 }),
    texts: list(nasty, 40),
    status: fc.constantFrom('broken' as const, 'unknown' as const, 'healthy' as const),
  })
  .map(checkOf);

/** The same text everywhere, and as much of everything as there can be. */
function fullOf(text: string): RunRecord {
  const codes = Array.from({ length: 12 }, (_, index) => `${index}${text}`);
  const next = Array.from({ length: 12 }, (_, index) => `Do ${index}: kubectl ${text}`);
  const proof = Array.from({ length: 40 }, (_, index) => ({ reading: text, pointer: `/${index}${text}` }));
  const about = {
    title: text,
    subject: { kind: text, namespace: text, name: text },
    next,
    proof,
    remedies: codes.map((id) => ({ id, params: {} })),
  };
  const findings = codes.flatMap((code) => [
    ...Array.from({ length: 6 }, () => finding({ ...about, code })),
    ...Array.from({ length: 12 }, () => finding({ ...about, code: `of ${code}`, explainedBy: code })),
    finding({ ...about, code: `info ${code}`, severity: 'info' }),
  ]);
  return checkOf({ findings, text, texts: Array.from({ length: 80 }, (_, index) => `${text}${index}`), rows: 60, status: 'broken' });
}

const placeOf = (askers: string[], thread: string | null): Place => ({ channel: 'C0INCIDENT', thread, askers });
const faults = (run: RunRecord, place: Place): string[] =>
  threadOf(run, place, { workers: 0, now: at }).flatMap((message) => faultsOf(message).map((fault) => `${message.slot}: ${fault}`));

describe('text of others', () => {
  test('in a check that is done breaks no limit and is read as markup nowhere', () => {
    fc.assert(
      fc.property(hostileCheck, list(nasty, 30), fc.constantFrom(null, '1763863384.000100'), (run, askers, thread) => {
        expect(faults(run, placeOf(askers, thread))).toEqual([]);
        expect([statusMessage(run), statusMessage(run, 'all')].flatMap(faultsOf)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  }, 60_000);

  test.each(nasties.map((text) => [JSON.stringify(text.slice(0, 30)), text]))('that fills every place breaks none: %s', (_name, text) => {
    const run = fullOf(text);
    const askers = Array.from({ length: 40 }, (_, index) => `U0ASKER${index}`);
    expect([...faults(run, placeOf(askers, null)), ...faults(run, placeOf([text], '1763863384.000100'))]).toEqual([]);
    expect(faultsOf(statusMessage(run))).toEqual([]);
  });

  test('in a run under way, failed or cancelled neither', () => {
    const states = fc.tuple(nasty, list(nasty, 70)).chain(([text, texts]) => {
      const steps = texts.map((title, index) => step({ title, reason: title, state: (['running', 'ok', 'failed'] as const)[index % 3]! }));
      return fc.constantFrom(
        record({ cluster: text, request: request({ pod: text, names: texts }), progress: progress() }),
        record({ cluster: text, progress: running({ steps, attempt: 2 }) }),
        record({ cluster: text, kind: 'doctor', progress: ended({ state: 'failed', error: text, steps }) }),
        record({ cluster: text, progress: ended({ state: 'cancelled', cancelledBy: text, steps }) }),
      );
    });
    fc.assert(
      fc.property(states, list(nasty, 30), fc.constantFrom(null, '1763863384.000100'), (run, askers, thread) => {
        expect(faults(run, placeOf(askers, thread))).toEqual([]);
        expect(faultsOf(statusMessage(run))).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  }, 60_000);

  test('in a check of rights neither', () => {
    fc.assert(
      fc.property(nasty, list(nasty, 20), nasty, (text, texts, rbac) => {
        const rights = texts.map((resource) => ({
          ...{ group: text, resource, verb: text, namespace: text, optional: false, onlyWithPod: false, allowed: false, message: text },
          readings: [resource],
        }));
        const losses = texts.map((reading) => ({ reading, unknown: texts, poorer: texts }));
        const probe = { ok: false, node: text, durationMs: 1, message: text, allow: text };
        const doctor = { cluster: text, user: text, rights, losses, probeNamespace: { name: text, there: false }, probe, rbac };
        const run = record({
          kind: 'doctor',
          cluster: text,
          progress: ended(),
          result: { kind: 'doctor', report: { schema: 'dns-medic/doctor/v1', ...doctor } },
        });
        expect(faults(run, inChannel)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  }, 60_000);

  test('in a history neither', () => {
    fc.assert(
      fc.property(nasty, list(nasty, 40), (text, texts) => {
        const runs = texts.map((one) => ({
          ...{ id: one, kind: 'check' as const, cluster: one, askedBy: one, createdAt: at, endedAt: at, state: 'done' as const },
          ...{ status: one, cause: one },
        }));
        expect([historyMessage(text, runs), historyMessage(text, runs, 'all')].flatMap(faultsOf)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  test.each(nasties.slice(0, 4))('calls nobody: %s', (text) => {
    const run = record({ cluster: text, request: request({ pod: text }), progress: ended({ state: 'failed', error: text }) });
    const told = threadOf(run, placeOf([text, 'U0ADA'], null), { workers: 1, now: at });
    const mentions = told.flatMap((message) => [...message.text.matchAll(/<[@!#]\w+/g)].map(([mention]) => mention));
    expect(new Set(mentions)).toEqual(new Set(['<@U0ADA']));
  });
});
