import { describe, expect, test } from '@jest/globals';
import { type CaptureKeeper, keepingCaptures } from '../../../src/cli/process/keep-captures.ts';
import type { ChangeWork } from '../../../src/cli/process/perform-change.ts';
import type { Target } from '../../../src/config/load.ts';
import type { CaptureFile } from '../../../src/domain/plan.ts';
import { order, result } from '../../access/changes/orders.ts';

/** A keeper that notes what it is asked. */
function keeper(files: CaptureFile[]) {
  const heard: string[] = [];
  const given: CaptureKeeper = {
    keep: (change) => {
      heard.push(`keep ${change}`);
      return {
        file: (name) => ({
          write: (chunk) => void heard.push(`${name} < ${Buffer.from(chunk).toString()}`),
          close: (whole) => void heard.push(`${name} ${whole ? 'whole' : 'cut'}`),
        }),
        end: async () => {
          heard.push('end');
          return files;
        },
      };
    },
  };
  return { given, heard };
}

const change = order();
const perform = (act: ChangeWork['act'], what: 'apply' | 'undo' = 'apply') =>
  act({} as Target, { change, act: what } as never, { onStep: () => undefined } as never);

describe('the work on an order', () => {
  test('keeps what is captured under the id of the order, and says which files there are', async () => {
    const files = [{ name: 's1.pcap', bytes: 7, why: null }];
    const { given, heard } = keeper(files);
    const capturing: ChangeWork['act'] = async (_target, _ordered, { keepFile }) => {
      const file = keepFile?.('s1.pcap');
      file?.write(Buffer.from('packets'));
      file?.close(true);
      return result();
    };
    expect(await perform(keepingCaptures(given, capturing))).toEqual({ ...result(), files });
    expect(heard).toEqual([`keep ${change.id}`, 's1.pcap < packets', 's1.pcap whole', 'end']);
  });

  test('that captures nothing says nothing of files', async () => {
    const came = await perform(keepingCaptures(keeper([]).given, async () => result()));
    expect(came).toEqual(result());
    expect('files' in came).toBe(false);
  });

  test('that is undone keeps nothing', async () => {
    const { given, heard } = keeper([]);
    const keeps: boolean[] = [];
    const undoing: ChangeWork['act'] = async (_target, _ordered, { keepFile }) => {
      keeps.push(keepFile !== undefined);
      return result();
    };
    await perform(keepingCaptures(given, undoing), 'undo');
    expect([heard, keeps]).toEqual([[], [false]]);
  });

  test('that ends with an error leaves no list of files', async () => {
    const { given, heard } = keeper([]);
    await expect(perform(keepingCaptures(given, () => Promise.reject(new Error('lost'))))).rejects.toThrow('lost');
    expect(heard).toEqual([`keep ${change.id}`]);
  });
});
