import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ServerBlock } from '../../../src/domain/coredns.ts';
import { parseCorefile } from '../../../src/formats/corefile/parser.ts';
import { asItWas, blocksFor, CLASSES, type Classes, type WithLog, withQueryLog } from '../../../src/remedies/query-log/lines.ts';
import { judgeOff, type Put, takenOut, textName } from '../../../src/remedies/query-log/take-out.ts';
import { MARK, markIn } from '../../../src/remedies/query-log/mark.ts';
import { anyCorefile, anyEdit } from './any-corefile.ts';

const on = (text: string, classes: Classes): WithLog | null =>
  withQueryLog(text, blocksFor(parseCorefile(text), ['.', 'example.org.']), classes);

/** What an order leaves in the cluster, read again from there. */
function markOf(before: string, { text, logged, inserted }: WithLog, classes: Classes): Put {
  const names = { before: textName(before), after: textName(text) };
  return markIn(JSON.stringify({ order: 'c'.repeat(32), since: 1, endsAt: 2, key: 'Corefile', classes, logged, inserted, ...names }))!;
}

/** What it means, wherever it stands. */
const meaning = (servers: readonly ServerBlock[]): unknown =>
  servers.map(({ keys, directives }) => ({
    keys,
    directives: directives.map(({ name, args, options }) => [name, args, options.map((option) => [option.name, option.args])]),
  }));
const isOurs = ({ name, args, options }: ServerBlock['directives'][number], classes: Classes): boolean =>
  name === 'log' && (classes === 'all' ? args.length === 0 : options[0]?.args.join(' ') === 'denial error');
/** Only in the blocks that we wrote into: elsewhere it is somebody else's. */
const withoutOurs = (servers: readonly ServerBlock[], { logged }: WithLog, classes: Classes): ServerBlock[] =>
  servers.map((server) => {
    const isLogged = logged.some(({ keys }) => keys.join() === server.keys.join());
    return { ...server, directives: server.directives.filter((one) => !isLogged || !isOurs(one, classes)) };
  });

describe('what the query log put into a Corefile', () => {
  test('is taken out byte for byte, from what is left in the cluster alone', () => {
    let changed = 0;
    fc.assert(
      fc.property(anyCorefile, fc.constantFrom(...CLASSES), (before, classes) => {
        const logged = on(before, classes);
        fc.pre(parseCorefile(before).error === null && logged !== null);
        expect(parseCorefile(logged.text).error).toBeNull();
        expect(logged.text).not.toBe(before);
        expect(asItWas(logged.text, logged.inserted)).toBe(before);
        expect(takenOut(logged.text, markOf(before, logged, classes))).toEqual({ text: before, exact: true });
        expect(meaning(withoutOurs(parseCorefile(logged.text).servers, logged, classes))).toEqual(meaning(parseCorefile(before).servers));
        changed += 1;
      }),
      { numRuns: 600 },
    );
    expect(changed).toBeGreaterThanOrEqual(600);
  });

  test('is all that is taken out of a text that somebody has edited; else nothing is written', () => {
    const came = { taken: 0, refused: 0 };
    fc.assert(
      fc.property(anyCorefile, fc.constantFrom(...CLASSES), fc.array(anyEdit, { minLength: 1, maxLength: 3 }), (before, classes, edits) => {
        const logged = on(before, classes);
        fc.pre(parseCorefile(before).error === null && logged !== null);
        const text = edits.reduce((sofar, edit) => edit(sofar), logged.text);
        const out = takenOut(text, markOf(before, logged, classes));
        came[out === null ? 'refused' : 'taken'] += 1;
        if (out === null || out.exact) return;
        const [left, was] = [parseCorefile(out.text), parseCorefile(text)];
        expect(left.error).toBeNull();
        expect(meaning(left.servers)).toEqual(meaning(withoutOurs(was.servers, logged, classes)));
      }),
      { numRuns: 1_000 },
    );
    expect(came.taken).toBeGreaterThan(100);
    expect(came.refused).toBeGreaterThan(100);
  });

  test('is out already where the text is the one before: then only the mark goes', () => {
    const [before, classes] = ['.:53 {\n  errors\n}\n', 'all'] as const;
    const put = markOf(before, on(before, classes)!, classes);
    const stands = { object: {}, text: before, version: '1', annotations: { [MARK]: '{}' } };
    expect(judgeOff(put, stands)).toEqual({ text: before, annotations: { [MARK]: null } });
    expect(judgeOff(put, { ...stands, annotations: {} })).toEqual({ done: true });
  });

  test('is not looked for at its place in another text', () => {
    expect(asItWas('.:53 {\n  errors\n}\n', [{ at: 6, text: '\n  log', instead: '' }])).toBeNull();
    expect(
      asItWas('abc', [
        { at: 0, text: 'ab', instead: '' },
        { at: 1, text: 'bc', instead: '' },
      ]),
    ).toBeNull();
  });
});
