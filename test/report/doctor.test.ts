import { describe, expect, test } from '@jest/globals';
import { type DoctorReport, doctorStatus, type RightAnswer } from '../../src/report/doctor.ts';
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
});
