import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../../src/base/failure.ts';
import type { CapturePlace, CapturePods } from '../../../src/cluster/capture-port.ts';
import type { ExecResult } from '../../../src/cluster/port.ts';
import type { CaptureReport, CapturePoint } from '../../../src/domain/capture.ts';
import type { RunStep } from '../../../src/domain/run.ts';
import type { OpenAnalysis, SentQuery } from '../../../src/remedies/capture/analysis.ts';
import type { CaptureData, PlannedPoint } from '../../../src/remedies/capture/data.ts';
import type { ActContext, Wrote } from '../../../src/remedies/remedy.ts';

/** Handles a signal that was ignored when it began, which a shell cannot. */
const TCPDUMP = `#!${process.execPath}
const { writeSync, existsSync, appendFileSync } = require('node:fs');
appendFileSync(__dirname + '/asked', JSON.stringify(process.argv.slice(2)) + '\\n');
if (existsSync(__dirname + '/no-rights')) { writeSync(2, "tcpdump: eth0: You don't have permission to perform this capture on that device\\n"); process.exit(1); }
writeSync(2, 'tcpdump: listening on eth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes\\n');
writeSync(1, 'the packets\\n');
const end = () => { writeSync(2, '7 packets captured\\n7 packets received by filter\\n2 packets dropped by kernel\\n'); process.exit(0); };
process.on('SIGINT', end).on('SIGTERM', end);
setInterval(() => {}, 1000);
`;

/** Answers all, but for servers that are said to be silent. */
const DIG = `#!/bin/sh
echo "$@" >>"\${0%/*}/digs"
for word in "$@"; do case $word in @*) server=\${word#@};; dnsbot-*) name=$word;; esac; done
if grep -qsxF "$server" "\${0%/*}/silent"; then echo ";; communications error to $server#53: timed out"; echo ";; no servers could be reached"; exit 9; fi
echo ";; Got answer:"
echo ";; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 7"
echo ";; flags: qr aa rd; QUERY: 1, ANSWER: 0, AUTHORITY: 1, ADDITIONAL: 1"
echo; echo ";; QUESTION SECTION:"; printf ';%s\\tIN A\\n' "$name"; echo
echo ";; Query time: 1 msec"; echo ";; MSG SIZE  rcvd: 100"
`;

const NSENTER = '#!/bin/sh\nshift 3\nexec "$@"\n';

/** What is captured, by point; and the report that comes of it. */
interface Heard {
  files: Map<string, { point: CapturePoint; bytes: string; dropped: number | null; until: number | null; ended: boolean }>;
  sent: readonly SentQuery[];
  upstreams: readonly string[];
}

export const pod = (name: string, uid: string, ip: string) => ({ namespace: 'kube-system', name, uid, ips: [ip], hostNetwork: false });

export const point = (id: string, node: string, over: Partial<PlannedPoint> = {}): PlannedPoint => ({
  id,
  role: 'server',
  node,
  label: `kube-system/coredns-${id}`,
  pod: pod(`coredns-${id}`, `1234abcd-0000-4000-8000-00000000000${id.slice(1)}`, `10.0.0.1${id.slice(1)}`),
  addresses: [`10.0.0.1${id.slice(1)}`],
  ...over,
});

export const captureData = (points: PlannedPoint[], over: Partial<CaptureData> = {}): CaptureData => ({
  ...{ way: 'node', seconds: 5, packets: 1_000, bytes: 10_000, filter: null, ports: [53], zone: 'cluster.local', outside: null },
  ...{ clusterIps: ['10.100.0.10'], upstreams: [], endpoints: [], places: {}, points, left: [] },
  targets: [{ server: '10.0.0.11', port: 53, kind: 'pod' }],
  ...over,
});

/** A report that says nothing but that it is there. */
export const emptyReport: CaptureReport = {
  schema: 'dns-medic/capture/v1',
  verdict: { status: 'healthy', code: 'dns-ok', way: null, pattern: null },
  ways: [],
  points: [],
  waysLeftOut: 0,
  sampled: 1,
  timeline: null,
  names: 'shown',
};

/**
 * Nodes whose scripts are run by the shell of this machine, with a tcpdump, a dig and an nsenter that only pretend, and a `/proc` with the processes
 * of pods.
 */
export class CaptureWorld {
  readonly root = mkdtempSync(join(tmpdir(), 'dns-medic-capture-'));
  readonly bin = join(this.root, 'bin');
  readonly wrote: Wrote[] = [];
  readonly steps: RunStep[] = [];
  readonly heard: Heard = { files: new Map(), sent: [], upstreams: [] };
  readonly scripts: string[] = [];
  /** Called before each script; may throw: the pod is gone. */
  beforeScript: (script: string) => void = () => undefined;
  /** What `at` gives instead of a place. */
  refusal: Failure | null = null;
  /** How many readings break off in the middle. */
  broken = 0;
  readonly stopping = new AbortController();
  readonly hard = new AbortController();
  private clock = 1_000_000;

