import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { judge } from '../src/cli/engine.ts';
import { readBundle } from '../src/cli/judge.ts';
import { schemas } from '../src/domain/evidence.ts';
import { Report } from '../src/domain/report.ts';

const dir = join(import.meta.dirname, 'bundles');
const verdicts = JSON.parse(readFileSync(join(dir, 'verdicts.json'), 'utf8')) as Record<string, { status: string; causes: string[] }>;
const names = readdirSync(dir).flatMap((file) => (file.endsWith('.json') && file !== 'verdicts.json' ? [file.slice(0, -5)] : []));

const at = (data: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce<unknown>(
      (value, key) => (value as Record<string, unknown> | undefined)?.[key.replaceAll('~1', '/').replaceAll('~0', '~')],
      data,
    );

test('every recorded bundle has a verdict, and every verdict a bundle', () => {
  expect(names.toSorted()).toEqual(Object.keys(verdicts).toSorted());
  expect(names.length).toBeGreaterThan(30);
});

describe.each(Object.entries(verdicts))('the run recorded with %s', (name, { status, causes }) => {
  test(`is judged ${status}: ${causes.join(', ') || 'no cause'}`, async () => {
    const report = judge(await readBundle(join(dir, `${name}.json`)));
    expect({ status: report.verdict.status, causes: report.verdict.causes }).toEqual({ status, causes });
    expect(Report.safeParse(report).error).toBeUndefined();
  });

  test('holds readings of this version', async () => {
    const bundle = JSON.parse(readFileSync(join(dir, `${name}.json`), 'utf8')) as {
      readings: Record<string, { status: string; data: unknown }>;
    };
    const strange = Object.entries(bundle.readings).filter(
      ([id, reading]) => reading.status === 'ok' && !schemas[id as keyof typeof schemas].safeParse(reading.data).success,
    );
    expect(strange.map(([id]) => id)).toEqual([]);
  });

  test('proves each finding by a place that is there', async () => {
    const bundle = await readBundle(join(dir, `${name}.json`));
    const places = judge(bundle).findings.flatMap((finding) =>
      finding.proof.map(({ reading, pointer }) => {
        const found = bundle.readings[reading];
        return { code: finding.code, pointer, there: found?.status === 'ok' && at(found.data, pointer) !== undefined };
      }),
    );
    expect(places.filter(({ there }) => !there)).toEqual([]);
  });

  test('says everything it means to say: no placeholder is left, and each cause has a next step', async () => {
    const { findings } = judge(await readBundle(join(dir, `${name}.json`)));
    for (const finding of findings) {
      expect([finding.title, ...finding.next].join(' ')).not.toMatch(/\{[a-z]\w*\}|undefined|NaN/i);
      expect(finding.severity === 'info' || finding.next.length > 0).toBe(true);
    }
  });
});
