import { Unreadable } from './fault.ts';
import type { Token } from './lexer.ts';

/** Snippets seen so far, what their imports have brought, and what could not be followed. */
export interface Imports {
  snippets: Map<string, { line: number; tokens: readonly Token[] }>;
  expansions: number;
  /** Tokens brought by snippets. */
  tokens: number;
  opaque: Set<string>;
}

const maxOpaque = 100;

/** Notes something that is known only inside the pod (an environment variable, another file); brings no tokens. */
export function unfollowed(imports: Imports, what: string): [] {
  if (imports.opaque.size < maxOpaque) imports.opaque.add(what.slice(0, 200));
  return [];
}

/** An `import` of files: they lie in the pod. CoreDNS takes one wildcard at most. */
export function fileImport(imports: Imports, pattern: string, line: number): [] {
  const path = pattern.startsWith('/') ? pattern : `/etc/coredns/${pattern}`;
  const wildcards = Math.max(path.split('*').length, path.split('?').length) - 1;
  if (wildcards > 1 || (path.includes('[') && path.includes(']'))) {
    throw new Unreadable(line, `Glob pattern may only contain one wildcard (*), but has others: ${path}`);
  }
  return unfollowed(imports, `import ${pattern}`);
}
