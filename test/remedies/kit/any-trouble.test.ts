import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Failure } from '../../../src/base/failure.ts';
import { applyEdits, type Edits, undoEdits } from '../../../src/remedies/kit/act.ts';
import { patchOf } from '../../../src/remedies/kit/edit.ts';
import { ApiWorld } from './api-world.ts';

const object = { apiVersion: 'v1', kind: 'Service', namespace: 'kube-system', name: 'kube-dns' };
const path = '/api/v1/namespaces/kube-system/services/kube-dns';
const data: Edits = {
  edits: [patchOf(object, [{ path: ['spec', 'selector'], before: 'wrong', after: 'right' }], { uid: null })],
  rollout: null,
};

/** What happens around a request: the answer is lost, or the request; somebody edits the object; this process dies. */
const trouble = fc.constantFrom('none', 'none', 'none', 'lost', 'unsent', 'other-edit', 'our-edit', 'died-before', 'died-after');
type Trouble = 'none' | 'lost' | 'unsent' | 'other-edit' | 'our-edit' | 'died-before' | 'died-after';

const lost = (): never => {
  throw new Failure('error', 'the connection was reset');
};
const died = (): never => {
  throw new Error('died');
};

/** A cluster in which each write meets the next trouble of a list, then none any more. */
function troubled(troubles: Trouble[]): ApiWorld {
  const world = new ApiWorld();
  world.put(path, { spec: { selector: 'wrong', type: 'ClusterIP' } });
  let now: Trouble = 'none';
  const edit = (over: object): void => world.put(path, { ...world.at(path), spec: { ...world.at(path)?.['spec'], ...over } });
  world.beforeWrite = () => {
    now = troubles.shift() ?? 'none';
    if (now === 'unsent') lost();
    if (now === 'died-before') died();
    if (now === 'other-edit') edit({ type: 'NodePort' });
    if (now === 'our-edit') edit({ selector: 'theirs' });
  };
  world.afterWrite = () => {
    if (now === 'lost') lost();
    if (now === 'died-after') died();
  };
  return world;
}

/** Whoever dies is followed by another who goes on. */
async function carriedOut(world: ApiWorld, way: typeof applyEdits | typeof undoEdits) {
  for (;;) {
    const acted = await way(world.context(), data, { undo: '' }).catch((error: unknown) => error);
    if (!(acted instanceof Error) || acted.message !== 'died') return acted as Awaited<ReturnType<typeof applyEdits>>;
  }
}

/** What may stand there when that is said to have come of it. */
const AGREE: Record<string, string[]> = { applied: ['right'], refused: ['theirs'] };

const selector = (world: ApiWorld): unknown => world.at(path)?.['spec']['selector'];

test('whatever is lost, dies or is edited in between: it is done once, or nothing of ours stands there, and it is said which', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(trouble, { maxLength: 4 }), async (troubles) => {
      const isOurs = troubles.includes('our-edit');
      const world = troubled([...(troubles as Trouble[])]);
      const acted = await carriedOut(world, applyEdits);
      const stands = selector(world);
      expect(isOurs || acted.outcome === 'applied').toBe(true);
      expect(AGREE[acted.outcome]).toContain(stands);
      const undone = await carriedOut(world, undoEdits);
      expect(selector(world)).toBe(undone.outcome === 'refused' ? 'theirs' : 'wrong');
      expect(isOurs || undone.outcome === 'applied').toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('what somebody else wrote is never written over', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(trouble, { maxLength: 6 }), async (troubles) => {
      const world = troubled([...(troubles as Trouble[])]);
      let theirs = false;
      world.onPut = (json) => {
        if (json['spec']['selector'] === 'theirs') theirs = true;
        else if (theirs) throw new Error('written over');
      };
      const acted = await carriedOut(world, applyEdits);
      expect(acted).not.toHaveProperty('message', 'written over');
      const undone = await carriedOut(world, undoEdits);
      expect(undone).not.toHaveProperty('message', 'written over');
    }),
    { numRuns: 500 },
  );
});
