import { Failure } from '../base/failure.ts';
import { sleep } from './deadline.ts';
import type { ClusterPort, Json } from './port.ts';
import { namespaceFor, type OurPods } from './probe-manifest.ts';

/** A fresh namespace has no service account for a moment, and no pod is admitted without it. */
const ACCOUNT_WAIT_MS = 3_000;

/** Creates a pod in a namespace of ours, and the namespace first where it is missing. Rejects with a Failure that says what to allow. */
export async function createPod(port: ClusterPort, where: OurPods, pod: Json): Promise<Json> {
  const path = `/api/v1/namespaces/${where.namespace}/pods`;
  try {
    return await port.create(path, pod);
  } catch (error) {
    if (!isMissingNamespace(error)) throw refusal(error, where);
  }
  await createNamespace(port, where);
  const end = Date.now() + ACCOUNT_WAIT_MS;
  for (;;) {
    try {
      return await port.create(path, pod);
    } catch (error) {
      if (!isMissingAccount(error) || Date.now() > end) throw refusal(error, where);
      await sleep(60, AbortSignal.timeout(1_000));
    }
  }
}

/** Creates a namespace of ours where it is missing. Rejects with a Failure. */
export async function ensureNamespace(port: ClusterPort, where: OurPods): Promise<void> {
  try {
    await port.get(`/api/v1/namespaces/${where.namespace}`);
  } catch (error) {
    // whoever may not read it may still find it there
    if (isMissingNamespace(error)) await createNamespace(port, where);
  }
}

/** How the namespace of such pods is made by somebody who may. */
const MADE_BY_HAND: Record<OurPods['kind'], string> = { probe: '', capture: ' (deploy/components/capture makes it)' };

async function createNamespace(port: ClusterPort, where: OurPods): Promise<void> {
  const { namespace, kind } = where;
  try {
    await port.create('/api/v1/namespaces', namespaceFor(where));
  } catch (error) {
    if (error instanceof Failure && / already exists/.test(error.message)) return;
    if (!(error instanceof Failure)) throw error;
    const message = `the namespace ${namespace} for ${kind} pods is not there and cannot be made${MADE_BY_HAND[kind]}: ${error.message}`;
    throw new Failure(error.reason, message, { allow: error.allow, cause: error });
  }
}

/** Says which of the many gates before a pod refused it. What is no Failure is given back as it is. */
export function refusal(error: unknown, where: OurPods): unknown {
  if (!(error instanceof Failure)) return error;
  const { reason, allow, status, message } = error;
  return new Failure(reason, `${gateOf(message, where)}: ${message}`, { allow, status, cause: error });
}

function gateOf(message: string, { namespace, kind }: OurPods): string {
  const pod = `the ${kind} pod`;
  if (/violates PodSecurity/.test(message)) {
    if (kind === 'capture')
      return `PodSecurity of namespace ${namespace} refuses ${pod} (label it pod-security.kubernetes.io/enforce=privileged to allow it)`;
    return /host namespaces/.test(message)
      ? `PodSecurity of namespace ${namespace} refuses a probe pod on the host's network (label it pod-security.kubernetes.io/enforce=privileged to allow it)`
      : `PodSecurity of namespace ${namespace} refuses ${pod}`;
  }
  if (/exceeded quota|failed quota/.test(message)) return `the quota of namespace ${namespace} does not allow ${pod}`;
  if (/because it is being terminated/.test(message)) return `the namespace ${namespace} is being deleted`;
  if (/denied the request/.test(message)) return `an admission webhook refuses ${pod}`;
  return `${pod} cannot be created`;
}

function isMissingNamespace(error: unknown): boolean {
  return error instanceof Failure && error.reason === 'missing';
}

function isMissingAccount(error: unknown): boolean {
  return error instanceof Failure && /service ?account/i.test(error.message) && /not found/.test(error.message);
}
