import { Failure } from '../base/failure.ts';
import type { ClusterSettings } from '../domain/settings.ts';
import { captureContainerPatch, capturePod, capturePodLines } from './capture-manifest.ts';
import type { CaptureTrial } from './capture-port.ts';
import type { ClusterPort } from './port.ts';
import { refusal } from './probe-create.ts';
import { namespaceFor, type OurPods } from './probe-manifest.ts';

const DRY_RUN = '?dryRun=All';
const PATCH = 'application/strategic-merge-patch+json';

/** Of a pod that is only tried. */
const TRIED = { id: '0'.repeat(32), deadlineSeconds: 60 };

/** Tries what a capture would write, as the API server's dry run: admission, quotas and PodSecurity are asked, nothing is kept. */
export function createCaptureTrial(port: ClusterPort, { probe, capture }: ClusterSettings): CaptureTrial {
  const where: OurPods = { namespace: capture.namespace, kind: 'capture' };
  return {
    onNode: async (node) => {
      try {
        await port.create(`/api/v1/namespaces/${where.namespace}/pods${DRY_RUN}`, capturePod(node, probe, TRIED));
        return { makesNamespace: false };
      } catch (error) {
        if (!(error instanceof Failure) || error.reason !== 'missing') throw refusal(error, where);
        await tryNamespace(port, where, error);
        return { makesNamespace: true };
      }
    },
    insidePod: async (namespace, pod) => {
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/ephemeralcontainers`;
      await port.patch(`${path}${DRY_RUN}`, captureContainerPatch('dns-medic-capture-trial', probe, TRIED), PATCH);
    },
    pod: (node, seconds) => capturePodLines(node, probe, seconds),
  };
}

/** Nobody says what a namespace that is not there would admit; one that we make would. */
async function tryNamespace(port: ClusterPort, where: OurPods, missing: Failure): Promise<void> {
  try {
    await port.create(`/api/v1/namespaces${DRY_RUN}`, namespaceFor(where));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const message = `the namespace ${where.namespace} for capture pods is not there and cannot be made (deploy/components/capture makes it)`;
    throw new Failure('missing', message, { allow: error.allow, cause: missing });
  }
}
