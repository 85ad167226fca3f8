import { describe, expect, test } from '@jest/globals';
import { corefileSha512 } from '../../src/formats/corefile/hash.ts';
import type { KnownCorefile } from '../../src/remedies/remedy.ts';
import { isDraft } from '../../src/remedies/remedy.ts';
import { restoreCorefile } from '../../src/remedies/restore-corefile.ts';
import type { Source } from '../../src/remedies/restore-corefile/data.ts';
import { clusterClass, corefile, corefileSha, corefileText, corednsLog, corednsLogs, workload } from '../checks/evidence.ts';
import { planContext, podJson } from './plan-world.ts';

type World = Parameters<typeof planContext>;
const broken = corefileText.replace('forward . /etc/resolv.conf', 'forward . 192.0.2.1');
const kept = corefileText.replace('cache 30', 'cache 60');
const standing = (text: string, over = {}) => corefile({ text, bytes: Buffer.byteLength(text), ...over });
const known = (text: string, seenAt = 1_764_000_000_000): KnownCorefile => ({ text, sha512: '', seenAt });

const planned = async (source: Source, [over = {}, live = {}, without]: Partial<World> = [], history: KnownCorefile[] = []) => {
  const text = over.corefile?.text ?? corefileText;
  const context = { ...planContext(over, { corefile: text, ...live }, without), corefiles: () => Promise.resolve(history) };
  return restoreCorefile.plan(context, { source });
};
const planOf = async (...given: Parameters<typeof planned>) => {
  const plan = await planned(...given);
  if (!isDraft(plan)) throw new Error(plan.says);
  return plan;
};
const refusalOf = async (...given: Parameters<typeof planned>) => {
  const plan = await planned(...given);
  if (isDraft(plan)) throw new Error(plan.summary);
  return plan;
};

const loaded = (text: string) =>
  corednsLogs(['coredns-a', 'coredns-b'].map((pod) => corednsLog({ pod, runningSha512: corefileSha512(text) })));
const other = { corefile: standing(broken), 'coredns-logs': loaded(broken), 'cluster-class': clusterClass({ platform: 'kubeadm' }) };
const onEks = { ...other, 'cluster-class': clusterClass({ platform: 'eks' }) };

