import { Failure } from '../base/failure.ts';
import type { Corefile, CorednsMetrics, SystemPod } from '../domain/coredns.ts';
import { corednsMetrics as metricsOf } from '../formats/coredns-metrics.ts';
import type { CollectContext, Collector } from './collector.ts';
import { given } from './given.ts';
import { metricsScript, scrapedFrom, type Scraped } from './metrics-script.ts';
import { probeNeeds } from './probe-needs.ts';
import { probePlaces } from './probe-places.ts';

const most = 4;
const defaultPort = 9153;

/** The metrics of CoreDNS' pods, read from a probe pod beside one of them (the lookups use the same pod). */
export const corednsMetrics: Collector<'coredns-metrics'> = {
  id: 'coredns-metrics',
  title: "Reading CoreDNS' metrics",
  after: ['coredns-pods', 'nodes', 'corefile', 'pod'],
  needs: probeNeeds,
  timeoutMs: 20_000,
  async collect(context) {
    const port = metricsPort(given(context.have.corefile));
    const pods = podsToAsk(context);
    const output = await askFromProbe(
      context,
      metricsScript(
        pods.map((pod) => pod.ip ?? ''),
        port,
      ),
    );
    const scraped = scrapedFrom(output, pods.length);
    return { pods: pods.map((pod, i) => podMetrics(pod, scraped[i] ?? { unreadable: 'not asked' })) };
  },
};

function podsToAsk({ have }: CollectContext): SystemPod[] {
  const pods = given(have['coredns-pods']);
  if (pods === null) throw new Failure('skipped', 'the CoreDNS pods could not be read');
  const running = pods.items.filter((pod) => pod.ip !== null && !pod.terminating && pod.container.state === 'running');
  if (running.length === 0) throw new Failure('missing', 'no CoreDNS pod runs');
  return running.slice(0, most);
}

/** The port of the first `prometheus` directive; an unreadable Corefile is taken for a usual one. */
function metricsPort(corefile: Pick<Corefile, 'servers'> | null): number {
  if (corefile === null) return defaultPort;
  const directive = corefile.servers.flatMap((server) => server.directives).find(({ name }) => name === 'prometheus');
  if (directive === undefined) throw new Failure('missing', 'the Corefile has no prometheus plugin');
  const address = directive.args[0] ?? 'localhost:9153';
  if (/^(localhost|127\.|\[::1\])/.test(address))
    throw new Failure('missing', `CoreDNS shows its metrics only to itself (prometheus ${address.slice(0, 50)})`);
  const port = Number(/:(\d{1,5})$/.exec(address)?.[1] ?? defaultPort);
  return port > 0 && port < 65_536 ? port : defaultPort;
}

async function askFromProbe(context: CollectContext, script: string): Promise<string> {
  const { probes, signal } = context;
  if (probes === null) throw new Failure('skipped', 'probe pods were not wanted');
  const node = probeNode(context);
  if (node === undefined) throw new Failure('missing', 'there is no node to start a probe pod on');
  const pod = await probes.start({ node, dnsPolicy: 'ClusterFirst', role: 'probe' }, { signal });
  return (await pod.run(script, { signal, timeoutMs: 5000, maxBytes: 1_048_576 })).text;
}

/** Of the places of the lookups, the node of a CoreDNS pod first. */
function probeNode(context: CollectContext): string | undefined {
  const places = probePlaces(context);
  const hosts = given(context.have['coredns-pods'])?.items.map((pod) => pod.node) ?? [];
  return places.find((node) => hosts.includes(node)) ?? places[0];
}

function podMetrics(pod: SystemPod, scraped: Scraped): CorednsMetrics['pods'][number] {
  const unreadable = 'unreadable' in scraped ? scraped.unreadable : null;
  return { pod: pod.name, node: pod.node, unreadable, ...metricsOf('text' in scraped ? scraped.text : '') };
}
