import type { ProbeSettings } from '../domain/settings.ts';
import type { Json } from './port.ts';
import type { ProbeSpec } from './probe-port.ts';

/** The run that probe pods belong to. `id` must be a label value; after `deadlineSeconds` the cluster ends them itself. */
export interface ProbeRun {
  id: string;
  deadlineSeconds: number;
}

export const MANAGED_BY = 'app.kubernetes.io/managed-by';
export const MANAGER = 'dns-medic';
export const RUN_LABEL = 'dns-medic/run';
export const ROLE_LABEL = 'dns-medic/role';
export const PROBE_CONTAINER = 'probe';

/** Meets PodSecurity `restricted`; dig and the rest of netshoot's lookup tools work so (seen), ping and tcpdump do not. */
const SECURITY = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  runAsUser: 65534,
  runAsGroup: 65534,
  seccompProfile: { type: 'RuntimeDefault' },
};

/** Sleeps in the background: a shell that waits for it hears TERM at once, PID 1 that is `sleep` would not. */
export function idleCommand(seconds: number): string[] {
  return ['sh', '-c', `trap 'exit 0' TERM INT; sleep ${Math.max(1, Math.ceil(seconds))} & wait`];
}

/** What tells pods of ours apart. `kind`: the beginning of their names. */
interface OwnPod {
  kind: OurPods['kind'];
  role: string;
  node: string;
}

/** What all pods of ours are: bound to their node, so that no scheduler keeps them from a cordoned one; without a token; ended by the cluster itself. */
export function ownPod({ kind, role, node }: OwnPod, settings: ProbeSettings, run: ProbeRun, spec: Json): Json {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `dns-medic-${kind}-`,
      labels: { ...settings.labels, [MANAGED_BY]: MANAGER, [RUN_LABEL]: run.id, [ROLE_LABEL]: role },
    },
    spec: {
      nodeName: node,
      restartPolicy: 'Never',
      activeDeadlineSeconds: run.deadlineSeconds,
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      tolerations: settings.tolerations,
      ...(settings.pullSecret === null ? {} : { imagePullSecrets: [{ name: settings.pullSecret }] }),
      ...spec,
    },
  };
}

/** The probe pod. */
export const probePod = ({ role, node, ...spec }: ProbeSpec, settings: ProbeSettings, run: ProbeRun): Json =>
  ownPod({ kind: 'probe', role, node }, settings, run, {
    dnsPolicy: spec.dnsPolicy,
    ...(spec.dnsConfig === undefined ? {} : { dnsConfig: spec.dnsConfig }),
    ...(spec.hostNetwork ? { hostNetwork: true } : {}),
    containers: [probeContainer(settings, run)],
    volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '16Mi' } }],
  });

function probeContainer(settings: ProbeSettings, run: ProbeRun): Json {
  return {
    name: PROBE_CONTAINER,
    image: settings.image,
    imagePullPolicy: 'IfNotPresent',
    command: idleCommand(run.deadlineSeconds),
    securityContext: { ...SECURITY, readOnlyRootFilesystem: true },
    // With less memory, lookups that run side by side thrash and look like loss.
    resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { cpu: '1', memory: '256Mi' } },
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
  };
}

/** A namespace for pods of ours: those that ask, or those that capture packets. */
export interface OurPods {
  namespace: string;
  kind: 'probe' | 'capture';
}

const ENFORCED: Record<OurPods['kind'], string> = { probe: 'baseline', capture: 'privileged' };

/** A namespace of ours, as it is made where it is missing. */
export function namespaceFor({ namespace, kind }: OurPods): Json {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels: { [MANAGED_BY]: MANAGER, 'pod-security.kubernetes.io/enforce': ENFORCED[kind] } },
  };
}

/** A strategic merge patch for `pods/ephemeralcontainers`. Such a container takes no resources and no volumes of its own, and stays in the pod's spec. */
export function ephemeralPatch(name: string, settings: ProbeSettings, run: ProbeRun): Json {
  const container = { name, image: settings.image, imagePullPolicy: 'IfNotPresent', command: idleCommand(run.deadlineSeconds) };
  return { spec: { ephemeralContainers: [{ ...container, securityContext: SECURITY }] } };
}
