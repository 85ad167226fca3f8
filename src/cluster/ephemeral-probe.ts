import { randomBytes } from 'node:crypto';
import type { ProbeSettings } from '../domain/settings.ts';
import { sleep } from './deadline.ts';
import type { ClusterPort, Json } from './port.ts';
import { ephemeralPatch, type ProbeRun } from './probe-manifest.ts';
import type { ProbePlace } from './probe-script.ts';
import { ephemeralProgress } from './probe-state.ts';
import { untilRunning } from './probe-wait.ts';

/** A kubelet takes some two seconds to start one. */
const LOOK_MS = 200;
const PREFIX = 'dns-medic-';
/** A container of an earlier run is used again only if it has at least so long to live. */
const LEFT_SECONDS = 60;

/**
 * Adds an ephemeral container with the probe image to a pod, or takes one of an earlier run that still sleeps: they cannot be removed, so they
 * should not pile up. It has a process namespace of its own and ends by itself. Rejects with a Failure.
 */
export async function ephemeralProbe(
  port: ClusterPort,
  settings: ProbeSettings,
  run: ProbeRun,
  target: { namespace: string; pod: string },
  signal: AbortSignal,
): Promise<ProbePlace> {
  const path = `/api/v1/namespaces/${encodeURIComponent(target.namespace)}/pods/${encodeURIComponent(target.pod)}`;
  const before = await port.get(path, {}, { signal });
  const place = { ...target, node: String(before['spec']?.['nodeName'] ?? '') };
  const sleeping = stillSleeping(before, settings.image, Date.now());
  if (sleeping !== null) return { ...place, container: sleeping };
  const container = `${PREFIX}${randomBytes(4).toString('hex')}`;
  await port.patch(`${path}/ephemeralcontainers`, ephemeralPatch(container, settings, run), 'application/strategic-merge-patch+json', {
    signal,
  });
  const look = async () => {
    await sleep(LOOK_MS, signal);
    return ephemeralProgress(await port.get(path, {}, { signal }), container, settings.image);
  };
  await untilRunning({ port, ...place, look });
  return { ...place, container };
}

/** The name of a container of ours that runs and will for a while, else null. */
export function stillSleeping(pod: Json, image: string, now: number): string | null {
  const statuses: unknown = pod['status']?.['ephemeralContainerStatuses'];
  const specs: unknown = pod['spec']?.['ephemeralContainers'];
  if (!Array.isArray(statuses) || !Array.isArray(specs)) return null;
  const ours = (specs as Json[]).filter((one) => one?.['image'] === image && String(one['name']).startsWith(PREFIX));
  const fit = ours.find((spec) => {
    const status = (statuses as Json[]).find((one) => one?.['name'] === spec['name']);
    const since = Date.parse(String(status?.['state']?.['running']?.['startedAt']));
    const seconds = Number(/sleep (\d{1,9})/.exec(String(spec['command']?.[2]))?.[1] ?? 0);
    return since + (seconds - LEFT_SECONDS) * 1000 > now;
  });
  return fit === undefined ? null : String(fit['name']);
}
