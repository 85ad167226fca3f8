import { Failure } from '../base/failure.ts';
import type { ProbeSettings } from '../domain/settings.ts';
import { sleep } from './deadline.ts';
import type { ClusterPort, Json } from './port.ts';
import { probeNamespace } from './probe-manifest.ts';

/** A fresh namespace has no service account for a moment, and no pod is admitted without it. */
const ACCOUNT_WAIT_MS = 3_000;

/** Creates a pod in the probe namespace, and the namespace first where it is missing. Rejects with a Failure that says what to allow. */
export async function createProbePod(port: ClusterPort, settings: ProbeSettings, pod: Json): Promise<Json> {
  const path = `/api/v1/namespaces/${settings.namespace}/pods`;
  try {
    return await port.create(path, pod);
  } catch (error) {
    if (!isMissingNamespace(error)) throw refusal(error, settings);
  }
  await createNamespace(port, settings.namespace);
  const end = Date.now() + ACCOUNT_WAIT_MS;
  for (;;) {
    try {
      return await port.create(path, pod);
    } catch (error) {
      if (!isMissingAccount(error) || Date.now() > end) throw refusal(error, settings);
      await sleep(60, AbortSignal.timeout(1_000));
    }
  }
}

/** Creates the probe namespace where it is missing. Rejects with a Failure. */
export async function ensureNamespace(port: ClusterPort, name: string): Promise<void> {
  try {
    await port.get(`/api/v1/namespaces/${name}`);
  } catch (error) {
    // whoever may not read it may still find it there
    if (isMissingNamespace(error)) await createNamespace(port, name);
  }
}

async function createNamespace(port: ClusterPort, name: string): Promise<void> {
  try {
    await port.create('/api/v1/namespaces', probeNamespace(name));
  } catch (error) {
    if (error instanceof Failure && / already exists/.test(error.message)) return;
    if (!(error instanceof Failure)) throw error;
    const message = `the namespace ${name} for probe pods is not there and cannot be made: ${error.message}`;
    throw new Failure(error.reason, message, { allow: error.allow, cause: error });
  }
}

/** Says which of the many gates before a pod refused it. */
function refusal(error: unknown, settings: ProbeSettings): unknown {
  if (!(error instanceof Failure)) return error;
  const gate = gateOf(error.message, settings.namespace);
  return new Failure(error.reason, `${gate}: ${error.message}`, { allow: error.allow, cause: error });
}

function gateOf(message: string, namespace: string): string {
  if (/violates PodSecurity/.test(message)) {
    return /host namespaces/.test(message)
      ? `PodSecurity of namespace ${namespace} refuses a probe pod on the host's network (label it pod-security.kubernetes.io/enforce=privileged to allow it)`
      : `PodSecurity of namespace ${namespace} refuses the probe pod`;
  }
  if (/exceeded quota|failed quota/.test(message)) return `the quota of namespace ${namespace} does not allow the probe pod`;
  if (/because it is being terminated/.test(message)) return `the namespace ${namespace} is being deleted`;
  if (/denied the request/.test(message)) return 'an admission webhook refuses the probe pod';
  return 'the probe pod cannot be created';
}

function isMissingNamespace(error: unknown): boolean {
  return error instanceof Failure && error.reason === 'missing';
}

function isMissingAccount(error: unknown): boolean {
  return error instanceof Failure && /service ?account/i.test(error.message) && /not found/.test(error.message);
}
