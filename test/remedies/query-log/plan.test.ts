import { describe, expect, test } from '@jest/globals';
import { sha512Hex } from '../../../src/base/sha512.ts';
import type { Corefile } from '../../../src/domain/coredns.ts';
import type { ReadingData } from '../../../src/domain/evidence.ts';
import { corefileSha512 } from '../../../src/formats/corefile/hash.ts';
import { parseCorefile } from '../../../src/formats/corefile/parser.ts';
import { enableQueryLog } from '../../../src/remedies/enable-query-log.ts';
import { MARK } from '../../../src/remedies/query-log/mark.ts';
import type { QueryLogData } from '../../../src/remedies/query-log/data.ts';
import type { Draft, NoDraft } from '../../../src/remedies/remedy.ts';
import { corefileText, healthyFacts, now } from '../../checks/evidence.ts';
import { type Live, planContext, podJson } from '../plan-world.ts';

/** A Corefile as the check reads it. */
function corefileOf(text: string, over: Partial<Corefile> = {}): Corefile {
  const parsed = parseCorefile(text);
  const { corefile } = healthyFacts();
  const { servers, opaque } = parsed;
  return { ...corefile, text, bytes: Buffer.byteLength(text), servers, opaque, sha512: corefileSha512(parsed), ...over };
}

interface Given {
  facts?: Partial<ReadingData>;
  text?: string;
  corefile?: Partial<Corefile>;
  object?: object;
  names?: string[];
  without?: (keyof ReadingData)[];
  live?: Partial<Live>;
}

async function planned(
  params: object,
  { facts = {}, text = corefileText, corefile = {}, object = {}, names = [], without = [], live = {} }: Given = {},
) {
  const given = corefileOf(text, corefile);
  const logs = healthyFacts()['coredns-logs'];
  const runs = { ...logs, pods: logs.pods.map((pod) => ({ ...pod, runningSha512: given.sha512 })) };
  const context = planContext({ corefile: given, 'coredns-logs': runs, ...facts }, live, without);
  const json = { metadata: { resourceVersion: '1' }, data: { Corefile: given.text }, ...object };
  const port = {
    ...context.port,
    get: (path: string) => (path.includes('/configmaps/') ? Promise.resolve(json) : context.port.get(path)),
  };
  const request = { ...context.request, names };
  return enableQueryLog.plan({ ...context, port, request }, enableQueryLog.params.parse(params));
}

const draft = async (params: object = {}, given: Given = {}) => (await planned(params, given)) as Draft<QueryLogData>;
const refusal = async (given: Given, params: object = {}) => (await planned(params, given)) as NoDraft;
const workload = (over: Partial<ReadingData['coredns-workload']>) => ({
  facts: { 'coredns-workload': { ...healthyFacts()['coredns-workload'], ...over } },
});
const withStub = `${corefileText}example.org:53 {\n    forward . 10.0.0.2\n    reload\n}\n`;

