import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import { BLOCK, type BlockStore, CaptureKeeping, type Listed, type Most } from '../../src/queue/capture-keeping.ts';

const MOST: Most = { files: 3, raw: 8 << 20, packed: 1 << 20 };

/** A store in memory. `held`: bytes of packed blocks that stand in it, at most, ever. */
function memory() {
  const fields = new Map<string, Uint8Array>();
  const seen = { list: null as readonly Listed[] | null, clears: 0, most: 0, puts: 0 };
  const store: BlockStore = {
    clear: async () => {
      seen.clears += 1;
      fields.clear();
    },
    put: async (field, plain) => {
      seen.puts += 1;
      fields.set(field, plain);
      seen.most = Math.max(
        seen.most,
        [...fields.values()].reduce((sum, { length }) => sum + length, 0),
      );
    },
    drop: async (names) => names.forEach((name) => fields.delete(name)),
    list: async (files) => void (seen.list = files),
  };
  const whole = (name: string): Buffer => {
    const file = seen.list?.find((one) => one.name === name);
    return Buffer.concat(Array.from({ length: file?.blocks ?? 0 }, (_, at) => gunzipSync(fields.get(`${file?.id}:${at}`)!)));
  };
  return { store, fields, seen, whole };
}

const keepingIn = (store: BlockStore, most: Most = MOST) => {
  const errors: unknown[] = [];
  return { keeping: new CaptureKeeping(store, most, (error) => errors.push(error)), errors };
};

function fill(keeping: CaptureKeeping, name: string, bytes: Uint8Array, { chunk = 4_000, whole = true } = {}): void {
  const file = keeping.file(name);
  for (let at = 0; at < bytes.length; at += chunk) file.write(bytes.subarray(at, at + chunk));
  file.close(whole);
}

describe('the files of a capture', () => {
  test.each([1, 24, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK])('are kept in blocks, byte for byte: %i bytes', async (size) => {
    const { store, whole, seen } = memory();
    const { keeping } = keepingIn(store);
    const bytes = Buffer.alloc(size, 'query ');
    fill(keeping, 'a.pcap', bytes, { chunk: 70_000 });
    expect(await keeping.end()).toEqual([{ name: 'a.pcap', bytes: size, why: null }]);
    expect(whole('a.pcap').equals(bytes)).toBe(true);
    expect(seen.list?.[0]?.blocks).toBe(Math.ceil(size / BLOCK));
  });

  test('hold what was written, whatever becomes of the memory of the chunk', async () => {
    const { store, whole } = memory();
    const { keeping } = keepingIn(store);
    const file = keeping.file('a');
    const chunk = Buffer.from('packet');
    file.write(chunk);
    chunk.fill(0);
    file.close(true);
    await keeping.end();
    expect(whole('a').toString()).toBe('packet');
  });

  test('that do not fit are left out, and leave their room to others', async () => {
    const { store, whole, seen, fields } = memory();
    const { keeping } = keepingIn(store);
    const [small, fits] = [Buffer.from('small'), randomBytes(1_000_000)];
    fill(keeping, 'small', small);
    fill(keeping, 'large', randomBytes(3_000_000));
    fill(keeping, 'fits', fits);
    expect(await keeping.end()).toEqual([
      { name: 'small', bytes: 5, why: null },
      { name: 'large', bytes: 3_000_000, why: 'packed, the files are larger than 1 MiB' },
      { name: 'fits', bytes: 1_000_000, why: null },
    ]);
    expect([whole('small').equals(small), whole('fits').equals(fits)]).toEqual([true, true]);
    expect(seen.most).toBeLessThanOrEqual(MOST.packed);
    expect([...fields.keys()].every((field) => seen.list?.some(({ id }) => field.startsWith(`${id}:`)))).toBe(true);
  });

  test('of which all pack well are bounded all the same', async () => {
    const { store } = memory();
    const { keeping } = keepingIn(store);
    fill(keeping, 'a', Buffer.alloc(9 << 20), { chunk: 1 << 20 });
    fill(keeping, 'b', Buffer.alloc(7 << 20), { chunk: 1 << 20 });
    expect((await keeping.end()).map(({ why }) => why)).toEqual(['the files are larger than 8 MiB', null]);
  });

  test('are no more than so many', async () => {
    const { store, seen } = memory();
    const { keeping } = keepingIn(store);
    for (const name of ['a', 'b', 'c', 'd']) fill(keeping, name, Buffer.from(name));
    expect((await keeping.end()).map(({ why }) => why)).toEqual([null, null, null, 'no more than 3 files are kept']);
    expect(seen.list?.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  test('that did not come whole, or hold nothing, are not kept; read again, they are', async () => {
    const { store, seen, fields, whole } = memory();
    const { keeping } = keepingIn(store);
    fill(keeping, 'again', Buffer.alloc(2 * BLOCK, 'a'), { whole: false });
    fill(keeping, 'again', Buffer.from('second'));
    fill(keeping, 'cut', Buffer.from('half'), { whole: false });
    keeping.file('empty').close(true);
    expect(await keeping.end()).toEqual([
      { name: 'again', bytes: 6, why: null },
      { name: 'cut', bytes: 4, why: 'it did not come whole' },
      { name: 'empty', bytes: 0, why: 'it is empty' },
    ]);
    expect([whole('again').toString(), fields.size, seen.clears]).toEqual(['second', 1, 1]);
  });

  test('that were never closed are not kept', async () => {
    const { store, seen } = memory();
    const { keeping } = keepingIn(store);
    keeping.file('open').write(Buffer.from('x'));
    expect(await keeping.end()).toEqual([{ name: 'open', bytes: 1, why: 'it did not come whole' }]);
    expect([seen.list, seen.clears]).toEqual([null, 2]);
  });

  test('of which there are none cost nothing', async () => {
    const { store, seen } = memory();
    expect(await keepingIn(store).keeping.end()).toEqual([]);
    expect(seen).toEqual({ list: null, clears: 0, most: 0, puts: 0 });
  });

  test.each([
    ['clear', new Failure('error', 'Redis does not answer'), 'Redis does not answer'],
    ['put', new Failure('error', 'Redis does not answer'), 'Redis does not answer'],
    ['list', new Error('a mistake'), 'it could not be written'],
  ] as const)('that cannot be written (%s) are said not to be kept, and nothing is thrown', async (what, error, why) => {
    const { store } = memory();
    const { keeping, errors } = keepingIn({ ...store, [what]: () => Promise.reject(error) });
    fill(keeping, 'a', Buffer.alloc(3 * BLOCK));
    fill(keeping, 'cut', Buffer.from('x'), { whole: false });
    expect(await keeping.end()).toEqual([
      { name: 'a', bytes: 3 * BLOCK, why },
      { name: 'cut', bytes: 1, why: 'it did not come whole' },
    ]);
    expect(errors).toEqual([error]);
  });

  test('are not waited for longer than that, and nothing more is written then', async () => {
    const { store, seen } = memory();
    const { promise, resolve } = Promise.withResolvers<void>();
    const { keeping } = keepingIn({ ...store, clear: () => promise });
    fill(keeping, 'a', Buffer.from('x'));
    expect(await keeping.end(20)).toEqual([{ name: 'a', bytes: 1, why: 'Redis is too slow' }]);
    resolve();
    await new Promise((done) => setTimeout(done, 20));
    expect(seen).toMatchObject({ puts: 0, list: null });
  });
});
