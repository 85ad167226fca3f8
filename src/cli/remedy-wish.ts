import { InvalidArgumentError } from 'commander';
import { UsageError } from '../base/failure.ts';
import type { RemedyWish } from '../domain/plan.ts';
import type { AnyRemedy } from '../remedies/remedy.ts';
import { remedies } from '../remedies/registry.ts';
import { meant } from './explain.ts';

/** What was typed after `--param`: `replicas=3`. */
export function param(value: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [, key, text] = /^([A-Za-z][A-Za-z0-9]*)=(.*)$/s.exec(value) ?? [];
  if (key === undefined || text === undefined) throw new InvalidArgumentError('expected KEY=VALUE, as in replicas=3');
  if (Object.hasOwn(before, key)) throw new InvalidArgumentError(`${key} is given twice`);
  return { ...before, [key]: text };
}

const shown = (text: string): string => JSON.stringify(text.slice(0, 80));

/** The remedy that is meant. Throws a UsageError. */
export function knownRemedy(id: string, all: readonly AnyRemedy[] = remedies): AnyRemedy {
  const known = all.find((one) => one.id === id.toLowerCase());
  if (known !== undefined) return known;
  const near = meant(
    id,
    all.map((one) => one.id),
  );
  throw new UsageError(
    `there is no remedy ${shown(id)}: ${near.length === 0 ? 'dns-medic remedies lists them' : `did you mean ${near.join(', ')}?`}`,
  );
}

function whatItTakes({ id, paramHelp }: AnyRemedy): string {
  const known = Object.entries(paramHelp).map(([key, help]) => `\n  ${key}: ${help}`);
  return known.length === 0 ? `${id} takes no parameters` : `${id} takes:${known.join('')}`;
}

/**
 * The remedy with what was typed for it, looked at before anything is asked of a cluster. Null: nothing was typed, and it needs something, which
 * what a check finds may say. Throws a UsageError.
 */
export function wishFor(remedy: AnyRemedy, params: Readonly<Record<string, string>>): RemedyWish | null {
  const unknown = Object.keys(params).find((key) => !Object.hasOwn(remedy.paramHelp, key));
  if (unknown !== undefined) throw new UsageError(`--param: ${shown(unknown)} is none of its parameters: ${whatItTakes(remedy)}`);
  const parsed = remedy.params.safeParse(params);
  if (parsed.success) return { id: remedy.id, params };
  if (Object.keys(params).length === 0) return null;
  const { path, message } = parsed.error.issues[0] ?? { path: [], message: 'wrong' };
  throw new UsageError(`--param ${path.map(String).join('.')}: ${message}: ${whatItTakes(remedy)}`);
}

/** What a person must say for a remedy that no finding named, in a sentence. */
export const unsaid = (remedy: AnyRemedy): string =>
  `no finding says what to do with ${remedy.id}: say it with --param; ${whatItTakes(remedy)}`;