describe('a plan to log queries', () => {
  test('says what is written where, for how long, and how it ends', async () => {
    const { summary, objects, undo, endsAfterMs, pods, warnings } = await draft();
    expect(summary).toBe('log queries that fail or find nothing in one server block of ConfigMap kube-system/coredns for 15 minutes');
    expect(objects[0]).toMatchObject({
      does: 'change',
      object: { kind: 'ConfigMap', namespace: 'kube-system', name: 'coredns' },
      owner: null,
    });
    expect(objects[0]!.diff).toEqual([
      '  .:53 {',
      '+     log . {',
      '+         class denial error',
      '+     }',
      '      errors',
      '      health {',
    ]);
    expect([undo, endsAfterMs, pods]).toEqual([expect.stringContaining('byte for byte'), 900_000, []]);
    expect(warnings).toEqual([expect.stringContaining('who asks for what')]);
  });

  test('takes what people type, and no more than an hour', () => {
    const parse = (params: object) => enableQueryLog.params.safeParse(params).success;
    expect(enableQueryLog.params.parse({ minutes: '5', classes: 'all' })).toEqual({ minutes: 5, classes: 'all' });
    expect(
      [{ minutes: '61' }, { minutes: 0 }, { minutes: '1.5' }, { minutes: 'x' }, { classes: 'success' }, { other: 1 }].map(parse),
    ).toEqual(Array(6).fill(false));
  });

  test('holds texts that parse, with the hashes that CoreDNS logs for them', async () => {
    const { data } = await draft({ classes: 'all' });
    expect(data.before).toBe(corefileText);
    expect([data.loadedBefore, data.loadedAfter]).toEqual([corefileSha512(corefileText), corefileSha512(data.after)]);
    expect(enableQueryLog.data.parse(JSON.parse(JSON.stringify(data)))).toEqual(data);
  });

  test.each<[string, object, string[], string[][]]>([
    ['the block of a name that is given', { name: 'www.example.org' }, ['amazon.com'], [['example.org:53']]],
    ['the blocks of the names of the request', {}, ['amazon.com', 'a.example.org.'], [['.:53'], ['example.org:53']]],
    ['those of the root and of the cluster', {}, [], [['.:53']]],
  ])('changes %s', async (_what, params, names, keys) => {
    expect((await draft(params, { text: withStub, names })).data.logged.map((one) => one.keys)).toEqual(keys);
  });

  test('finds the blocks of a CoreDNS that listens on another port', async () => {
    const text = corefileText.replace('.:53', '.:1053');
    expect((await draft({}, { text })).data.logged).toEqual([{ keys: ['.:1053'] }]);
  });

  test('replaces the pods one after the other, now and at its end, where they do not reload by themselves', async () => {
    const { risk, pods, warnings, data } = await draft({}, { text: corefileText.replace('    reload\n', '') });
    expect([risk, pods.map(({ name }) => name)]).toEqual(['disruptive', ['coredns-a', 'coredns-b']]);
    expect(warnings.join(' ')).toContain('and once more when the time is over');
    expect(data.replace?.gates.corefile.sha512).toBe(sha512Hex(data.after));
    expect(enableQueryLog.data.parse(JSON.parse(JSON.stringify(data)))).toEqual(data);
  });

  test('is made for a Corefile with parts that only the pod knows: then any reload is taken for it', async () => {
    const { data } = await draft({}, { text: corefileText.replace('reload', 'reload\n    import custom/*.override') });
    expect([data.loadedBefore, data.loadedAfter]).toEqual([null, null]);
  });

  test.each<[string, object, string]>([
    ['the EKS add-on', { managedFields: [{ manager: 'eks' }] }, 'nothing durable'],
    ['Argo CD', { annotations: { 'argocd.argoproj.io/tracking-id': 'x' } }, 'at the next synchronization'],
  ])('says that %s keeps the ConfigMap', async (_who, metadata, says) => {
    const { warnings, objects } = await draft({}, { object: { metadata } });
    expect(warnings.join(' ')).toContain(says);
    expect(objects[0]!.owner).not.toBeNull();
  });

  test.each<[string, 'all' | 'denial error', RegExp]>([
    [
      'all',
      'all',
      /^CoreDNS answers about 5000 queries a second: that makes about 5000 lines a second, 720 MB of log in 15 minutes, and costs CPU\. The classes/,
    ],
    ['those that fail', 'denial error', /about 1000 lines a second, 140 MB of log in 15 minutes, and costs CPU\.$/],
  ])('says what it costs above 2,000 queries a second: %s', async (_what, classes, says) => {
    const { 'coredns-metrics': metrics, 'coredns-pods': pods } = healthyFacts();
    const each = { ...metrics.pods[0]!, rcodes: { NOERROR: 2_000_000, NXDOMAIN: 400_000, SERVFAIL: 100_000 } };
    const items = pods.items.map((pod) => ({
      ...pod,
      container: { ...pod.container, startedAt: new Date(now - 1_000_000).toISOString() },
    }));
    const facts = { 'coredns-metrics': { pods: [{ ...each, pod: items[0]!.name }] }, 'coredns-pods': { ...pods, items } };
    expect((await draft({ classes }, { facts })).warnings[0]).toMatch(says);
    const slow = { pods: [{ ...each, pod: items[0]!.name, rcodes: { NOERROR: 900_000 } }] };
    expect((await draft({ classes }, { facts: { ...facts, 'coredns-metrics': slow } })).warnings).toHaveLength(1);
  });
});

