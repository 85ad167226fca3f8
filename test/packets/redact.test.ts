import { describe, expect, test } from '@jest/globals';
import { CaptureReport } from '../../src/domain/capture.ts';
import { captureReport } from '../../src/packets/capture-report.ts';
import { probeMarker } from '../../src/packets/point/analysis.ts';
import { redactCapture } from '../../src/packets/redact.ts';
import { analyse, answer, clusterIp, point, query } from './traffic.ts';

const shown = { marker: probeMarker, zones: ['cluster.local'] };
const secret = ['payroll.acme.example', 'salaries.hr.svc.cluster.local', '10.244.7.77', '10.244.7.78'];

function report(known: 'told' | 'guessed' = 'guessed'): CaptureReport {
  const packets = [
    query({ from: '10.244.7.77', name: 'payroll.acme.example' }),
    answer({ from: '10.244.7.77', name: 'payroll.acme.example', at: 1 }),
    query({ from: '10.244.7.78', name: 'salaries.hr.svc.cluster.local', id: 2, at: 2 }),
    query({ from: '10.244.7.78', name: 'payroll.acme.example', id: 3, port: 2, at: 3 }),
    query({ from: '10.244.7.78', name: 'dnsbot-01234567-1.x.example', id: 4, port: 4, at: 4 }),
    query({ from: '10.244.7.78', name: 'kubernetes.default.svc.cluster.local', id: 5, port: 5, at: 5000 }),
  ];
  const at = { ...point('f1', 'client', ['10.244.7.78']), known };
  return captureReport([analyse(packets, at)], { clusterIps: [clusterIp], upstreams: [], endpoints: null });
}

describe('a redacted report', () => {
  const redacted = redactCapture(report(), shown);
  const text = JSON.stringify(redacted);

  test('has no name and no client in it', () => {
    expect(secret.filter((one) => !JSON.stringify(report()).includes(one))).toEqual([]);
    expect(secret.filter((one) => text.includes(one))).toEqual([]);
    expect(CaptureReport.parse(redacted)).toEqual(redacted);
    expect(redacted.names).toBe('redacted');
  });

  test('has pseudonyms that are the same throughout, with the end that a cluster gives', () => {
    const names = redacted.points[0]?.names.map(({ value, count }) => `${value} ${count}`);
    expect(names).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^n\d\.\* \(3 labels\) 2$/),
        expect.stringMatching(/^n\d\.\*\.svc\.cluster\.local \(5 labels\) 1$/),
        'kubernetes.default.svc.cluster.local 1',
      ]),
    );
    const proof = redacted.ways.flatMap((way) => way.proof.map(({ name }) => name));
    expect(proof).toContain('dnsbot-01234567-1.x.example');
    expect(redacted.points[0]?.clients.map(({ value }) => value)).toEqual([redacted.points[0]?.addresses[0], 'client-2']);
  });

  test('shows servers, and the addresses of a capture that was told', () => {
    expect(text).toContain(clusterIp);
    expect(JSON.stringify(redactCapture(report('told'), shown))).toContain('10.244.7.78');
  });

  test('is not redacted twice', () => {
    expect(redactCapture(redacted, shown)).toBe(redacted);
  });
});
