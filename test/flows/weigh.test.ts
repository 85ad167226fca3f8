import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { judge } from '../../src/cli/engine.ts';
import { readBundle } from '../../src/cli/judge.ts';
import type { CaptureReport } from '../../src/domain/capture.ts';
import type { Bundle, Report } from '../../src/domain/report.ts';
import { withCapture } from '../../src/flows/weigh.ts';
import { captured } from '../checks/evidence.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'weigh-'));
});
afterAll(async () => rm(dir, { recursive: true, force: true }));

const recorded = (name: string): Promise<Bundle> => readBundle(join(import.meta.dirname, '../bundles', `${name}.json`));

/** The report on a bundle as a file holds it. */
async function fromFile(bundle: Bundle): Promise<Report> {
  const file = join(dir, 'bundle.json');
  await writeFile(file, JSON.stringify(bundle));
  return judge(await readBundle(file));
}

describe('a recorded run with what was captured', () => {
  test.each<[string, CaptureReport, string, string[]]>([
    ['healthy', captured(() => ({})), 'healthy', []],
    ['healthy', captured(({ shot }) => ({ lostRequest: shot % 4 === 0 })), 'broken', ['dns-request-lost']],
    ['endpoint-udp-dropped', captured(({ via }) => ({ droppedInPod: via === 'b' })), 'broken', ['coredns-drops-queries']],
    ['packet-loss-half', captured(({ shot }) => ({ lostRequest: shot % 2 === 0 })), 'broken', ['dns-request-lost']],
    ['node-to-node-53-blocked', captured(({ via }) => ({ lostRequest: via === 'b' })), 'broken', ['node-to-node-dns-blocked']],
    ['netpol-ingress-blocks-coredns', captured(() => ({ lostRequest: true })), 'broken', ['netpol-ingress-blocks-coredns']],
    ['corefile-forward-unreachable', captured(() => ({ upstream: 'silent' })), 'broken', ['corefile-forward-unreachable']],
    ['coredns-no-pods', captured(() => ({ icmpBy: '10.244.1.1', icmp: 'port' })), 'broken', ['coredns-no-pods']],
  ])('of %s is judged from a file (%#)', async (name, capture, status, causes) => {
    const report = await fromFile(withCapture(await recorded(name), capture));
    expect({ status: report.verdict.status, causes: report.verdict.causes }).toEqual({ status, causes });
    expect(report.readings.find(({ id }) => id === 'capture')).toMatchObject({ status: 'ok' });
  });

  test('without it says that the checks of packets do not apply', async () => {
    const { checks } = judge(await recorded('packet-loss-half'));
    expect(checks.filter(({ reason }) => reason === 'no packets were captured').map(({ status }) => status)).toEqual(
      Array.from({ length: 6 }, () => 'not-applicable'),
    );
  });

  test('of another version is not judged on', async () => {
    const bundle = withCapture(await recorded('healthy'), { schema: 'dns-medic/capture/v9' } as unknown as CaptureReport);
    const { checks, verdict } = await fromFile(bundle);
    expect(checks.find(({ id }) => id === 'dns-request-lost')).toMatchObject({
      status: 'unknown',
      reason: expect.stringContaining('not of this version'),
    });
    expect(verdict.status).toBe('healthy');
  });
});
