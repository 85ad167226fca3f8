import { dirname } from 'node:path';
import type { Policy } from '../domain/access.ts';
import { ClusterSettings } from '../domain/settings.ts';
import { absolute, findConfig, homeOf, type Surroundings } from './find.ts';
import { readConfig } from './read.ts';
import type { ClusterEntry, ConfigFile } from './settings.ts';

/** How to reach a cluster. In a kubeconfig, null is the usual: the file by the rules of `KUBECONFIG`, its current context. */
export type Access = { kind: 'kubeconfig'; file: string | null; context: string | null } | { kind: 'inCluster' };

/** A cluster to work on. */
export interface Target {
  name: string;
  access: Access;
  settings: ClusterSettings;
  /** What the file says of it, whatever it says of people; left out: nothing. */
  environment?: string;
  /** Nothing may be changed there. */
  readOnly?: boolean;
}

/** All that was configured. */
export interface Config {
  /** The file it came from, for messages; null when there is none. */
  file: string | null;
  clusters: readonly Target[];
  /** For a cluster that the file does not name. */
  defaults: ClusterSettings;
  /** Who may do what in Slack; null: nothing is said of it, and then nobody may do anything. */
  policy: Policy | null;
}

/** What holds where nothing is configured. */
export const DEFAULTS: ClusterSettings = {
  dns: { namespace: 'kube-system', service: null, selector: null },
  probe: {
    namespace: 'dns-medic',
    image: 'docker.io/nicolaka/netshoot:v0.14',
    pullSecret: null,
    tolerations: [{ operator: 'Exists' }],
    labels: {},
  },
  capture: { namespace: 'dns-medic-capture' },
  names: ['amazon.com'],
};

/** Key by key; a list or a map of labels replaces the inherited one whole. */
function inherit(base: ClusterSettings, own: Pick<ConfigFile, 'dns' | 'probe' | 'capture' | 'names'>): ClusterSettings {
  return ClusterSettings.parse({
    dns: { ...base.dns, ...own.dns },
    probe: { ...base.probe, ...own.probe },
    capture: { ...base.capture, ...own.capture },
    names: own.names ?? base.names,
  });
}

/** A cluster with neither a kubeconfig nor a context is the context of its own name: the current one could be any cluster. */
function accessOf(name: string, entry: ClusterEntry, expand: (path: string) => string): Access {
  if (entry.inCluster) return { kind: 'inCluster' };
  if (entry.kubeconfig === undefined) return { kind: 'kubeconfig', file: null, context: entry.context ?? name };
  return { kind: 'kubeconfig', file: expand(entry.kubeconfig), context: entry.context ?? null };
}

/** What the file says of each cluster belongs to the policy too. */
function policyOf({ policy, clusters = {} }: ConfigFile): Policy | null {
  if (policy === undefined) return null;
  const entries = Object.entries(clusters);
  return {
    ...policy,
    environments: Object.fromEntries(
      entries.flatMap(([name, { environment }]) => (environment === undefined ? [] : [[name, environment]])),
    ),
    readOnly: entries.filter(([, { readOnly }]) => readOnly === true).map(([name]) => name),
  };
}

/**
 * Reads the settings once (see `findConfig` for where). Paths in a file are relative to it. Throws a UsageError that names the file, the key,
 * the value and what is allowed.
 */
export function loadConfig({ file, ...surroundings }: { file?: string | undefined } & Surroundings): Config {
  const found = findConfig(file, surroundings);
  if (found === null) return { file: null, clusters: [], defaults: DEFAULTS, policy: null };
  const content = readConfig(found.shown, found.source);
  const defaults = inherit(DEFAULTS, content);
  const expand = (path: string): string => absolute(path, dirname(found.path), homeOf(surroundings.env));
  const clusters = Object.entries(content.clusters ?? {}).map(([name, entry]) => ({
    name,
    access: accessOf(name, entry, expand),
    settings: inherit(defaults, entry),
    ...(entry.environment === undefined ? {} : { environment: entry.environment }),
    ...(entry.readOnly === true ? { readOnly: true } : {}),
  }));
  return { file: found.shown, clusters, defaults, policy: policyOf(content) };
}
