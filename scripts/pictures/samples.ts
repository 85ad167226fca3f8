import type { Drawing } from '../../src/pictures/drawing.ts';
import { drawLatency } from '../../src/pictures/latency.ts';
import { drawWays } from '../../src/pictures/ways.ts';
import { latencies } from './latencies.ts';
import { ways } from './ways.ts';

/** All sample pictures, by file name. */
export const samples: Readonly<Record<string, Drawing>> = Object.fromEntries([
  ...Object.entries(ways).map(([story, picture]) => [`way-${story}`, drawWays(picture)] as const),
  ...Object.entries(latencies).map(([story, picture]) => [`latency-${story}`, drawLatency(picture)] as const),
]);

/** Those that are kept in docs/pictures/, at a width in pixels that keeps each below 60 KB. */
export const inDocs: readonly string[] = ['way-lost-between-nodes', 'latency-half-lost'];
export const DOCS_WIDTH = 720;