describe('the text that is put there', () => {
  test('is the newest that worked, differs, and would start', async () => {
    const unstartable = corefileText.replace('errors', 'lg');
    const history = [known(broken), known(`# a comment\n${broken.slice(0, 0)}${unstartable}`), known(kept), known(corefileText)];
    const plan = await planOf('auto', [other], history);
    expect(plan).toMatchObject({
      summary: 'change the Corefile in ConfigMap kube-system/coredns: the one that worked until 2025-11-24 16:00 UTC',
      risk: 'safe',
      undo: 'The text that stands there now is put back, byte for byte.',
      pods: [],
      data: { before: { text: broken, reloads: true }, after: { text: kept, reloads: true }, failing: [], replace: null },
    });
    expect(plan.objects[0]).toMatchObject({ does: 'change', object: { kind: 'ConfigMap', name: 'coredns' } });
    expect(plan.objects[0]?.diff).toEqual(
      expect.arrayContaining(['-     forward . 192.0.2.1', '+     forward . /etc/resolv.conf', '-     cache 30', '+     cache 60']),
    );
    expect(restoreCorefile.data.parse(JSON.parse(JSON.stringify(plan.data)))).toEqual(plan.data);
  });

  test('is none, where only a change since it worked could be the cause, and there was none', async () => {
    const history = [known(broken), known(kept)];
    expect(await refusalOf('newest', [other], history)).toMatchObject({ why: 'not-needed' });
    expect(await refusalOf('newest', [other])).toMatchObject({ why: 'not-here' });
    expect((await planOf('newest', [other], [known(kept), known(broken)])).data.after.text).toBe(kept);
  });

  test('is the one that the ready pods still run, where that is known and another stands there', async () => {
    const plan = await planOf('auto', [{ ...other, 'coredns-logs': loaded(corefileText) }]);
    expect(plan.summary).toMatch(/: the one that the ready pods still run$/);
    expect(plan.data.after.text).toBe(corefileText);
    expect((await planOf('running', [{ ...other, 'coredns-logs': loaded(kept) }], [known(kept)])).data.after.text).toBe(kept);
    expect(await refusalOf('running', [other], [known(kept)])).toMatchObject({ why: 'not-here' });
  });

  test('is the same with what is surely wrong put right, where none that worked is known', async () => {
    const sick = corefileText.replace('      pods insecure\n', '      pods insecure\n      upstream\n');
    const facts = { ...onEks, corefile: standing(sick), 'coredns-logs': loaded(sick) };
    const plan = await planOf('auto', [facts]);
    expect(plan.summary).toMatch(/: the same without line 9 \(upstream\)$/);
    expect(plan.data.after.text).toBe(corefileText);
    expect((await planOf('auto', [facts], [known(kept)])).data.after.text).toBe(kept);
    expect((await planOf('mended', [facts], [known(kept)])).data.after.text).toBe(corefileText);
    expect(await refusalOf('mended', [other])).toMatchObject({ why: 'not-here' });
  });

  test('is none where the one that stands there is what worked last, unless an older one is known: then it is said', async () => {
    expect(await refusalOf('auto', [onEks], [known(broken)])).toMatchObject({ why: 'not-needed' });
    const plan = await planOf('auto', [onEks], [known(broken), known(kept)]);
    expect(plan.warnings[0]).toBe('The Corefile that stands there is the newest that worked: what is wrong may not be in it.');
    expect((await planOf('auto', [onEks], [known(kept), known(broken)])).warnings).toEqual([]);
  });

  test('is the default where the cluster is one of EKS and nothing else is known', async () => {
    const plan = await planOf('auto', [onEks]);
    expect(plan.summary).toMatch(/the default of EKS$/);
    expect(plan.data.after.running).toBe(corefileSha);
  });

  test('is the default elsewhere only where it was asked for', async () => {
    expect(await refusalOf('auto', [other])).toMatchObject({ why: 'not-here' });
    expect(await refusalOf('history', [onEks])).toMatchObject({ why: 'not-here' });
    expect((await planOf('default', [other])).data.after.running).toBe(corefileSha);
  });

  test('is not the one that stands there', async () => {
    expect(await refusalOf('default', [{}])).toMatchObject({ why: 'not-needed' });
    expect(await refusalOf('history', [other], [known(broken), known(broken.replace('    cache', '  cache'))])).toMatchObject({
      why: 'not-here',
    });
  });

  test('is the same without its log plugin, and proves just that', async () => {
    const logs = corefileText.replace('    errors\n', '    errors\n    log\n');
    const plan = await planOf('without-log', [{ corefile: standing(logs) }]);
    expect(plan.data.after.text).toBe(corefileText);
    expect(plan.proves).toEqual(['diagnostic-log-left-on']);
    expect(plan.objects[0]?.diff).toEqual(['  .:53 {', '      errors', '-     log', '      health {', '          lameduck 5s']);
    expect(await refusalOf('without-log', [{}])).toMatchObject({ why: 'not-needed' });
  });

  test('is made where the ConfigMap is gone', async () => {
    const context = planContext({ 'cluster-class': clusterClass({ platform: 'eks' }) }, {}, ['corefile']);
    const get = (path: string) => Promise.resolve(path.includes('/configmaps/') ? { metadata: {}, data: {} } : {});
    const plan = await restoreCorefile.plan({ ...context, port: { ...context.port, get } }, { source: 'auto' });
    expect(plan).toMatchObject({ summary: expect.stringMatching(/^make the Corefile/), undo: null, data: { before: null } });
  });
});

