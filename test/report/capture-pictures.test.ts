import { describe, expect, test } from '@jest/globals';
import { waysPicture } from '../../src/report/capture-pictures.ts';
import { drawWays } from '../../src/pictures/ways.ts';
import { type Happens, Network } from '../packets/network.ts';
import { clusterIp } from '../packets/traffic.ts';
import { captured } from './captures.ts';

function picture(happens: (via: 'a' | 'b') => Happens) {
  const made = waysPicture(captured(happens), 'cluster-a');
  if (made === null) throw new Error('there is no picture');
  return made;
}

const states = ({ legs }: { legs: readonly { state: string }[] }) => legs.map(({ state }) => state);

describe('the picture of a capture', () => {
  test('of a cluster that is well shows no stop', () => {
    const { ways, verdict } = picture(() => ({}));
    expect(verdict).toBe('Queries and answers come through.');
    expect(ways.map(({ outcome, stoppedAt }) => [outcome, stoppedAt])).toEqual([
      ['ok', null],
      ['ok', null],
      ['ok', null],
    ]);
  });

  test('begins with the way that shows the fault best, and marks where it stops', () => {
    const { ways } = picture((via) => ({ lostRequest: via === 'b' }));
    const [worst] = ways;
    expect(worst).toMatchObject({ outcome: 'lost', stoppedAt: { at: 'leg', index: 1, word: 'lost here' } });
    expect(states(worst!)).toEqual(['ok', 'lost', 'not-reached', 'not-reached']);
    expect(worst!.hops.map(({ kind }) => kind)).toEqual(['client', 'network', 'server']);
  });

  test('marks the pod that does not answer, behind the ClusterIP too', () => {
    const { ways } = picture((via) => ({ droppedInPod: via === 'b' }));
    expect(ways[0]).toMatchObject({ outcome: 'unanswered', stoppedAt: { at: 'hop', index: 2 } });
    const service = ways.find(({ hops }) => hops.some(({ kind }) => kind === 'service'));
    expect(service?.hops.map(({ kind, label }) => [kind, label])).toEqual([
      ['client', 'c1'],
      ['service', clusterIp],
      ['server', 's2'],
    ]);
    expect(states(service!)).toEqual(['ok', 'ok', 'ok', 'ok']);
  });

  test('can be drawn, and says in words where it stopped', () => {
    const drawn = drawWays(picture((via) => ({ lostReply: via === 'b' })));
    expect(drawn.altText).toMatch(/lost here/);
  });

  test('is none where no way was seen', () => expect(waysPicture(new Network().report(), 'cluster-a')).toBeNull());
});
