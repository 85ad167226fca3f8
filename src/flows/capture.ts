import { captureReport } from '../packets/capture-report.ts';
import { PointAnalysis, type PointResult, probeMarker } from '../packets/point/analysis.ts';
import { CaptureReader } from '../packets/read/capture-reader.ts';
import type { OpenAnalysis } from '../remedies/capture/analysis.ts';

/** Analyses captures while they are read. */
export const openAnalysis: OpenAnalysis = ({ clusterIps, upstreams, endpoints, ports, places }) => {
  const results: PointResult[] = [];
  return {
    file: (point, { until, dropped }) => {
      const analysis = new PointAnalysis(point, { marker: probeMarker, clusterIps, upstreams, until, dropped });
      const reader = new CaptureReader((seen) => analysis.take(seen), { ports });
      return { push: (chunk) => reader.push(chunk), end: () => void results.push(analysis.end(reader.end())) };
    },
    report: (told) => captureReport(results, { clusterIps, upstreams, endpoints, places, told }),
  };
};
