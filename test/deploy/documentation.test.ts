import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { environment, everything, read, root, type Thing, yamlFiles } from './files.ts';

const page = read('docs/deploy.md');
const inCode = [...page.matchAll(/`([^`\n]+)`/g)].map(([, text]) => text ?? '');
const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text]) => text ?? '').join('\n');
const folders = (path: string): string[] => readdirSync(new URL(path, root));

describe('docs/deploy.md', () => {
  test('is short', () => {
    expect(page.split('\n').length).toBeLessThanOrEqual(150);
  });

  test('names every overlay, every component and every file of roles', () => {
    const wanted = [
      ...folders('deploy/overlays').map((name) => `overlays/${name}`),
      ...folders('deploy/components').map((name) => `components/${name}`),
      ...folders('deploy/rbac').filter((name) => name !== 'kustomization.yaml'),
    ];
    expect(wanted.filter((name) => !inCode.includes(name))).toEqual([]);
  });

  test('names files that are there', () => {
    const named = [...page.matchAll(/\b(?:deploy|scripts|docs)\/[\w./-]*\w/g)].map(([path]) => path);
    expect(named.length).toBeGreaterThan(6);
    expect(named.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
    const links = [...page.matchAll(/\]\(([^)#]+)\)/g)].map(([, link]) => link ?? '');
    expect(links.filter((link) => !existsSync(new URL(`docs/${link}`, root)))).toEqual([]);
  });

  test('says what each NetworkPolicy lets through', () => {
    const policies = everything().filter(({ object }) => object['kind'] === 'NetworkPolicy');
    expect(policies.map(({ object }) => object['metadata'].name as string).filter((name) => !inCode.includes(name))).toEqual([]);
  });

  test('makes every Secret that deploy/ refers to, with every key', () => {
    const made = new Map<string, string[]>();
    for (const [, name = '', rest = ''] of blocks.matchAll(/create secret generic (\S+) (.*)/g))
      made.set(
        name,
        [...rest.matchAll(/(?:--from-file=|--from-literal=|: )([a-z-]+)/g)].map(([, key]) => key ?? ''),
      );
    const folder: Record<string, string> = { slack: 'dns-medic-slack', order: 'dns-medic-order', redis: 'dns-medic-redis' };
    const files = environment()
      .map(({ entry }) => /^\/var\/run\/dns-medic\/(\w+)\/([\w-]+)$/.exec(String(entry['value'] ?? '')))
      .flatMap((match) => (match === null ? [] : [[folder[match[1] ?? ''] ?? '', match[2] ?? ''] as const]));
    const keys = environment()
      .map(({ entry }) => entry['valueFrom']?.secretKeyRef as Thing | undefined)
      .flatMap((key) => (key === undefined ? [] : [[key['name'] as string, key['key'] as string] as const]));
    const lacking = [...files, ...keys].filter(([name, key]) => made.get(name)?.includes(key) !== true && !inCode.includes(key));
    expect(lacking).toEqual([]);
    const volumes = everything().flatMap(({ object }) => (object['spec']?.template?.spec?.volumes ?? []) as Thing[]);
    const mounted = volumes.flatMap(({ secret }) => (secret === undefined ? [] : [secret.secretName as string]));
    expect([...new Set(mounted)].filter((name) => !made.has(name))).toEqual([]);
  });

  test('names the ports and the label as they are', () => {
    const texts = yamlFiles('deploy').map(read).join('\n');
    expect(texts).toContain("dns-medic/scrape: 'true'");
    expect(inCode).toContain('dns-medic/scrape: "true"');
    for (const [, port] of page.matchAll(/\b(8080|3000|6379|6443)\b/g)) expect(texts).toContain(`${port}`);
  });
});
