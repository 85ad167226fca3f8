import { describe, expect, test } from '@jest/globals';
import { type DoctorReport, doctorStatus, type RemedyRights, type RightAnswer } from '../../src/report/doctor.ts';
import { doctorText } from '../../src/report/terminal/doctor.ts';
import { plain } from '../../src/report/terminal/palette.ts';
import { granteeOf, rbacYaml } from '../../src/report/rbac-yaml.ts';
import { expectGolden } from './golden.ts';

const right = (resource: string, over: Partial<RightAnswer> = {}): RightAnswer => ({
  ...{
    group: '',
    resource,
    verb: 'list',
    namespace: 'kube-system',
    optional: false,
    onlyWithPod: false,
    allowed: true,
    message: null,
    readings: ['coredns-pods'],
  },
  ...over,
});
const report = (rights: RightAnswer[], over: Partial<DoctorReport> = {}): DoctorReport => ({
  schema: 'dns-medic/doctor/v1',
  ...{ cluster: 'cluster-a', user: 'ada', rights, losses: [], probeNamespace: { name: 'dns-medic', there: true }, probe: null, rbac: '' },
  ...over,
});

describe('doctor', () => {
  test('is well when a check has all that it needs, whatever optional rights are not there', () => {
    expect(
      doctorStatus(
        report([
          right('pods'),
          right('nodes/proxy', { optional: true, allowed: false }),
          right('pods/exec', { onlyWithPod: true, allowed: false }),
        ]),
      ),
    ).toBe('well');
  });

  test('says missing before it says that it could not tell', () => {
    expect(doctorStatus(report([right('pods', { allowed: null })]))).toBe('unknown');
    expect(doctorStatus(report([right('pods', { allowed: null }), right('nodes', { allowed: false })]))).toBe('missing');
    expect(
      doctorStatus(report([right('pods')], { probe: { ok: false, node: 'node-a', durationMs: 9, message: 'quota', allow: null } })),
    ).toBe('missing');
  });

  test('names what is missing, what that costs, and what would give it', () => {
    const missing = right('networkpolicies', { group: 'networking.k8s.io', allowed: false, readings: ['network-policies'] });
    const rights = [
      right('pods'),
      missing,
      right('nodes/proxy', { verb: 'get', namespace: null, optional: true, allowed: false, readings: ['kubelets'] }),
      right('pods', { verb: 'get', namespace: null, onlyWithPod: true, allowed: false, readings: ['pod'] }),
    ];
    const losses = [
      {
        reading: 'network-policies',
        unknown: ['netpol-egress-denies-dns', 'netpol-ingress-blocks-coredns'],
        poorer: ['coredns-not-ready'],
      },
    ];
    const text = doctorText(
      report(rights, {
        losses,
        probeNamespace: { name: 'dns-medic', there: false },
        rbac: rbacYaml([missing], granteeOf('ada'), 'dns-medic-more-1'),
      }),
      { width: 100, palette: plain },
    );
    expectGolden('doctor', text);
  });

  describe('of the remedies', () => {
    const style = { width: 100, palette: plain };
    const lacks = (...rights: RightAnswer[]): RemedyRights => ({
      remedy: 'restart-coredns',
      title: 'Restart',
      lacks: rights,
      unclear: false,
    });
    const evict = right('pods/eviction', { verb: 'create', allowed: false });
    const there: RemedyRights = { ...lacks(), remedy: 'scale-coredns' };

    test('is well, whatever they lack: a worker that only reads is one', () => {
      expect(doctorStatus(report([right('pods')], { remedies: [lacks(evict)] }))).toBe('well');
      expect(doctorText(report([right('pods')], { remedies: [lacks(evict), lacks(evict)] }), style)).toContain(
        'For reading only: no remedy can be carried out with these rights (deploy/components/remedies',
      );
    });

    test('says which cannot be carried out, and what they lack', () => {
      const patch = right('deployments', { group: 'apps', verb: 'patch', namespace: null, onlyWithPod: true, allowed: false });
      const text = doctorText(report([right('pods')], { remedies: [there, lacks(evict, patch)] }), style);
      expect(text).toContain(
        '  · restart-coredns: create pods/eviction in kube-system; patch deployments.apps in the namespace of\n    the pod',
      );
      expect(text).not.toContain('scale-coredns');
    });

    test('says when all is there, and when it could not be asked', () => {
      expect(doctorText(report([right('pods')], { remedies: [there, there] }), style)).toContain(
        '✓ the rights for all 2 remedies are there',
      );
      expect(doctorText(report([right('pods')], { remedies: [there, { ...there, unclear: true }] }), style)).toContain(
        '  · could not be asked for: scale-coredns',
      );
    });
  });
});
