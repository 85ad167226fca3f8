import { describe, expect, test } from '@jest/globals';
import { plannedObject } from '../../../src/remedies/kit/diff.ts';
import { createOf, patchOf } from '../../../src/remedies/kit/edit.ts';
import { changeOf } from '../../../src/remedies/kit/fields.ts';

const object = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' };
const json = { spec: { containers: [{ name: 'a' }], ports: [{ name: 'dns', port: 53 }] } };
const diff = (path: string[], after: Parameters<typeof changeOf>[2]): string[] =>
  plannedObject(patchOf(object, [changeOf(json, path, after)], { uid: null })).diff;

describe('an edit is shown', () => {
  test('with the fewest lines that differ', () => {
    expect(
      diff(
        ['spec', 'ports'],
        [
          { name: 'dns', port: 53 },
          { name: 'dns-tcp', port: 53 },
        ],
      ),
    ).toEqual(['  spec.ports:', '    - name: dns', '      port: 53', '+   - name: dns-tcp', '+     port: 53']);
    expect(diff(['spec', 'replicas'], 2)).toEqual(['+ spec.replicas: 2']);
  });

  test('with text of a cluster as one line that ends nothing', () => {
    expect(diff(['spec', 'x'], 'a\n+ b')).toEqual(['+ spec.x: "a\\n+ b"']);
  });

  test('as a whole where it is new, and no longer than people read', () => {
    const [first, ...rest] = plannedObject(createOf(object, { list: Array.from({ length: 400 }, (_, i) => i) })).diff;
    expect(first).toBe('+ apiVersion: apps/v1');
    expect(rest.at(-1)).toMatch(/^ {2}\.\.\. \d+ more lines$/);
    expect(rest).toHaveLength(200);
  });
});

describe('the change of a field', () => {
  test('begins at the first part that is missing, so that nothing is left of it when it is taken back', () => {
    expect(changeOf(json, ['spec', 'containers', '[name=a]', 'resources', 'limits', 'memory'], '1Mi')).toEqual({
      path: ['spec', 'containers', '[name=a]', 'resources'],
      before: null,
      after: { limits: { memory: '1Mi' } },
    });
    expect(changeOf(json, ['spec', 'replicas'], 2)).toEqual({ path: ['spec', 'replicas'], before: null, after: 2 });
  });
});
