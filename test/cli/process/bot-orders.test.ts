import { describe, expect, test } from '@jest/globals';
import { filesInto } from '../../../src/cli/process/bot-orders.ts';
import { AuditEntry } from '../../../src/domain/audit.ts';
import type { Contents } from '../../../src/slack/sent-file.ts';
import { channel, person } from '../../access/people.ts';

describe('the audit of files', () => {
  test.each<[string, Contents]>([
    ['lines of a query log', { lines: 12 }],
    ['files of a capture', { files: ['s1-kube-system_coredns-7c.pcap', 'c1-shop_cart.pcap'] }],
  ])('says who got which %s, and where', async (_what, contents) => {
    const written: AuditEntry[] = [];
    const of = { cluster: 'cluster-a', run: '0a1b2c3d4e', change: 'c'.repeat(32), remedy: 'capture-packets', digest: 'd'.repeat(64) };
    await filesInto(async (entry) => written.push(entry))({
      ...{ person: person({ user: 'U0BEN' }), channel: channel({ id: 'C0WAR' }), ...of },
      ...contents,
      bytes: 70_007,
    });
    expect(written).toEqual([
      {
        ...{ at: expect.any(Number), actor: { kind: 'person', id: 'U0BEN' }, action: 'file-sent', ...of },
        details: { channel: 'C0WAR', ...contents, bytes: 70_007 },
      },
    ]);
    expect(AuditEntry.safeParse(written[0]).success).toBe(true);
  });

  test('that cannot be written is a rejection: nothing is shown then', async () => {
    const sent = {
      person: person(),
      channel: channel(),
      cluster: 'a',
      run: 'r',
      change: 'c',
      remedy: 'm',
      digest: 'd',
      lines: 1,
      bytes: 2,
    };
    await expect(filesInto(() => Promise.reject(new Error('full')))(sent)).rejects.toThrow('full');
  });
});
