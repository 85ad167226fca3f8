import type { CaptureReport } from '../../src/domain/capture.ts';
import { type Happens, Network } from '../packets/network.ts';
import { clusterIp, podA, podB } from '../packets/traffic.ts';

/** What captures at a client and two CoreDNS pods say of twenty probes to each pod and forty to the ClusterIP. */
export function captured(happens: (via: 'a' | 'b') => Happens): CaptureReport {
  const network = new Network();
  let i = 0;
  for (let shot = 0; shot < 20; shot += 1)
    for (const [to, via] of [
      [podA, 'a'],
      [podB, 'b'],
      [clusterIp, 'a'],
      [clusterIp, 'b'],
    ] as const)
      network.probe((i += 1), to, via, happens(via));
  return network.report();
}
