import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { type Document, parseDocument } from 'yaml';
import { UsageError } from '../base/failure.ts';
import { codeOf, messageOf } from './error-words.ts';
import type { Json } from './port.ts';
import { oneLine } from './redact.ts';

export type Environment = Record<string, string | undefined>;
export type NewKubeConfig = new () => KubeConfig;

/** A kubeconfig as merged from its files. `users` are the entries as written, for what client-node leaves out. */
export interface MergedKubeConfig {
  kc: KubeConfig;
  files: string[];
  users: Map<string, Json>;
}

/** Reads the named file, else those of KUBECONFIG, else `~/.kube/config`, and merges them as kubectl does: the first to say something wins. */
export async function readKubeConfig(KubeConfig: NewKubeConfig, file: string | null, environment: Environment): Promise<MergedKubeConfig> {
  const named = file !== null;
  const files = named ? [file] : defaultFiles(environment);
  const texts = await Promise.all(files.map(async (path) => ({ path, text: await readIfThere(path) })));
  const there = texts.filter((one): one is { path: string; text: string } => one.text !== null);
  if (there.length === 0) throw noFile(files, named, environment);
  return merge(
    KubeConfig,
    there.map(({ path, text }) => parseFile(KubeConfig, path, text)),
  );
}

type ParsedFile = { path: string; kc: KubeConfig; users: Json[] };

/** kubectl skips files of KUBECONFIG that are not there, and takes each entry and the current context from the first file that has it. */
function merge(KubeConfig: NewKubeConfig, files: ParsedFile[]): MergedKubeConfig {
  const kc = new KubeConfig();
  kc.loadFromOptions({
    clusters: firstOfEachName(files.flatMap((file) => file.kc.getClusters())),
    users: firstOfEachName(files.flatMap((file) => file.kc.getUsers())),
    contexts: firstOfEachName(files.flatMap((file) => file.kc.getContexts())),
    currentContext: files.map((file) => file.kc.getCurrentContext()).find(Boolean),
  });
  const users = firstOfEachName(files.flatMap((file) => file.users as (Json & { name: string })[]));
  return { kc, files: files.map((file) => file.path), users: new Map(users.map((user) => [user.name, user])) };
}

function firstOfEachName<T extends { name: string }>(entries: T[]): T[] {
  const byName = new Map<string, T>();
  for (const entry of entries) if (!byName.has(entry.name)) byName.set(entry.name, entry);
  return [...byName.values()];
}

function parseFile(KubeConfig: NewKubeConfig, path: string, text: string): ParsedFile {
  const parsed = parseYaml(path, text);
  const kc = new KubeConfig();
  try {
    // JSON is YAML: client-node reads what was parsed and checked here, with no second opinion on the text.
    kc.loadFromString(JSON.stringify(parsed));
  } catch (error) {
    throw new UsageError(`${path} is not a kubeconfig: ${oneLine(messageOf(error))}`);
  }
  kc.makePathsAbsolute(dirname(resolve(path)));
  const users = Array.isArray(parsed['users']) ? (parsed['users'] as Json[]) : [];
  return { path, kc, users: users.map((user) => ({ ...user, directory: dirname(resolve(path)) })) };
}

function parseYaml(path: string, text: string): Json {
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error) throw new UsageError(`${path} is not a kubeconfig: YAML error: ${oneLine(error.message.split('\n', 1)[0] ?? '')}`);
  const parsed = plainValue(path, document);
  if (parsed === null) return {};
  if (typeof parsed !== 'object' || Array.isArray(parsed)) throw new UsageError(`${path} is not a kubeconfig: it is not a YAML mapping`);
  const { kind } = parsed as Json;
  if (kind !== undefined && kind !== 'Config')
    throw new UsageError(`${path} is not a kubeconfig: its kind is ${oneLine(JSON.stringify(kind), 60)}, not "Config"`);
  return parsed;
}

function plainValue(path: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new UsageError(`${path} is not a kubeconfig: ${oneLine(messageOf(error))}`);
  }
}

function defaultFiles(environment: Environment): string[] {
  const listed = (environment['KUBECONFIG'] ?? '').split(delimiter).filter(Boolean);
  return listed.length > 0 ? listed : [join(environment['HOME'] ?? homedir(), '.kube', 'config')];
}

function noFile(files: string[], named: boolean, environment: Environment): UsageError {
  if (named) return new UsageError(`the kubeconfig ${files[0]} is not there`);
  if (environment['KUBECONFIG'])
    return new UsageError(`KUBECONFIG names ${files.join(', ')}, which ${files.length > 1 ? 'are' : 'is'} not there`);
  return new UsageError(`no cluster is configured: KUBECONFIG is not set and ${files[0]} is not there`);
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return null;
    throw new UsageError(`the kubeconfig ${path} cannot be read: ${code === 'EISDIR' ? 'it is a directory' : oneLine(messageOf(error))}`);
  }
}
