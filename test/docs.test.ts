import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { pages } from '../scripts/docs.ts';
import { remediesPage } from '../scripts/docs/remedies.ts';
import { checks } from '../src/checks/registry.ts';
import { collectors } from '../src/collect/registry.ts';
import { commands } from '../src/cli/commands.ts';
import { allNeeds } from '../src/cli/needs.ts';
import { loadConfig } from '../src/config/load.ts';
import { readConfig } from '../src/config/read.ts';
import { readingIds } from '../src/domain/evidence.ts';
import { groupOf } from '../src/report/check-groups.ts';
import { remedies } from '../src/remedies/registry.ts';
import { whyOptional } from '../src/report/optional-rights.ts';
import { DEFAULTS } from '../src/config/load.ts';

const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

describe('the documentation', () => {
  test.each(Object.entries(pages()))('%s is what the sources say (node scripts/docs.ts)', (file, text) => {
    expect(read(file)).toBe(text);
  });

  test('has an example of settings that can be loaded', () => {
    const example = /```yaml\n([\s\S]*?)```/.exec(read('docs/configuration.md'))?.[1] ?? '';
    expect(Object.keys(readConfig('docs/configuration.md', example).clusters ?? {})).toEqual(['cluster-a', 'cluster-b', 'here']);
  });

  test('names the defaults that hold', () => {
    expect(loadConfig({ env: { HOME: '/nowhere' }, cwd: '/nowhere' }).defaults).toEqual(DEFAULTS);
    for (const value of [DEFAULTS.probe.image, DEFAULTS.probe.namespace, DEFAULTS.dns.namespace, ...DEFAULTS.names])
      expect(read('docs/configuration.md')).toContain(`\`${value}\``);
  });

  test('names every reading', () => {
    expect(readingIds.filter((id) => !read('docs/how-it-works.md').includes(`\`${id}\``))).toEqual([]);
    expect(read('docs/how-it-works.md')).toContain(`${collectors.length} readings`);
  });

  test('says that every reading is collected but the packets, which are captured by order', () => {
    const collected: string[] = collectors.map(({ id }) => id);
    expect(readingIds.filter((id) => !collected.includes(id))).toEqual(['capture']);
  });

  test('has a part for every check', () => {
    expect(checks.filter(({ id }) => groupOf(id).name === 'Other').map(({ id }) => id)).toEqual([]);
  });

  test('README is short, and its links lead somewhere', () => {
    const text = read('README.md');
    expect(text.split('\n').length).toBeLessThanOrEqual(150);
    for (const [, link = ''] of text.matchAll(/\]\(([^)#]+)\)/g)) expect(() => read(link)).not.toThrow();
  });
});

describe('docs/remedies.md', () => {
  const text = read('docs/remedies.md');

  test('names every remedy, and what proves it by codes of checks', () => {
    expect(remedies.filter(({ id }) => !text.includes(`| \`${id}\``)).map(({ id }) => id)).toEqual([]);
    const codes: string[] = checks.map(({ id }) => id);
    expect(remedies.flatMap(({ id, proves }) => proves.filter((code) => !codes.includes(code)).map((code) => `${id}: ${code}`))).toEqual(
      [],
    );
  });

  test('keeps what is written by hand beside its table', () => {
    const page = ['a', '<!-- made by `node scripts/docs.ts` -->', 'old text', '<!-- until here -->', 'b'].join('\n');
    const made = remediesPage(page);
    expect(made).toMatch(/^a\n[^]*\nb$/);
    expect(made).not.toContain('old text');
    expect(remediesPage(made)).toBe(made);
    expect(() => remediesPage('no place')).toThrow('has no place for the table');
  });

  test('has commands and options that there are', () => {
    const known = commands.flatMap((command) => [command, ...command.commands]);
    const words = [...text.matchAll(/dns-medic ([a-z]+)(?: ([a-z]+))?/g)].map(([, name]) => name ?? '');
    expect(words.filter((name) => name !== 'never' && !known.some((command) => command.name() === name))).toEqual([]);
    const options = [...text.matchAll(/[` ](--[a-z][a-z-]+)/g)].map(([, option]) => option ?? '');
    const all = known.flatMap((command) => command.options.map(({ long }) => long ?? ''));
    expect([...new Set(options)].filter((option) => !all.includes(option) && option !== '--configuration-values')).toEqual([]);
  });

  test('has links that lead somewhere', () => {
    for (const [, link = ''] of text.matchAll(/\]\(([^)#]+)[^)]*\)/g)) expect(() => read(`docs/${link}`)).not.toThrow();
  });
});

describe('the rights that a check needs', () => {
  const needs = allNeeds().map(({ permission }) => permission);

  test('never include Secrets', () => {
    expect(needs.filter(({ resource }) => resource.startsWith('secrets') || resource === '*')).toEqual([]);
  });

  test('write only where probe pods are, look into the named pod, and ask what is allowed', () => {
    const writes = needs.filter(
      ({ verb, scope, optional }) => !['get', 'list', 'watch'].includes(verb) && scope !== 'probe' && optional !== true,
    );
    expect(writes.map(({ resource, scope }) => `${resource} ${scope}`).toSorted()).toEqual([
      'pods/exec pod',
      'subjectaccessreviews cluster',
    ]);
  });

  test('say of every optional one what it is good for', () => {
    expect(needs.filter((permission) => permission.optional === true && whyOptional(permission) === '')).toEqual([]);
  });
});
