import type { Corefile, CorednsWorkload, Directive } from '../domain/coredns.ts';
import { compareVersions } from '../rules/image.ts';

/** Something that a component must be allowed to do, in all namespaces. */
export interface Need {
  group: string;
  resource: string;
  verb: string;
}

const discovery = 'discovery.k8s.io';

/** kube-proxy's: Services, EndpointSlices and its Node (ClusterRole system:node-proxier). */
export const kubeProxyNeeds: readonly Need[] = [
  ...watched('', 'services'),
  ...watched(discovery, 'endpointslices'),
  ...watched('', 'nodes'),
  need('', 'nodes', 'get'),
];

/**
 * What CoreDNS needs by its version and Corefile; null when it does not use the pod's service account, or has no `kubernetes` plugin. EndpointSlices are
 * read from 1.8.3 on, Endpoints before; pods only with `pods verified` or `autopath @kubernetes`. An unknown version is taken for a new one.
 */
export function corednsNeeds(workload: Pick<CorednsWorkload, 'version'>, corefile: Pick<Corefile, 'servers'> | null): Need[] | null {
  const directives = corefile?.servers.flatMap((server) => server.directives) ?? null;
  const plugins = directives?.filter(({ name }) => name === 'kubernetes') ?? null;
  if (plugins !== null && (plugins.length === 0 || plugins.some((plugin) => has(plugin, 'kubeconfig') || has(plugin, 'endpoint'))))
    return null;
  const endpoints = readsSlices(workload.version) ? watched(discovery, 'endpointslices') : watched('', 'endpoints');
  return [
    ...watched('', 'services'),
    ...watched('', 'namespaces'),
    ...(plugins !== null && plugins.every((plugin) => has(plugin, 'noendpoints')) ? [] : endpoints),
    ...(directives !== null && readsPods(directives) ? watched('', 'pods') : []),
  ];
}

function readsPods(directives: readonly Directive[]): boolean {
  return directives.some(
    ({ name, args, options }) =>
      (name === 'autopath' && args.includes('@kubernetes')) ||
      (name === 'kubernetes' && options.some((option) => option.name === 'pods' && option.args[0] === 'verified')),
  );
}

function has({ options }: Directive, name: string): boolean {
  return options.some((option) => option.name === name);
}

function readsSlices(version: string | null): boolean {
  return version === null || compareVersions(version, '1.8.3') >= 0;
}

function watched(group: string, resource: string): Need[] {
  return [need(group, resource, 'list'), need(group, resource, 'watch')];
}

function need(group: string, resource: string, verb: string): Need {
  return { group, resource, verb };
}
