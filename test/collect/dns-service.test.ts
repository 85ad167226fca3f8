import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import { dnsService, findServiceByAddress } from '../../src/collect/dns-service.ts';
import { changed, collected, failed, recorded } from './collected.ts';
import { context, fakePort } from './fake-port.ts';

const path = '/api/v1/namespaces/kube-system/services';
const dns = { namespace: 'kube-system', service: null, selector: null };

describe('dns-service', () => {
  test('reads kube-dns with one request', async () => {
    const port = fakePort(recorded);
    const data = await collected(dnsService, context(port));
    expect(port.requests).toEqual([`GET ${path}/kube-dns`]);
    expect(data).toMatchObject({
      namespace: 'kube-system',
      name: 'kube-dns',
      foundBy: 'default',
      clusterIPs: ['10.100.0.10'],
      type: 'ClusterIP',
      selector: { 'k8s-app': 'kube-dns' },
      internalTrafficPolicy: 'Cluster',
      managedBy: null,
    });
    expect(data.ports).toContainEqual({ name: 'dns', port: 53, targetPort: 53, protocol: 'UDP' });
  });

  test('finds one of another name by its label, not the one that NodeLocal DNSCache asks through', async () => {
    const upstream = changed(path, (service) => (service['metadata'].name = 'kube-dns-upstream'));
    const other = changed(path, (service) => (service['metadata'].name = 'rke2-coredns'));
    const data = await collected(dnsService, context(fakePort({ [path]: [upstream, other] })));
    expect([data.name, data.foundBy]).toEqual(['rke2-coredns', 'label']);
    const gone = await failed(dnsService, context(fakePort({ [path]: [upstream] })));
    expect([gone.reason, gone.message]).toEqual(['missing', expect.stringContaining('no Service kube-dns in kube-system')]);
  });

  test('takes the configured one and no other', async () => {
    const own = changed(path, (service) => Object.assign(service['metadata'], { name: 'dns-default', namespace: 'openshift-dns' }));
    const port = fakePort({ ...recorded, '/api/v1/namespaces/openshift-dns/services': [own] });
    const named = context(port, { settings: { dns: { ...dns, service: 'openshift-dns/dns-default' } } });
    expect(await collected(dnsService, named)).toMatchObject({ name: 'dns-default', foundBy: 'config' });
    const typo = context(port, { settings: { dns: { ...dns, service: 'dns-defualt' } } });
    expect((await failed(dnsService, typo)).reason).toBe('missing');
  });

  test('a headless Service has no address, a named targetPort stays a name', async () => {
    const headless = changed(path, (service) => {
      Object.assign(service['spec'], { clusterIP: 'None', clusterIPs: ['None'] });
      service['spec'].ports[0].targetPort = 'dns-udp';
    });
    const data = await collected(dnsService, context(fakePort({ [path]: [headless] })));
    expect([data.clusterIPs, data.ports[0]?.targetPort]).toEqual([[], 'dns-udp']);
  });

  test('what may not be read is not called missing', async () => {
    const port = fakePort({ [`${path}/kube-dns`]: new Failure('forbidden', 'no') });
    expect((await failed(dnsService, context(port))).reason).toBe('forbidden');
  });

  test('finds the Service behind a nameserver', async () => {
    const all = [
      changed(path, (service) => Object.assign(service['spec'], { clusterIP: '10.100.0.99', clusterIPs: ['10.100.0.99'] })),
      changed(path, () => {}),
    ];
    const port = fakePort({ '/api/v1/services': all });
    const { signal } = new AbortController();
    expect(await findServiceByAddress(port, '10.100.0.10', signal)).toMatchObject({ name: 'kube-dns', foundBy: 'nameserver' });
    expect(await findServiceByAddress(port, '10.0.0.99', signal)).toBeNull();
    expect(await findServiceByAddress(port, '10.100.0.10,metadata.name=x', signal)).toBeNull();
    expect(port.requests).toHaveLength(2);
  });
});
