import type { CorednsWorkload, LabelSelector } from '../domain/coredns.ts';
import { imageVersion } from '../rules/image.ts';
import { cpuMillis, memoryBytes } from '../rules/quantity.ts';
import type { Collector } from './collector.ts';
import { corefileMount } from './corefile-mount.ts';
import { type Autoscalers, autoscalerOf, readAutoscalers } from './coredns-autoscaler.ts';
import { type FoundWorkload, findCoredns } from './find-coredns.ts';
import { managedBy } from './managed-by.ts';
import { arr, at, num, obj, str, strMap, strings } from './pick.ts';
import { mainContainer } from './system-pod.ts';

type Ports = CorednsWorkload['containerPorts'];

/** The workload that runs CoreDNS, with what its manifest says. */
export const corednsWorkload: Collector<'coredns-workload'> = {
  id: 'coredns-workload',
  title: 'Looking for CoreDNS',
  after: [],
  needs: [
    { group: 'apps', resource: 'deployments', verb: 'list', scope: 'dns' },
    { group: 'apps', resource: 'deployments', verb: 'get', scope: 'dns' },
    { group: 'apps', resource: 'daemonsets', verb: 'list', scope: 'dns' },
    { group: 'apps', resource: 'statefulsets', verb: 'list', scope: 'dns' },
    { group: 'autoscaling', resource: 'horizontalpodautoscalers', verb: 'list', scope: 'dns' },
    { group: '', resource: 'services', verb: 'get', scope: 'dns' },
    { group: '', resource: 'services', verb: 'list', scope: 'dns' },
  ],
  timeoutMs: 8000,
  async collect({ port, settings, signal }) {
    // asked at the same time: they are in CoreDNS' own namespace, whatever its name is
    const scalers = readAutoscalers(port, settings.dns.namespace, signal);
    return corednsWorkloadOf(await findCoredns(port, settings.dns, signal), await scalers);
  },
};

/** What the manifest and status of a found workload say. */
export function corednsWorkloadOf({ kind, json, foundBy }: FoundWorkload, scalers: Autoscalers): CorednsWorkload {
  const name = str(json, 'metadata.name') ?? '';
  const spec = obj(json, 'spec.template.spec');
  const container = mainContainer(spec, 'coredns');
  const { configMap, key } = corefileMount(spec, container);
  return {
    kind,
    namespace: str(json, 'metadata.namespace') ?? '',
    name,
    foundBy,
    ...counts(kind, json),
    createdAt: str(json, 'metadata.creationTimestamp') ?? '',
    labels: strMap(json, 'metadata.labels'),
    selector: selectorOf(json),
    podLabels: strMap(json, 'spec.template.metadata.labels'),
    ...containerFacts(container),
    serviceAccount: str(spec, 'serviceAccountName') ?? 'default',
    terminationGraceSeconds: num(spec, 'terminationGracePeriodSeconds') ?? 30,
    configMap,
    corefileKey: key,
    nodeSelector: strMap(spec, 'nodeSelector'),
    autoscaler: autoscalerOf(scalers, kind, name),
    managedBy: managedBy(json),
    condition: conditionOf(json),
  };
}

function counts(kind: CorednsWorkload['kind'], json: unknown): Pick<CorednsWorkload, 'desired' | 'ready' | 'updated'> {
  if (kind === 'DaemonSet')
    return {
      desired: num(json, 'status.desiredNumberScheduled') ?? 0,
      ready: num(json, 'status.numberReady') ?? 0,
      updated: num(json, 'status.updatedNumberScheduled') ?? 0,
    };
  return {
    desired: num(json, 'spec.replicas') ?? 1,
    ready: num(json, 'status.readyReplicas') ?? 0,
    updated: num(json, 'status.updatedReplicas') ?? 0,
  };
}

type ContainerFacts = Pick<
  CorednsWorkload,
  'image' | 'version' | 'containerPorts' | 'readiness' | 'liveness' | 'cpuLimitMillis' | 'memoryLimitBytes'
>;

function containerFacts(container: unknown): ContainerFacts {
  const image = str(container, 'image') ?? '';
  const containerPorts = arr(container, 'ports').flatMap(portOf);
  const cpu = str(container, 'resources.limits.cpu');
  const memory = str(container, 'resources.limits.memory');
  return {
    image,
    version: imageVersion(image),
    containerPorts,
    readiness: probeOf(obj(container, 'readinessProbe.httpGet'), containerPorts),
    liveness: probeOf(obj(container, 'livenessProbe.httpGet'), containerPorts),
    cpuLimitMillis: cpu === null ? null : cpuMillis(cpu),
    memoryLimitBytes: memory === null ? null : memoryBytes(memory),
  };
}

function portOf(json: unknown): Ports {
  const port = num(json, 'containerPort');
  const protocol = (['UDP', 'SCTP'] as const).find((one) => one === str(json, 'protocol')) ?? 'TCP';
  return port === null ? [] : [{ name: str(json, 'name'), port, protocol }];
}

/** A probe may name its port. */
function probeOf(http: unknown, ports: Ports): CorednsWorkload['readiness'] {
  const port = num(http, 'port') ?? ports.find(({ name }) => name !== null && name === str(http, 'port'))?.port;
  return port === undefined ? null : { path: str(http, 'path') ?? '/', port };
}

function selectorOf(json: unknown): LabelSelector {
  const expressions = arr(json, 'spec.selector.matchExpressions').map((one) => ({
    key: str(one, 'key') ?? '',
    operator: str(one, 'operator') ?? '',
    values: strings(one, 'values'),
  }));
  const matchLabels = strMap(json, 'spec.selector.matchLabels');
  return { matchLabels, ...(expressions.length === 0 ? {} : { matchExpressions: expressions }) };
}

/** What the controller says is wrong with it, the cause before its effect. */
function conditionOf(json: unknown): CorednsWorkload['condition'] {
  const bad = [
    ['ReplicaFailure', 'True'],
    ['Progressing', 'False'],
    ['Available', 'False'],
  ] as const;
  const conditions = arr(json, 'status.conditions');
  for (const [type, status] of bad) {
    const found = conditions.find((one) => str(one, 'type') === type && at(one, 'status') === status);
    if (found !== undefined) return { type, reason: str(found, 'reason') ?? '', message: (str(found, 'message') ?? '').slice(0, 500) };
  }
  return null;
}
