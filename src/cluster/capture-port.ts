import type { CallOptions, ExecResult } from './port.ts';

/** A place in a cluster where packets can be captured. */
export interface CapturePlace {
  namespace: string;
  pod: string;
  node: string;
  /** Where files may be written. */
  directory: string;
  /** It sees all processes of its node and may enter their network; else it sees the network of its own pod alone. */
  wholeNode: boolean;
  /** It was made now; else it was found, of an attempt before. */
  made: boolean;
  /** Runs a shell script in it, wrapped in `timeout`. */
  run(script: string, options?: CallOptions): Promise<ExecResult>;
  /** Reads a file, byte by byte as it is, and hands it over as it comes; `maxBytes` bounds it. Rejects with a Failure where it is not whole. */
  read(path: string, onChunk: (chunk: Uint8Array) => void, options: CallOptions & { bytes: number }): Promise<void>;
}

/** A pod of ours that asks as anybody's pods do: it has no rights, and captures nothing. */
export interface CaptureClient extends CapturePlace {
  uid: string;
  ips: string[];
}

/** The places of one order. A second attempt at the order finds those of the first. */
export interface CapturePods {
  /** A privileged pod on a node, which ends by itself after so many seconds. Rejects with a Failure that says what to allow. */
  at(node: string, seconds: number): Promise<CapturePlace>;
  /** An ephemeral container in a pod: it ends by itself, and stays in the pod's spec. Rejects with a Failure that says what to allow. */
  inside(namespace: string, pod: string, seconds: number): Promise<CapturePlace>;
  /** A client on a node, which ends by itself after so many seconds. Rejects with a Failure that says what to allow. */
  client(node: string, seconds: number): Promise<CaptureClient>;
  /** Removes all pods that it made or found. Rejects with a Failure that says which it could not remove. */
  close(): Promise<void>;
}

/** Asks the API server whether it would let packets be captured, and writes nothing. Both reject with a Failure that says why not. */
export interface CaptureTrial {
  onNode(node: string): Promise<{ makesNamespace: boolean }>;
  insidePod(namespace: string, pod: string): Promise<void>;
  /** What a privileged pod would be made of, in lines. */
  pod(node: string, seconds: number): string[];
}
