/** An import or re-export: what it names, and whether it is gone once the types are off. */
export interface Import {
  specifier: string;
  typeOnly: boolean;
}

/** `import x from`, `import {` over several lines, `import 'x'`, `export * from`: from the start of a line, so that prose in comments is not taken for one. */
const STATEMENT = /^[ \t]*(?:import|export)\s+(type\s+(?!from\s))?(?:[\w*{][^'"`;=()]*?\sfrom\s+)?['"]([^'"\n]+)['"]/gm;
const CALL = /\b(?:import|require)\(\s*['"`]([^'"`\n]+)['"`]/g;

/** The imports that a TypeScript source names. `import { type T }` counts as a runtime import: the file is loaded all the same. */
export function importsOf(source: string): Import[] {
  const statements = [...source.matchAll(STATEMENT)].map(([, type, specifier = '']) => ({ specifier, typeOnly: type !== undefined }));
  const calls = [...source.matchAll(CALL)].map(([, specifier = '']) => ({ specifier, typeOnly: false }));
  return [...statements, ...calls];
}