  constructor() {
    mkdirSync(this.bin);
    this.tool('tcpdump', TCPDUMP);
    this.tool('dig', DIG);
    this.tool('nsenter', NSENTER);
  }

  tool(name: string, text: string): void {
    writeFileSync(join(this.bin, name), text);
    chmodSync(join(this.bin, name), 0o755);
  }

  /** A process of a pod on a node. */
  process(node: string, pid: number, cgroup: string, ip: string): void {
    const path = join(this.root, node, 'proc', String(pid));
    mkdirSync(join(path, 'net'), { recursive: true });
    writeFileSync(join(path, 'cgroup'), `0::${cgroup}\n`);
    writeFileSync(join(path, 'net', 'fib_trie'), `        |-- ${ip}\n           /32 host LOCAL\n`);
  }

  /** The processes of these pods, each on its node. */
  running(points: readonly PlannedPoint[]): void {
    points.forEach((one, index) => {
      if (one.pod !== null) this.process(one.node, 100 + index, `/kubepods/burstable/pod${one.pod.uid}/x`, one.pod.ips[0] ?? '');
    });
  }

  asked(): string[][] {
    const file = join(this.bin, 'asked');
    return existsSync(file)
      ? readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as string[]) // prettier-ignore
      : [];
  }

  digs(): string[] {
    const file = join(this.bin, 'digs');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  }

  /** Runs a script as it would run on that node. */
  shell(node: string, script: string, path = `${this.bin}:/usr/bin:/bin`): Promise<ExecResult> {
    const here = script.replaceAll('/proc/', `${join(this.root, node, 'proc')}/`);
    return new Promise((resolve) => {
      execFile('/bin/sh', ['-c', here], { env: { PATH: path }, timeout: 20_000 }, (error, text, stderr) => {
        const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
        resolve({ text, stderr, exitCode, truncated: false });
      });
    });
  }

  place(node: string, made = true): CapturePlace {
    const directory = join(this.root, node, 'capture');
    mkdirSync(directory, { recursive: true });
    return {
      ...{ namespace: 'dns-medic-capture', pod: `capture-${node}`, node, directory, wholeNode: true, made },
      run: async (script) => {
        this.scripts.push(script);
        this.beforeScript(script);
        return this.shell(node, script);
      },
      read: async (file, onChunk, { bytes }) => {
        const content = readFileSync(file);
        if (this.broken > 0) {
          this.broken -= 1;
          onChunk(content.subarray(0, 3));
          throw new Failure('error', 'the stream broke off');
        }
        if (content.length !== bytes) throw new Failure('error', `${content.length} of ${bytes} bytes came`);
        onChunk(content.subarray(0, 4));
        onChunk(content.subarray(4));
      },
    };
  }

  pods(): CapturePods {
    const places = new Map<string, CapturePlace>();
    return {
      at: async (node) => {
        if (this.refusal !== null) throw this.refusal;
        const place = places.get(node) ?? this.place(node);
        places.set(node, place);
        return place;
      },
      inside: async (_namespace, name) => {
        const place = places.get(name) ?? { ...this.place(name), wholeNode: false };
        places.set(name, place);
        return place;
      },
      client: async (node) => {
        const place = places.get(`client-${node}`) ?? this.place(`client-${node}`);
        places.set(`client-${node}`, place);
        return { ...place, uid: '1234abcd-0000-4000-8000-0000000000ff', ips: ['10.0.0.99'] };
      },
      close: async () => undefined,
    };
  }

  analyse: OpenAnalysis = ({ upstreams }) => {
    this.heard.upstreams = upstreams;
    return {
      file: (of, known) => {
        const file = { point: of, bytes: '', ended: false, ...known };
        this.heard.files.set(of.id, file);
        return { push: (chunk) => void (file.bytes += Buffer.from(chunk).toString()), end: () => void (file.ended = true) };
      },
      report: (sent) => {
        this.heard.sent = sent;
        return emptyReport;
      },
    };
  };

  context(over: Partial<ActContext> = {}): ActContext {
    return {
      capturing: { pods: this.pods(), analyse: this.analyse },
      change: 'c'.repeat(32),
      settings: { probe: { namespace: 'probes' } },
      say: (step: RunStep) => this.steps.push(step),
      wrote: async (write: Wrote) => void this.wrote.push(write),
      mayWrite: () => undefined,
      stopping: this.stopping.signal,
      signal: this.hard.signal,
      now: () => this.clock,
      pause: async (ms: number) => void (this.clock += ms),
      ...over,
    } as unknown as ActContext;
  }

  /** Ends what still runs, and forgets all. */
  async forget(): Promise<void> {
    await this.shell('any', `for p in $(find ${this.root} -name pid); do kill -KILL $(cat $p); done 2>/dev/null`);
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
