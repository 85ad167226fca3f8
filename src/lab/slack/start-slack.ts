import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createChanges, type Changes } from './changes.ts';
import { createControl } from './control.ts';
import { redeliver, type Told } from './delivery/deliver.ts';
import { createSockets } from './delivery/sockets.ts';
import type { Lab } from './lab.ts';
import { createRateLimits } from './rate-limits.ts';
import { createActs, type Acts } from './people/acts.ts';
import { createReadings, type Readings } from './readings.ts';
import { createLabServer } from './server.ts';
import { createTroubles, type Trouble } from './trouble.ts';
import { seeded } from './world/random.ts';
import { labSeed, type Seed } from './world/seed.ts';
import { SLACK_RATES, SLACK_TIMING, type Rates, type Timing } from './world/settings.ts';
import { changed, createWorld, remark } from './world/world.ts';

export { labSeed, LAB_SCOPES, type Seed } from './world/seed.ts';

export interface SlackOptions {
  seed?: Seed;
  /** Left out: any free one, of this machine only. */
  port?: number;
  host?: string;
  timing?: Partial<Timing>;
  /** `off`: no rate limits at all. */
  rates?: Partial<Rates> | 'off';
  /** Types of blocks that this workspace refuses, to see what an app does then. */
  blocksRefused?: string[];
  /** Where events go; left out or null: Socket Mode. */
  deliverTo?: string | null;
  /** What misbehaviour that is left to chance comes from. */
  randomSeed?: number;
}

/** A Slack to test with: a workspace, its protocols, and the people in it. */
export interface SlackLookalike extends Acts, Changes, Readings {
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** What the SDKs take as `slackApiUrl`. */
  apiUrl: string;
  seed: Seed;
  /** All its troubles from now on. */
  misbehave(trouble: Trouble): void;
  behave(): void;
  /** Slack's own renewal of connections: a warning, then the order to come again. */
  refreshSockets(): void;
  /** The connections end without a word. */
  dropSockets(): void;
  /** Where events go from now on; null: Socket Mode. */
  deliverTo(url: string | null): void;
  /** The same envelope or request once more. */
  redeliver(delivery: string): Promise<Told>;
  close(): Promise<void>;
}

/** Starts a Slack look-alike. It answers when this resolves, and ends with `close`. */
export async function startSlack(options: SlackOptions = {}): Promise<SlackLookalike> {
  const seed = options.seed ?? labSeed();
  const timers = new Set<NodeJS.Timeout>();
  let address = '';
  const lab = createLab(seed, options, timers, () => address);
  const server = createLabServer(
    lab,
    createControl(() => slack),
  );
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve),
  );
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const drops = createDrops(lab);
  const slack: SlackLookalike = {
    url: address,
    apiUrl: `${address}/api/`,
    seed,
    ...createActs(lab),
    ...createChanges(lab),
    ...createReadings(lab),
    misbehave(trouble) {
      lab.troubles.set(trouble);
      drops.restart();
    },
    behave() {
      lab.troubles.set({});
      drops.restart();
    },
    refreshSockets: () => lab.sockets.refresh(),
    dropSockets: () => lab.sockets.drop(),
    deliverTo(url) {
      lab.deliverTo = url;
    },
    redeliver: (delivery) => redeliver(lab, delivery),
    async close() {
      drops.stop();
      for (const timer of timers) clearTimeout(timer);
      lab.sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return slack;
}

function createLab(seed: Seed, options: SlackOptions, timers: Set<NodeJS.Timeout>, address: () => string): Lab {
  const world = createWorld(seed);
  const random = seeded(options.randomSeed ?? 1);
  const timing = { ...SLACK_TIMING, ...options.timing };
  const common = {
    address,
    random,
    timing,
    remark: (words: string) => remark(world, words),
    later(ms: number, work: () => void) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        work();
      }, ms);
      timers.add(timer);
    },
  };
  return {
    ...common,
    world,
    blocksRefused: options.blocksRefused ?? [],
    limits: options.rates === 'off' ? null : createRateLimits({ ...SLACK_RATES, ...options.rates }),
    troubles: createTroubles(random),
    sockets: createSockets({ ...common, appId: seed.app.id }),
    deliverTo: options.deliverTo ?? null,
    id: (length) => randomBytes(length).toString('hex').slice(0, length),
    hash: () => `${Math.floor(Date.now() / 1_000)}.${randomBytes(4).toString('hex')}`,
    changed: () => changed(world),
  };
}

/** Drops the sockets again and again, as long as the trouble says so. */
function createDrops(lab: Lab): { restart(): void; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => clearInterval(timer);
  return {
    stop,
    restart() {
      stop();
      const every = lab.troubles.dropSocketsEveryMs();
      if (every !== null) timer = setInterval(() => lab.sockets.drop(), every);
    },
  };
}
