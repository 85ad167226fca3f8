import { describe, expect, test } from '@jest/globals';
import { corednsPods } from '../../src/collect/coredns-pods.ts';
import { corednsWorkload } from '../../src/collect/coredns-workload.ts';
import { changed, collected, failure, ok, recorded } from './collected.ts';
import { context, fakePort } from './fake-port.ts';

const path = '/api/v1/namespaces/kube-system/pods';
const workload = await corednsWorkload.collect(context(fakePort(recorded)));

describe('coredns-pods', () => {
  test('reads the pods of the workload by its selector', async () => {
    const port = fakePort(recorded);
    const data = await collected(corednsPods, context(port, { have: { 'coredns-workload': ok('coredns-workload', workload) } }));
    expect(data.items.map((pod) => pod.name)).toEqual(['coredns-758f4459b8-4l4mr', 'coredns-758f4459b8-stn7t']);
    expect(data.complete).toBe(true);
    expect(port.requests).toEqual([`LIST ${path}?labelSelector=eks.amazonaws.com/component=coredns,k8s-app=kube-dns&limit=50`]);
  });

  test('takes the usual label where the workload is not known, or selects everything', async () => {
    const missing = failure<never>('coredns-workload', 'missing', 'no');
    const all = ok('coredns-workload', { ...workload, selector: {} });
    for (const reading of [missing, all]) {
      const port = fakePort(recorded);
      const { items } = await collected(corednsPods, context(port, { have: { 'coredns-workload': reading } }));
      expect([items.length, port.requests[0]]).toEqual([2, `LIST ${path}?labelSelector=k8s-app=kube-dns&limit=50`]);
    }
  });

  test('says when there are more than it reads', async () => {
    const many = Array.from({ length: 60 }, (_, index) => changed(path, (pod) => (pod['metadata'].name = `coredns-${index}`)));
    const data = await collected(corednsPods, context(fakePort({ [path]: many })));
    expect([data.items.length, data.complete]).toEqual([50, false]);
  });
});
