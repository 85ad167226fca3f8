import { beforeEach, describe, expect, test } from '@jest/globals';
import { sha512Hex } from '../../../src/base/sha512.ts';
import { corefileSha512 } from '../../../src/formats/corefile/hash.ts';
import type { PodGates } from '../../../src/remedies/pods/gates.ts';
import type { Replacement } from '../../../src/remedies/pods/replace-pods.ts';
import { switchOn } from '../../../src/remedies/query-log/act.ts';
import { switchOff } from '../../../src/remedies/query-log/off.ts';
import type { Acted, ActContext } from '../../../src/remedies/remedy.ts';
import { after, before, data, QueryWorld, START } from './query-world.ts';

const gates = {
  workload: { kind: 'Deployment', namespace: 'kube-system', name: 'coredns', generation: 3 },
  selector: 'k8s-app=kube-dns',
  corefile: { namespace: 'kube-system', configMap: 'coredns', key: 'Corefile', sha512: sha512Hex(after) },
  known: ['uid-coredns-a', 'uid-coredns-b'],
  ready: ['uid-coredns-a', 'uid-coredns-b'],
  count: 2,
} as unknown as PodGates;
const pods = ['a', 'b'].map((name) => ({ namespace: 'kube-system', name: `coredns-${name}`, uid: `uid-coredns-${name}`, node: 'node-1' }));
const stuck = { ...data, replace: { pods, gates } };
const done: Acted = { outcome: 'applied', says: 'all were replaced', next: [], undoable: false };

let world: QueryWorld;
let asked: Replacement[];
beforeEach(() => {
  world = new QueryWorld();
  world.pods.forEach((pod) => (pod.loads = false));
  asked = [];
});

/** Replaces the pods as it is told: new ones run what stands there, and their logs begin anew. */
const replaces =
  (came: Acted = done, only = 2) =>
  (_context: ActContext, replacement: Replacement): Promise<Acted> => {
    asked.push(replacement);
    for (const pod of world.pods.filter(({ name }) => replacement.pods.some((one) => one.name === name)).slice(0, only))
      pod.lines = [{ at: world.now, text: `[INFO] plugin/reload: Running configuration SHA512 = ${corefileSha512(world.text!)}` }];
    return Promise.resolve(came);
  };
const off = (how = replaces()) => switchOff(world.context(), stuck, { madeAt: START }, how);

describe('pods that do not reload by themselves', () => {
  test('are replaced when it begins', async () => {
    expect(await switchOn(world.context(), stuck, replaces())).toMatchObject({ outcome: 'applied', undoable: true });
    expect([asked, world.text]).toEqual([[stuck.replace], after]);
  });

  test('and when it ends: summed up before, for the log of a pod goes with it; the gates are those of now', async () => {
    await switchOn(world.context(), stuck, replaces());
    world.query(0, world.now, '10.0.0.1:1 - 1 "A IN nope.example. udp 40 false 512" NXDOMAIN qr,rd,ra 100 0.1s');
    world.now += 1_000;
    expect(await off()).toMatchObject({ outcome: 'applied', undoable: false, queries: { lines: 1 } });
    expect(world.text).toBe(before);
    expect(asked[1]!.pods.map(({ name }) => name)).toEqual(['coredns-a', 'coredns-b']);
    expect(asked[1]!.gates).toMatchObject({ corefile: { sha512: sha512Hex(before) }, count: 2 });
  });

  test('but those that run it already are not replaced again', async () => {
    await switchOn(world.context(), stuck, replaces());
    expect(await off(replaces({ ...done, outcome: 'failed', says: 'no answer' }, 1))).toMatchObject({
      outcome: 'failed',
      says: 'the log plugin is out of the Corefile; no answer',
      undoable: true,
    });
    expect(await off()).toMatchObject({ outcome: 'applied' });
    expect(asked[2]!.pods.map(({ name }) => name)).toEqual(['coredns-b']);
    expect(await off()).toMatchObject({ outcome: 'applied' });
    expect(asked).toHaveLength(3);
  });

  test.each<[Acted['outcome'], Acted['outcome']]>([
    ['refused', 'failed'],
    ['failed', 'failed'],
    ['stopped', 'stopped'],
  ])('that are not all replaced leave something to undo: %s is %s', async (came, outcome) => {
    expect(await switchOn(world.context(), stuck, replaces({ ...done, outcome: came, says: 'one was not' }, 1))).toMatchObject({
      outcome,
      says: 'the Corefile is written; one was not',
      undoable: true,
    });
  });
});
