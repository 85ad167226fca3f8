import type { ProbeSettings } from '../domain/settings.ts';
import type { Json } from './port.ts';
import { idleCommand, ownPod, type ProbeRun } from './probe-manifest.ts';

export const CAPTURE_CONTAINER = 'capture';
/** Where a privileged pod keeps files: an empty directory of its own, bounded. */
export const CAPTURE_DIRECTORY = '/capture';

/** Of files at six points, 32 MiB each, and what tcpdump and dig say. */
const FILES = '256Mi';

/**
 * A pod that may enter the network of every process of its node. It is bound to the node: no scheduler in between. It has no token, keeps its files
 * in an empty directory that goes with it, and ends by itself.
 */
export const capturePod = (node: string, settings: ProbeSettings, run: ProbeRun): Json =>
  ownPod({ kind: 'capture', role: 'capture', node }, settings, run, {
    hostPID: true,
    // its resolv.conf is then the one that CoreDNS gets on this node: it names the upstream
    dnsPolicy: 'Default',
    containers: [
      {
        name: CAPTURE_CONTAINER,
        image: settings.image,
        imagePullPolicy: 'IfNotPresent',
        command: idleCommand(run.deadlineSeconds),
        securityContext: { privileged: true, runAsUser: 0, runAsGroup: 0 },
        resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { cpu: '1', memory: '256Mi' } },
        volumeMounts: [{ name: 'files', mountPath: CAPTURE_DIRECTORY }],
      },
    ],
    volumes: [{ name: 'files', emptyDir: { sizeLimit: FILES } }],
  });

/** What of it people should see before they approve it. */
export const capturePodLines = (node: string, settings: ProbeSettings, seconds: number): string[] => [
  `nodeName: ${node}`,
  `image: ${settings.image}`,
  'hostPID: true',
  'privileged: true',
  `activeDeadlineSeconds: ${seconds}`,
  'automountServiceAccountToken: false',
  `emptyDir: ${FILES}`,
];

/** A strategic merge patch for `pods/ephemeralcontainers`: root with the two capabilities that tcpdump needs, as `kubectl debug --profile=netadmin`. */
export function captureContainerPatch(name: string, settings: ProbeSettings, run: ProbeRun): Json {
  const container = { name, image: settings.image, imagePullPolicy: 'IfNotPresent', command: idleCommand(run.deadlineSeconds) };
  const securityContext = { runAsUser: 0, runAsNonRoot: false, capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } };
  return { spec: { ephemeralContainers: [{ ...container, securityContext }] } };
}
