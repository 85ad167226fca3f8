import { defineCheck, finding, found, passed } from './check.ts';
import { whenPodsDoNotServe } from './consequences.ts';
import { corednsArgs, corednsSubject, livePods, outage, podProof } from './coredns-view.ts';

const reasons = [
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'ErrImageNeverPull',
  'RegistryUnavailable',
  'ImageInspectError',
  'ErrSignatureValidationFailed',
];

export default defineCheck({
  id: 'coredns-image-pull-failure',
  title: 'The image of CoreDNS can be pulled',
  why: 'A pod whose image cannot be pulled never starts. The node pulls with its own resolver, so CoreDNS being down is not why: the registry, its endpoints or the name of the image are.',
  docs: 'https://kubernetes.io/docs/concepts/containers/images/#imagepullbackoff',
  wording: {
    found: '{count} of {of} CoreDNS pods cannot pull their image {image} ({reason}): {message}',
    next: [
      'Read the error of the pull: kubectl -n {namespace} describe pod {pod}',
      'Check registry, account and region of the image; in a private cluster the VPC endpoints for ECR (api, dkr) and S3',
      'Go back to the last image that worked: kubectl -n {namespace} rollout undo {target}',
    ],
  },
  explains: [...whenPodsDoNotServe],
  requires: ['coredns-pods'],
  uses: ['coredns-workload'],
  judge({ 'coredns-pods': pods, 'coredns-workload': workload }, { now }) {
    const failing = livePods(pods).filter(({ pod }) => pod.container.state === 'waiting' && reasons.includes(pod.container.reason ?? ''));
    const [first] = failing;
    if (first === undefined) return passed;
    const { image, reason, message } = first.pod.container;
    const args = { ...corednsArgs(workload, pods, failing), image, reason, message: message ?? 'no message' };
    const proof = failing.slice(0, 3).map((one) => podProof(one, '/container'));
    return found([finding('coredns-image-pull-failure', outage(pods, now), corednsSubject(workload, pods), { args, proof })]);
  },
});
