import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bullPrefix, jobId, keysOf, queueName, runOfJob } from '../../src/queue/keys.ts';

describe('the name of a queue', () => {
  test('can be read', () => {
    expect(queueName('cluster-a')).toMatch(/^cluster-a-[0-9a-f]{12}$/);
    expect(queueName('arn:aws:eks:eu-west-1:123456789012:cluster/prod')).toMatch(/^eks-eu-west-1-123456789012-cluster-prod-[0-9a-f]{12}$/);
    expect(queueName('/:')).toMatch(/^cluster-[0-9a-f]{12}$/);
  });

  test('is one that BullMQ and Redis take, whatever the cluster is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (cluster) => {
        expect(queueName(cluster)).toMatch(/^[a-z0-9][a-z0-9-]*-[0-9a-f]{12}$/);
        expect(queueName(cluster).length).toBeLessThanOrEqual(60);
      }),
    );
  });

  test('is another for another cluster', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, two) => {
        expect(queueName(one) === queueName(two)).toBe(one === two);
      }),
    );
    expect(queueName('a:b')).not.toBe(queueName('a/b'));
    expect(queueName('A')).not.toBe(queueName('a'));
  });
});

describe('the id of a job', () => {
  test('leads back to its run, and to nothing else', () => {
    expect(runOfJob(jobId('0123456789'))).toBe('0123456789');
    expect(['0123456789', 'run-', 'run-0123456789x', 'run-0123456789\n', 'xrun-0123456789', undefined].map(runOfJob)).toEqual(
      Array.from({ length: 6 }, () => null),
    );
  });

  test('is never a whole number: BullMQ refuses those', () => {
    expect(Number.isNaN(Number(jobId('1234567890')))).toBe(true);
  });
});

test('keys begin with the prefix, and what people write is hashed', () => {
  const keys = keysOf('mine');
  expect(keys.run('0123456789')).toBe('mine:run:0123456789');
  expect(keys.first('any\r\n* thing')).toMatch(/^mine:first:[0-9a-f]{64}$/);
  expect(keys.pace('post C1')).toMatch(/^mine:pace:[0-9a-f]{64}$/);
  expect(bullPrefix('mine')).toBe('mine:bull');
  expect(keysOf().open).toBe('dns-medic:open');
});
