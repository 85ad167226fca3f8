import { describe, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config/read.ts';

const complaint = (source: string): string => {
  try {
    readConfig('dns-medic.yaml', source);
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  return 'nothing to complain about';
};

/** The complaint without the kind of error and the file, which every complaint begins with. */
const about = (source: string): string => complaint(source).replace(/^UsageError: dns-medic\.yaml: /, '');

describe('a dns-medic.yaml', () => {
  test.each(['', '# nothing yet\n', '{}', 'clusters: {}'])('may say nothing (%j)', (source) => {
    expect(complaint(source)).toBe('nothing to complain about');
  });

  test('may say everything', () => {
    const source = `
clusters:
  cluster-a:
  "arn:aws:eks:eu-west-1:123456789012:cluster/prod": {kubeconfig: ~/.kube/prod, context: prod}
  here:
    inCluster: true
    dns: {namespace: dns, service: kube-dns, selector: "k8s-app=kube-dns,tier="}
    probe:
      namespace: probes
      image: registry.example.com:5000/tools/netshoot:v0.14@sha256:${'a'.repeat(64)}
      pullSecret: registry.example
      tolerations: [{operator: Exists}, {key: example.com/dedicated, operator: Equal, value: dns, effect: NoSchedule}]
      labels: {team: payments, example.com/cost-centre: ""}
    names: [amazon.com, _sip._tcp.Example.com.]
dns: {service: null, selector: null}
probe: {pullSecret: null}
names: []
`;
    expect(complaint(source)).toBe('nothing to complain about');
  });
});

describe('a complaint', () => {
  test('names the file, the key, the value and what is allowed', () => {
    expect(complaint('clusters: {cluster-a: {probe: {image: 5}}}')).toBe(
      'UsageError: dns-medic.yaml: clusters.cluster-a.probe.image: 5: expected a string such as "nicolaka/netshoot:v0.14"',
    );
  });

  test('has a line for every problem', () => {
    expect(complaint('probe: {image: ""}\nnames: [a b, ok.example]\n').split('\n')).toEqual([
      'UsageError: dns-medic.yaml: probe.image: "": expected a string such as "nicolaka/netshoot:v0.14"',
      'dns-medic.yaml: names[0]: "a b": expected a host name such as "amazon.com"',
    ]);
  });

  test('stays short however much is wrong', () => {
    const clusters = Array.from({ length: 500 }, (_, index) => `  c${index}: {context: 5}`).join('\n');
    expect(complaint(`clusters:\n${clusters}`).split('\n')).toHaveLength(21);
    expect(about(`names: ${'x'.repeat(9000)}`).length).toBeLessThan(200);
  });

  test.each([
    ['a misspelt key', 'prob: {}', 'prob: unknown key: did you mean "probe"? (allowed: clusters, dns, probe, capture, names, policy)'],
    ['a foreign key', 'verbosity: 3', 'verbosity: unknown key (allowed: clusters, dns, probe, capture, names, policy)'],
    [
      'a misspelt key further in',
      'clusters: {a.b: {probe: {pulSecret: x}}}',
      'clusters."a.b".probe.pulSecret: unknown key: did you mean "pullSecret"?',
    ],
    ['a list for a map', 'probe: [x]', 'probe: ["x"]: expected a map with namespace, image, pullSecret, tolerations, labels'],
    ['a text for the whole', 'hello', '"hello": expected a map with clusters, dns, probe, capture, names'],
    ['a list of clusters', 'clusters: [a]', 'clusters: ["a"]: expected a map of clusters'],
    ['a cluster with a blank in its name', 'clusters: {a b: {}}', 'clusters."a b": expected the name of a cluster such as "cluster-a"'],
    ['a namespace with capitals', 'dns: {namespace: Kube}', 'dns.namespace: "Kube": expected the name of a namespace such as "dns-medic"'],
    ['a namespace that is empty', 'probe: {namespace: }', 'probe.namespace: null: expected the name of a namespace'],
    ['a Service with a dot', 'dns: {service: a.b}', 'dns.service: "a.b": expected the name of a Service such as "kube-dns"'],
    [
      'a selector without a value',
      'dns: {selector: coredns}',
      'dns.selector: "coredns": expected a label selector such as "k8s-app=kube-dns"',
    ],
    ['an image with a blank', 'probe: {image: a b}', 'probe.image: "a b": expected a string such as'],
    ['a pull secret that is a number', 'probe: {pullSecret: 5}', 'probe.pullSecret: 5: expected the name of a Secret such as "registry"'],
    ['a label value that is no string', 'probe: {labels: {team: 5}}', 'probe.labels.team: 5: expected a string such as "payments"'],
    [
      'a label key with a blank',
      'probe: {labels: {"a b": c}}',
      'probe.labels."a b": expected the key of a label such as "team" or "example.com/team"',
    ],
    ['a label key with two prefixes', 'probe: {labels: {a/b/c: d}}', 'probe.labels."a/b/c": expected the key of a label'],
    [
      'an unknown effect',
      'probe: {tolerations: [{key: a, effect: NoWay}]}',
      'probe.tolerations[0].effect: "NoWay": expected NoSchedule, PreferNoSchedule or NoExecute',
    ],
    [
      'a toleration of nothing',
      'probe: {tolerations: [{effect: NoExecute}]}',
      'probe.tolerations[0]: {"effect":"NoExecute"}: a toleration without a key',
    ],
    [
      'a value where the taint need only exist',
      'probe: {tolerations: [{key: a, operator: Exists, value: b}]}',
      'probe.tolerations[0]: {"key":"a","operator":"Exists","value":"b"}: expected no value',
    ],
    ['a host name with a label too long', `names: [${'a'.repeat(64)}.com]`, `names[0]: "${'a'.repeat(64)}.com": expected a host name`],
    ['too many names', `names: [${Array.from({ length: 11 }, (_, index) => `n${index}.com`).join()}]`, 'names: ["n0.com",'],
    ['inCluster that is false', 'clusters: {a: {inCluster: false}}', 'clusters.a.inCluster: false: expected true, or leave the key out'],
    [
      'inCluster beside a context',
      'clusters: {a: {inCluster: true, context: b}}',
      'clusters.a: {"inCluster":true,"context":"b"}: inCluster means',
    ],
    ['a path that is empty', 'clusters: {a: {kubeconfig: ""}}', 'clusters.a.kubeconfig: "": expected the path of a kubeconfig'],
  ])('is made about %s', (_what, source, expected) => {
    expect(about(source).slice(0, expected.length)).toBe(expected);
  });

  test.each([
    ['syntax', 'probe:\n  image: "netshoot\n', /^line \d+, column \d+: Missing closing "quote/],
    ['indentation', 'probe:\n  image: a\n namespace: b\n', /^line 3, column \d+: /],
    ['a key given twice', 'names: [a.com]\nprobe: {}\nnames: [b.com]\n', /^line 3, column 1: Map keys must be unique$/],
    ['two documents', '{}\n---\n{}\n', /^line 2, column 1: .*document/],
    ['a tag that nobody knows', 'names: !secret x\n', /^line 1, column 8: Unresolved tag: !secret$/],
    ['an alias without an anchor', 'names: *x\n', /^(?:line 1, column 8: )?Unresolved alias/],
  ])('about YAML says where: %s', (_what, source, expected) => {
    expect(about(source)).toMatch(expected);
  });

  test('is made about aliases that grow without bound', () => {
    const levels = Array.from({ length: 12 }, (_, index) => `l${index + 1}: &l${index + 1} [${`*l${index},`.repeat(10)}]`);
    expect(about(`l0: &l0 [x]\n${levels.join('\n')}\n`)).toMatch(/alias/i);
  });
});
