import { Failure } from '../../base/failure.ts';
import type { CapturePlace } from '../../cluster/capture-port.ts';
import type { CapturePoint } from '../../domain/capture.ts';
import type { ActContext, Capturing, FileSink } from '../remedy.ts';
import type { CaptureAnalysis } from './analysis.ts';
import { told } from './begin.ts';
import { endScript, type Statistics, statisticsOf } from './end-script.ts';
import type { Left } from './places.ts';
import { byPlace, type ScenePoint } from './scene.ts';

/** A capture that has ended. `until`: by the clock of its node, in milliseconds. */
export interface Ended extends Statistics {
  of: ScenePoint;
  until: number | null;
}

const READ_MS = 120_000;
const MIB = 1 << 20;

async function endAt(context: ActContext, [place, own]: [CapturePlace, ScenePoint[]]): Promise<{ ended: Ended[]; failed: Left[] }> {
  const ids = own.map(({ point }) => point.id);
  const said = await told(context, place, endScript(place.directory, ids));
  if (said instanceof Failure) return { ended: [], failed: own.map(({ point }) => ({ label: point.label, why: said.message })) };
  const clock = Number(said.find(({ word }) => word === 'clock')?.text);
  const until = Number.isSafeInteger(clock) && clock > 0 ? clock * 1_000 : null;
  const ends = own.map((of) => ({
    of,
    statistics: statisticsOf(said.find(({ point, word }) => point === of.point.id && word === 'ended')?.text ?? ''),
  }));
  return {
    ended: ends.flatMap(({ of, statistics }) => (statistics === null ? [] : [{ of, until, ...statistics }])),
    failed: ends.flatMap(({ of, statistics }) =>
      statistics === null ? [{ label: of.point.label, why: 'its capture is gone: was the capture pod restarted?' }] : [],
    ),
  };
}

/** Ends all captures. */
export async function endAll(context: ActContext, points: readonly ScenePoint[]): Promise<{ ended: Ended[]; failed: Left[] }> {
  const ends = await Promise.all(byPlace(points).map((one) => endAt(context, one)));
  return { ended: ends.flatMap(({ ended }) => ended), failed: ends.flatMap(({ failed }) => failed) };
}

const capturePoint = ({ id, role, label, node, addresses }: ScenePoint['point']): CapturePoint => ({
  ...{ id, role, label, node, addresses: [...addresses] },
  known: 'told',
});

/** `s1-kube-system_coredns-7c.pcap`: safe as the name of a file, whatever the label. */
const fileName = ({ id, label }: ScenePoint['point']): string => `${id}-${label.replaceAll(/[^A-Za-z0-9.-]+/g, '_').slice(0, 100)}.pcap`;

/** Reads a file once into the analysis, and where it is to be kept into a file. Rejects with a Failure where it did not come whole. */
async function readOnce(
  context: ActContext,
  { of: { point, place }, bytes, until, dropped }: Ended,
  analysis: CaptureAnalysis,
  keep: Capturing['keepFile'],
) {
  const file = analysis.file(capturePoint(point), { until, dropped });
  const sink: FileSink | undefined = keep?.(fileName(point));
  let isWhole = false;
  try {
    const onChunk = (chunk: Uint8Array): void => {
      file.push(chunk);
      sink?.write(chunk);
    };
    await place.read(`${place.directory}/${point.id}/pcap`, onChunk, { bytes, timeoutMs: READ_MS, signal: context.signal });
    file.end();
    isWhole = true;
  } finally {
    sink?.close(isWhole);
  }
}

/** Reads the captures, one after the other, so that memory holds what one needs. A file that does not come whole is read once more. */
export async function readAll(
  context: ActContext,
  { keepFile }: Capturing,
  ended: readonly Ended[],
  analysis: CaptureAnalysis,
): Promise<Left[]> {
  const failed: Left[] = [];
  for (const one of ended) {
    const attempt = (): Promise<Failure | null> =>
      readOnce(context, one, analysis, keepFile).then(
        () => null,
        (error: unknown) => {
          if (error instanceof Failure && !context.signal.aborted) return error;
          throw error;
        },
      );
    const failure = (await attempt()) && (await attempt());
    if (failure !== null) failed.push({ label: one.of.point.label, why: failure.message });
  }
  return failed;
}

/** How much was captured, for people. */
export const amount = (ended: readonly Ended[]): string =>
  `${(ended.reduce((sum, { bytes }) => sum + bytes, 0) / MIB).toFixed(1)} MiB from ${ended.length} ${ended.length === 1 ? 'point' : 'points'}`;
