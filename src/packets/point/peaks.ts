import type { Peak } from '../../domain/capture.ts';

type Load = { second: number; count: number; peak: number; peakAt: number };

/** Servers beyond that are not watched: no client asks so many. */
const mostServers = 2000;
/**
 * Packets a second that a network interface of EC2 may send to the resolver of its VPC ("DNS attributes for your VPC", AWS). Each UDP
 * query is one; a query over TCP costs five or more.
 */
const ofInterface = 1024;
const vpcResolvers = new Set(['169.254.169.253', 'fd00:ec2::253']);

/** Counts packets to each server in whole seconds. */
export class Peaks {
  readonly #loads = new Map<string, Load>();

  add(server: string, at: number): void {
    const second = Math.floor(at / 1000);
    const load = this.#loads.get(server);
    if (load === undefined) {
      if (this.#loads.size < mostServers) this.#loads.set(server, { second, count: 1, peak: 1, peakAt: second });
      return;
    }
    // packets of several interfaces may be a little out of order: what is late counts for the second that is being counted
    if (second > load.second || second < load.second - 1) {
      load.second = second;
      load.count = 0;
    }
    load.count += 1;
    if (load.count > load.peak) {
      load.peak = load.count;
      load.peakAt = load.second;
    }
  }

  /** The busiest first. `upstreams`: addresses known to be resolvers of a VPC beside its well-known ones: the base of the VPC plus two. */
  top(most: number, upstreams: readonly string[]): Peak[] {
    return [...this.#loads]
      .map(([server, { peak, peakAt }]) => ({
        server,
        perSecond: peak,
        at: peakAt * 1000,
        limit: vpcResolvers.has(server) || (upstreams.includes(server) && isPlusTwo(server)) ? ofInterface : null,
      }))
      .toSorted((a, b) => b.perSecond - a.perSecond || (a.server < b.server ? -1 : 1))
      .slice(0, most);
  }
}

/** A VPC begins at a multiple of sixteen addresses at least, its resolver is the second after. */
const isPlusTwo = (address: string): boolean => /^\d+\.\d+\.\d+\.\d+$/.test(address) && Number(address.split('.')[3]) % 16 === 2;