describe('the plan', () => {
  test('says what is lost with it', async () => {
    const own = broken.replace('    errors\n', '    errors\n    hosts {\n      10.9.9.9 a.example\n    }\n');
    const plan = await planOf('default', [{ corefile: standing(own) }]);
    expect(plan.warnings).toEqual(['This is lost with it, as far as it was made on purpose: hosts (line 3).']);
  });

  test('names the pods that serve nobody', async () => {
    const plan = await planOf('default', [other, { pods: [podJson('coredns-a', 0, { ready: false }), podJson('coredns-b', 1)] }]);
    expect(plan).toMatchObject({ risk: 'disruptive', pods: [{ name: 'coredns-a', uid: 'uid-coredns-a' }] });
    expect(plan.data.failing).toHaveLength(1);
    expect(plan.warnings).toEqual(['Pods that serve nobody are evicted, so that they start with it at once: coredns-a.']);
  });

  test('replaces pods that do not reload by themselves, one by one', async () => {
    const stuck = corefileText.replace('    reload\n', '');
    const logs = corednsLogs([corednsLog({ runningSha512: null }), corednsLog({ runningSha512: null }, 1)]);
    const plan = await planOf('default', [{ corefile: standing(stuck, { sha512: null }), 'coredns-logs': logs }]);
    expect(plan.risk).toBe('disruptive');
    expect(plan.data.replace?.pods.map(({ name }) => name)).toEqual(['coredns-a', 'coredns-b']);
    expect(plan.warnings.join(' ')).toMatch(/do not reload by themselves: they are replaced/);
  });

  test('says how EKS keeps it', async () => {
    const context = planContext(onEks, { corefile: broken });
    const get = () => Promise.resolve({ metadata: { managedFields: [{ manager: 'eks' }] }, data: { Corefile: broken } });
    const plan = await restoreCorefile.plan({ ...context, port: { ...context.port, get } }, { source: 'default' });
    if (!isDraft(plan)) throw new Error(plan.says);
    expect(plan.objects[0]?.owner?.manager).toBe('eks-addon');
    expect(plan.objects[0]?.owner?.durable[0]).toMatch(
      /update-addon .*--configuration-values '\{"corefile":"\.:53 \{\\n.*--resolve-conflicts PRESERVE/,
    );
  });
});

describe('no plan is made', () => {
  test('where parts of the text are hidden: it could not be put back', async () => {
    const hidden = broken.replace('errors', 'errors # token=[redacted]');
    expect(await refusalOf('default', [{ corefile: standing(hidden) }])).toMatchObject({ why: 'unsafe' });
  });

  test('where it was edited since the check', async () => {
    expect(await refusalOf('default', [other, { corefile: `${broken}# by hand\n` }])).toMatchObject({
      why: 'unknown',
      says: 'the Corefile was edited just now',
    });
  });

  test('where an order logs queries now', async () => {
    const context = planContext({ corefile: standing(corefileText) });
    const get = () => Promise.resolve({ metadata: { annotations: { 'dns-medic/query-log': '{}' } }, data: { Corefile: corefileText } });
    const plan = await restoreCorefile.plan({ ...context, port: { ...context.port, get } }, { source: 'without-log' });
    expect(plan).toMatchObject({ why: 'owned' });
  });

  test('where the Corefile is in no ConfigMap, or nothing could be read', async () => {
    expect(await refusalOf('default', [{ 'coredns-workload': workload({ configMap: null }) }, {}, ['corefile']])).toMatchObject({
      why: 'not-here',
    });
    expect(await refusalOf('default', [{}, {}, ['corefile', 'coredns-workload']])).toMatchObject({ why: 'unknown' });
  });

  test('for a parameter that there is not', () => {
    expect(restoreCorefile.params.safeParse({ source: 'memory' }).success).toBe(false);
    expect(restoreCorefile.params.parse({})).toEqual({ source: 'auto' });
  });
});
