import { describe, expect, test } from '@jest/globals';
import type { DoctorReport, RightAnswer } from '../../../../src/domain/doctor.ts';
import type { RunRecord } from '../../../../src/domain/run.ts';
import { ended, inThread, record } from '../made.ts';
import { said, slots } from '../said.ts';

describe('a check of rights', () => {
  const right = (resource: string, over: Partial<RightAnswer> = {}): RightAnswer => ({
    ...{ group: '', resource, verb: 'list', namespace: 'kube-system', optional: false, onlyWithPod: false, allowed: true, message: null },
    readings: ['coredns-pods'],
    ...over,
  });
  const doctor = (rights: RightAnswer[], over: Partial<DoctorReport> = {}): RunRecord =>
    record({
      kind: 'doctor',
      progress: ended({ steps: [] }),
      result: {
        kind: 'doctor',
        report: {
          ...{ schema: 'dns-medic/doctor/v1', cluster: 'cluster-a', user: 'ada', rights, losses: [], rbac: '', probe: null },
          ...{ probeNamespace: { name: 'dns-medic', there: true } },
          ...over,
        },
      },
    });
  const yaml = (lines: number): string =>
    Array.from({ length: lines }, (_, index) => `- {apiGroups: ["g${index}"], resources: [pods]}`).join('\n');

  test('has a card and a verdict', () => {
    expect(slots(doctor([right('pods')]))).toEqual(['card', 'verdict']);
    expect(slots(record({ kind: 'doctor' }), inThread)).toEqual(['plan']);
    expect(slots(doctor([right('pods')]), inThread)).toEqual(['plan', 'verdict']);
  });

  test('says plainly when nothing is missing', () => {
    expect(said('card', doctor([right('pods')]))).toContain(
      '🟢 *Nothing is missing* · dns-medic has every right that a check of `cluster-a` needs',
    );
  });

  test('says what is missing, and gives the RBAC in a block of its own', () => {
    const text = said('verdict', doctor([right('pods'), right('nodes', { allowed: false })], { rbac: `${yaml(2)}\n` }));
    expect(text).toContain('🟠 *1 right missing* · on `cluster-a`');
    expect(text).toContain('| Missing\n    |   ✗ list nodes in kube-system');
    expect(text).toContain(`*This gives just what is missing*\n    | - {apiGroups: ["g0"], resources: [pods]}\n    | - {apiGroups: ["g1"]`);
  });

  test('says when it could not be told, and when only the probe fails', () => {
    expect(said('card', doctor([right('pods', { allowed: null })]))).toContain('⚪ *Could not tell*');
    const probe = { ok: false, node: null, durationMs: 1, message: 'quota', allow: null };
    expect(said('card', doctor([right('pods')], { probe }))).toContain('🔴 *No probe pod can start*');
  });

  test('cuts RBAC only where it is very long, and says how to get all of it', () => {
    const text = (lines: number) => said('verdict', doctor([right('pods', { allowed: false })], { rbac: yaml(lines) }));
    expect(text(100)).toContain('["g99"]');
    expect(text(100)).not.toContain('are cut');
    expect(text(1000)).toMatch(/… \d+ more lines are cut: dns-medic doctor `cluster-a` prints all of it/);
  });
});
