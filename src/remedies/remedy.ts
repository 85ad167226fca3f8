import type { z } from 'zod';
import type { CapturePods, CaptureTrial } from '../cluster/capture-port.ts';
import type { ClusterPort } from '../cluster/port.ts';
import type { ProbePods } from '../cluster/probe-port.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { ActResult, NoPlan, ObjectRef, Plan, Risk } from '../domain/plan.ts';
import type { Permission } from '../domain/reading.ts';
import type { CheckRequest } from '../domain/request.ts';
import type { RunStep } from '../domain/run.ts';
import type { ClusterSettings } from '../domain/settings.ts';
import type { OpenAnalysis } from './capture/analysis.ts';

/** A Corefile that worked, with the hash that CoreDNS gave for it. Milliseconds since 1970. */
export interface KnownCorefile {
  text: string;
  sha512: string;
  seenAt: number;
}

/** Corefiles of a cluster that once worked: kept by the bot, from checks that found all pods running them and DNS healthy. Newest first. */
export type CorefileHistory = () => Promise<readonly KnownCorefile[]>;

/** What a plan is made from. It only reads. */
export interface PlanContext {
  port: ClusterPort;
  /** All readings of the check that it rests on, less than a minute old. */
  evidence: Evidence;
  request: CheckRequest;
  settings: ClusterSettings;
  corefiles: CorefileHistory;
  /** Tries what a capture would write; left out: packets cannot be captured from here. */
  tryCapture?: CaptureTrial;
  signal: AbortSignal;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** What is being done to a cluster, for the record. */
export interface Wrote {
  object: ObjectRef;
  /** `patched`, `created`, `deleted`, `evicted`. */
  how: string;
  resourceVersion: string | null;
}

/** Takes a file as it comes, and keeps it. What it throws ends the reading of that file. */
export interface FileSink {
  write(chunk: Uint8Array): void;
  /** `whole`: all of it has come. */
  close(whole: boolean): void;
}

/** What packets are captured with. */
export interface Capturing {
  /** Closed by the caller. */
  pods: CapturePods;
  analyse: OpenAnalysis;
  /** Opens a file of this name anew, where files are to be kept. */
  keepFile?: (name: string) => FileSink;
}

/** What an act works with. Each write is told by `wrote`, after it was done. */
export interface ActContext {
  port: ClusterPort;
  /** For lookups straight at a pod; closed by the caller. */
  probes: ProbePods;
  /** Left out: packets cannot be captured from here. */
  capturing?: Capturing;
  request: CheckRequest;
  settings: ClusterSettings;
  /** The order's id: 32 hexadecimal digits. It goes into what is left in the cluster for a temporary change. */
  change: string;
  /** When the act was approved to end, in milliseconds since 1970; null: it does not end by itself. */
  endsAt: number | null;
  /** Tells a step for the live view: the same id again replaces it. */
  say(step: RunStep): void;
  /** Tells a write that was done; resolves when it is in the record. */
  wrote(write: Wrote): Promise<void>;
  /** Throws when nothing more may be written: the lease is lost. To be called right before each write. */
  mayWrite(): void;
  /** Fires when somebody wants it stopped: what is begun (one pod, one object) is brought to its end, then nothing more. */
  stopping: AbortSignal;
  /** Fires when all must end now. */
  signal: AbortSignal;
  now: () => number;
  /** Waits; rejects when `signal` fires. */
  pause(ms: number): Promise<void>;
}

/** What came of an act, before its proof. */
export type Acted = Pick<ActResult, 'says' | 'next'> & {
  outcome: 'applied' | 'refused' | 'failed' | 'stopped';
  /** Something was written that undo takes back. */
  undoable: boolean;
  queries?: ActResult['queries'];
  capture?: ActResult['capture'];
  lines?: readonly string[];
};

/** What `plan` gives: all of a `Plan` but what the runner fills in. */
export type Draft<D> = Omit<Plan, 'remedy' | 'cluster' | 'risk' | 'madeAt' | 'params' | 'proves' | 'effect' | 'data'> &
  Partial<Pick<Plan, 'risk' | 'params' | 'proves' | 'effect'>> & { data: D };

/** Why there is none. */
export type NoDraft = Omit<NoPlan, 'remedy' | 'params' | 'next' | 'offers' | 'allow'> & Partial<Pick<NoPlan, 'next' | 'offers'>>;

/**
 * One action that mends something. `plan` only reads. `apply` does exactly what the plan says, may be called again after a worker died in the
 * middle (it finds what is done already), and refuses when what it planned on has changed. `undo` takes back what `apply` wrote, and refuses
 * when somebody else has changed it since. A `Failure` that they throw is an act that failed.
 */
export interface Remedy<P = unknown, D = unknown> {
  /** Verb and object, kebab-case; also the file's name. */
  id: string;
  /** What it does, for a list: "Restart CoreDNS, one pod at a time". */
  title: string;
  /** When it helps, one sentence. */
  helps: string;
  /** Usual risk; a plan may say otherwise. */
  risk: Risk;
  /** What it writes, and what it reads beyond what the collectors read. */
  needs: readonly Permission[];
  /** Of `needs` those that this plan needs; left out: all. Rights in a namespace that a plan does not touch are not asked for. */
  uses?(plan: Pick<Plan, 'objects' | 'params'> & Partial<Pick<Plan, 'data'>>): readonly Permission[];
  /** Whoever lacks them is told how they are given: a sentence. */
  rightsBy?: string;
  /** The Leases of which it must hold one, in the namespace of the capture pods. Left out: the one Lease of all changes. */
  leases?: readonly string[];
  /** It changes nothing that checks look at: the cluster is not looked at before and after. */
  changesNothing?: boolean;
  /** Parses what people type too: values may be texts (`replicas=3`). */
  params: z.ZodType<P>;
  /** Of each parameter: what it means, for help. */
  paramHelp: Readonly<Record<string, string>>;
  data: z.ZodType<D>;
  proves: readonly string[];
  effect: Plan['effect'];
  plan(context: PlanContext, params: P): Promise<Draft<D> | NoDraft>;
  apply(context: ActContext, data: D, plan: Plan): Promise<Acted>;
  undo: ((context: ActContext, data: D, plan: Plan) => Promise<Acted>) | null;
}

/** A remedy with its types taken off, as the registry holds it. Its data comes from a plan and is parsed by its schema. */
export type AnyRemedy = Omit<Remedy, 'plan' | 'apply' | 'undo' | 'params' | 'data'> & {
  params: z.ZodType;
  data: z.ZodType;
  plan(context: PlanContext, params: never): Promise<Draft<unknown> | NoDraft>;
  apply(context: ActContext, data: never, plan: Plan): Promise<Acted>;
  undo: ((context: ActContext, data: never, plan: Plan) => Promise<Acted>) | null;
};

export const isDraft = <D>(draft: Draft<D> | NoDraft): draft is Draft<D> => 'summary' in draft;
