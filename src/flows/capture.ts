import { captureReport } from '../packets/capture-report.ts';
import { PointAnalysis, type PointResult, probeMarker } from '../packets/point/analysis.ts';
import { CaptureReader } from '../packets/read/capture-reader.ts';
import { redactCapture } from '../packets/redact.ts';
import type { OpenAnalysis } from '../remedies/capture/analysis.ts';

/** What pods ask for is their people's business: `redacted` unless somebody with the right to see it asks for `shown`. */
export type Names = 'redacted' | 'shown';

/** Analyses captures while they are read. */
export const analysisWith =
  (names: Names): OpenAnalysis =>
  ({ clusterIps, upstreams, endpoints, ports, places, zone }) => {
    const results: PointResult[] = [];
    return {
      file: (point, { until, dropped }) => {
        const analysis = new PointAnalysis(point, { marker: probeMarker, clusterIps, upstreams, until, dropped });
        const reader = new CaptureReader((seen) => analysis.take(seen), { ports });
        return { push: (chunk) => reader.push(chunk), end: () => void results.push(analysis.end(reader.end())) };
      },
      report: (told) => {
        const report = captureReport(results, { clusterIps, upstreams, endpoints, places, told });
        return names === 'shown' ? report : redactCapture(report, { marker: probeMarker, zones: [zone] });
      },
    };
  };
