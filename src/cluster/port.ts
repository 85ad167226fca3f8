/** The one door to a cluster. Every call has a deadline, a bound on size, is counted, and rejects only with `Failure` (base/failure.ts). */

export interface CallOptions {
  signal?: AbortSignal;
  /** Default 10 s. */
  timeoutMs?: number;
  /** Default 8 MiB; a longer body is a Failure for JSON, cut for text. */
  maxBytes?: number;
}

export interface ListOptions extends CallOptions {
  labelSelector?: string;
  fieldSelector?: string;
  /** At most so many items in all (default 500); fetched in pages of 250. */
  limit?: number;
}

export interface ListResult<T> {
  items: T[];
  complete: boolean;
  /** How many more there are, when the API server says. */
  remaining: number | null;
}

export interface LogOptions extends CallOptions {
  namespace: string;
  pod: string;
  container?: string;
  previous?: boolean;
  tailLines?: number;
  sinceSeconds?: number;
  /** Each line begins with the time at which the container wrote it (RFC 3339). */
  timestamps?: boolean;
}

/** Text with secrets taken out. `truncated`: cut at `maxBytes`. */
export interface TextResult {
  text: string;
  truncated: boolean;
}

export interface ExecOptions extends CallOptions {
  namespace: string;
  pod: string;
  container?: string;
  command: readonly string[];
  /**
   * Takes the bytes of stdout as they come: then they are neither kept nor redacted, and `text` is empty. What it throws ends the call. Reading waits
   * while it works, so that nothing piles up.
   */
  onStdout?: (chunk: Uint8Array) => void;
}

export interface ExecResult extends TextResult {
  stderr: string;
  /** null when the stream ended without a status. */
  exitCode: number | null;
}

/** A JSON object as the API server gives it: nothing of it is trusted to be there. */
// biome-ignore: the shape is the API server's; collectors pick it apart with `pick` helpers
export type Json = { [key: string]: any };

export interface ClusterPort {
  /** GET of one object; `path` from the root (`/api/v1/namespaces/x/pods/y`). */
  get(path: string, query?: Record<string, string>, options?: CallOptions): Promise<Json>;
  list(path: string, options?: ListOptions): Promise<ListResult<Json>>;
  /** GET of a text (through a proxy subresource, say). */
  text(path: string, query?: Record<string, string>, options?: CallOptions): Promise<TextResult>;
  logs(options: LogOptions): Promise<TextResult>;
  /** Runs a command in a container; the caller wraps it in `timeout` so that nothing stays behind. */
  exec(options: ExecOptions): Promise<ExecResult>;
  create(path: string, body: Json, options?: CallOptions): Promise<Json>;
  patch(path: string, body: Json, contentType: string, options?: CallOptions): Promise<Json>;
  delete(path: string, query?: Record<string, string>, options?: CallOptions): Promise<void>;
  /** Requests sent and bytes received so far. */
  cost(): { apiRequests: number; bytes: number };
  close(): Promise<void>;
}
