import type { WayEnd } from '../../domain/capture.ts';

/** What a program that probes says of a query that it sent. */
export interface Told {
  /** The capture at the client. */
  point: string;
  server: string;
  transport: 'udp' | 'tcp';
  name: string;
  /** Whether it got an answer itself, in time. */
  answered: boolean;
}

/** A line of CoreDNS' query log. `name`: lower case, without the final dot. */
export interface LoggedQuery {
  /** The capture at that pod. */
  point: string;
  client: string;
  clientPort: number;
  id: number;
  name: string;
  type: string;
  /** `-` where a plugin failed (CoreDNS up to 1.14.4). */
  rcode: string;
  ms: number;
}

/** What is known of a cluster, to tell what a packet was meant for. */
export interface WaysKnowledge {
  clusterIps: readonly string[];
  upstreams: readonly string[];
  /** Addresses of all servers behind the ClusterIPs; null: not known. */
  endpoints: readonly string[] | null;
  /** Names and nodes of addresses without a capture. */
  places?: Readonly<Record<string, Pick<WayEnd, 'label' | 'node'>>>;
  told?: readonly Told[];
  logged?: readonly LoggedQuery[];
}