describe('there is no plan to log queries', () => {
  const text = (from: string, to: string) => ({ text: corefileText.replace(from, to) });
  const mark = (endsAt: number) => ({
    object: { metadata: { annotations: { [MARK]: JSON.stringify({ ...JSON.parse(markText), endsAt }) } } },
  });
  const put = { logged: [{ keys: ['.'] }], inserted: [{ at: 0, text: '', instead: '' }], before: '', after: '' };
  const markText = JSON.stringify({ order: 'c', since: 0, endsAt: 0, key: 'Corefile', classes: 'all', ...put });
  const failed = { class: 'reload-failed', count: 1, lastAt: null, fields: { message: 'plugin/x' }, sample: 'x' };

  test.each<[string, Given, string, RegExp]>([
    [
      'the Corefile is not valid',
      { corefile: { error: { line: 3, message: 'Unknown directive', kind: 'directive' } } },
      'unsafe',
      /line 3/,
    ],
    ['parts of it are hidden', text('cache 30', 'cache 30 # [redacted]'), 'unsafe', /are hidden/],
    ['not all of it is kept', { corefile: { bytes: 99_999 } }, 'unsafe', /are hidden/],
    [
      'pods do not reload, and one alone is ready',
      { ...text('    reload\n', ''), live: { pods: [podJson('coredns-a', 0), podJson('coredns-b', 1, { ready: false })] } },
      'unsafe',
      /no reload plugin.*not two that are ready$/,
    ],
    ['a reload with lameduck is not safe', { ...workload({ version: '1.9.3' }) }, 'unsafe', /CoreDNS 1\.9\.3 with lameduck/],
    ['CoreDNS is being rolled out', workload({ updated: 1 }), 'unsafe', /1 of 2 pods are new/],
    ['no pod is ready', workload({ ready: 0 }), 'unsafe', /no CoreDNS pod is ready/],
    ['all blocks log already', text('errors', 'errors\n    log'), 'not-needed', /log queries already/],
    ['an order logs already', mark(now + 60_000), 'not-needed', /an order logs queries already/],
    ['an order has left its mark', mark(now - 60_000), 'unsafe', /left its mark/],
    ['the mark there is not to be understood', { object: { metadata: { annotations: { [MARK]: '?' } } } }, 'unsafe', /left its mark/],
    ['the Corefile was edited since the check', { object: { data: { Corefile: 'x' } } }, 'unknown', /edited the Corefile just now/],
    ['nobody may change it', { object: { immutable: true } }, 'not-here', /immutable/],
    ['its end would not be looked after', { corefile: { configMap: 'my-dns' } }, 'not-here', /kube-system\/my-dns/],
    ['nobody serves the name', { text: corefileText.replace('.:53', 'example.org:53'), names: ['amazon.com'] }, 'not-here', /amazon\.com/],
    ['the Corefile was not read', { without: ['corefile'] }, 'unknown', /the Corefile could not be read/],
    ['the workload was not read', { without: ['coredns-workload'] }, 'unknown', /the workload of CoreDNS could not be read/],
  ])('where %s', async (_what, given, why, says) => {
    const none = await refusal(given);
    expect(none.why).toBe(why);
    expect(none.says).toMatch(says);
  });

  test('where pods run another text than the ConfigMap has, or a reload has failed', async () => {
    const logs = healthyFacts()['coredns-logs'];
    const [one, ...others] = logs.pods;
    const behind = { ...logs, pods: [{ ...one!, runningSha512: '0'.repeat(128) }, ...others] };
    expect(await refusal({ facts: { 'coredns-logs': behind } })).toMatchObject({
      why: 'unsafe',
      says: expect.stringContaining('another text'),
    });
    const open = { ...logs, pods: [{ ...one!, runningSha512: null, classes: [failed] }, ...others] };
    expect(await refusal({ facts: { 'coredns-logs': open } })).toMatchObject({
      why: 'unsafe',
      says: 'the last reload failed: plugin/x',
      offers: [{ id: 'restore-corefile' }],
    });
  });

  test('where what it puts in could not be taken out from what is left in the cluster', async () => {
    const many = Array.from({ length: 60 }, (_, n) => `zone-${n}.example:53 {\n    forward . 10.0.0.2\n    reload\n}\n`).join('');
    const names = Array.from({ length: 60 }, (_, n) => `zone-${n}.example.`);
    expect(await refusal({ text: many, names })).toMatchObject({ why: 'unsafe', says: expect.stringContaining('too many server blocks') });
  });
});
