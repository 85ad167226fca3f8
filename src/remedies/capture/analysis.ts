import type { CapturePoint, CaptureReport } from '../../domain/capture.ts';

/** A query that was sent to be found in captures. `point`: where its client captures, or would. */
export interface SentQuery {
  point: string;
  server: string;
  transport: 'udp' | 'tcp';
  name: string;
  /** Whether whoever sent it got an answer, in time. */
  answered: boolean;
}

/** What is known of a cluster before anything is captured. */
export interface CaptureKnowledge {
  clusterIps: readonly string[];
  upstreams: readonly string[];
  /** Addresses of all servers behind the ClusterIPs. */
  endpoints: readonly string[] | null;
  /** Of the cluster, without the final dot. */
  zone: string;
  /** Where DNS is spoken without encryption. */
  ports: readonly number[];
  /** Names and nodes of addresses, whether captured at or not. */
  places: Readonly<Record<string, { label: string; node: string | null }>>;
}

/** Takes a capture as it comes. `end`: it came to its end; else it counts for nothing. */
export interface CapturedFile {
  push(chunk: Uint8Array): void;
  end(): void;
}

/** What captures are analysed with. */
export interface CaptureAnalysis {
  /** `until`: when the capture ended, in milliseconds of its own clock. `dropped`: packets that it missed, as far as it knows. */
  file(point: CapturePoint, known: { until: number | null; dropped: number | null }): CapturedFile;
  /** What all files say together. */
  report(sent: readonly SentQuery[]): CaptureReport;
}

export type OpenAnalysis = (known: CaptureKnowledge) => CaptureAnalysis;
