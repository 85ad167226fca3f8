import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checks } from '../../../src/checks/registry.ts';
import type { Report } from '../../../src/domain/report.ts';
import { atOnce } from './lab/at-once.ts';
import { kubeconfig, type Laboratory, laboratory, onCluster } from './lab/cluster.ts';
import { alarms, check, type Ran, readingOf, reported } from './lab/medic.ts';
import { accountWith, declared, nameOf, places, without } from './lab/rights.ts';

const codes = (report: Report): string[] => report.findings.map(({ code }) => code);
const failed = (report: Report): string[] =>
  report.readings.filter(({ status }) => status === 'failed').map(({ id, reason }) => `${id} ${reason}`);

onCluster('rights', () => {
  let lab: Laboratory;
  let config: string;
  const all = declared();
  const ran = new Map<string, Ran>();
  const args = () => ['--config', config, '--quick', '--pod', 'shop/cart', '--name', 'cart.shop'];

  beforeAll(async () => {
    lab = laboratory();
    await lab.namespace(places.probe);
    config = lab.file('dns-medic.yaml', `probe: {namespace: ${places.probe}}\n`);
    const sets = [
      { name: 'all', rights: all },
      { name: 'needed', rights: all.filter(({ optional }) => optional !== true) },
      { name: 'none', rights: [] },
      ...all.map((lost) => ({ name: nameOf(lost), rights: without(all, lost) })),
    ];
    await atOnce(4, [...sets.entries()], async ([index, { name, rights }]) => {
      const file = await accountWith(lab, `reader-${index}`, rights);
      ran.set(name, await check(file, args()));
    });
  }, 240_000);
  afterAll(() => lab.forget(), 60_000);

  test('print', () => {
    for (const [name, one] of ran) {
      const r = one.report;
      process.stderr.write(
        `${name.padEnd(60)} ${one.status} ${one.ms} ${one.peakMiB.toFixed(0)} ${r?.verdict.status} [${r === null ? one.stderr.slice(-300) : codes(r).join()}] ${r === null ? '' : failed(r).join(', ')} ${r?.verdict.status === 'unknown' ? r.verdict.sentence : ''}\n`,
      );
    }
    expect([kubeconfig, checks, alarms, readingOf, reported]).toBeTruthy();
  });
});
