// What a cluster would refuse or, worse, accept: names that lead nowhere. From the root of the repository: node kubernetes.js

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { documentsOf } from './yaml-files.js';

const FOLDER = 'deploy/kubernetes';
const API_VERSIONS = {
  ConfigMap: 'v1',
  Ingress: 'networking.k8s.io/v1',
  Namespace: 'v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  PodDisruptionBudget: 'policy/v1',
  Service: 'v1',
  StatefulSet: 'apps/v1',
};
/** Secrets that operators make: docs/self-hosting.md. */
const SECRETS = ['mcpr-relay', 'mcpr-tls'];

const [kustomization] = documentsOf(`${FOLDER}/kustomization.yaml`);
const files = readdirSync(FOLDER).filter(file => file !== 'kustomization.yaml');
assert.deepEqual(kustomization.resources.toSorted(), files.toSorted(), 'kustomization.yaml has every file');
const objects = files.flatMap(file => documentsOf(`${FOLDER}/${file}`));
const all = kind => objects.filter(object => object.kind === kind);

for (const { apiVersion, kind, metadata } of objects) {
  assert.equal(apiVersion, API_VERSIONS[kind], kind);
  assert.match(metadata.name, /^[a-z]([-a-z0-9]*[a-z0-9])?$/);
}
const identities = objects.map(object => `${object.kind} ${object.metadata.name}`);
assert.deepEqual(identities, [...new Set(identities)], 'every object once');

// Pods by their labels, with the one that the cluster adds.
const pods = all('StatefulSet').flatMap(({ metadata, spec }) =>
  Array.from({ length: spec.replicas }, (_, index) => ({
    name: `${metadata.name}-${index}`,
    labels: { ...spec.template.metadata.labels, 'statefulset.kubernetes.io/pod-name': `${metadata.name}-${index}` },
    ports: spec.template.spec.containers.flatMap(container => container.ports.map(port => port.name)),
  })),
);

function selected(labels, what) {
  const found = pods.filter(pod => Object.entries(labels).every(([name, value]) => pod.labels[name] === value));
  assert.ok(found.length > 0, `${what} selects nothing`);
  return found;
}

for (const { metadata, spec } of all('StatefulSet')) {
  const { name } = metadata;
  assert.ok(all('Service').some(service => service.metadata.name === spec.serviceName && service.spec.clusterIP === 'None'), name);
  const { containers, securityContext, terminationGracePeriodSeconds, volumes } = spec.template.spec;
  selected(spec.selector.matchLabels, name);
  assert.equal(securityContext.runAsNonRoot, true, name);
  assert.equal(securityContext.seccompProfile.type, 'RuntimeDefault', name);
  for (const volume of volumes) {
    if (volume.secret) assert.ok(SECRETS.includes(volume.secret.secretName), volume.name);
    if (volume.configMap) assert.ok(identities.includes(`ConfigMap ${volume.configMap.name}`), volume.name);
  }
  const mountable = [...volumes, ...(spec.volumeClaimTemplates ?? []).map(claim => claim.metadata)].map(volume => volume.name);
  for (const container of containers) {
    assert.deepEqual(container.volumeMounts.map(mount => mount.name).toSorted(), mountable.toSorted(), name);
    assert.equal(container.securityContext.readOnlyRootFilesystem, true, name);
    assert.equal(container.securityContext.allowPrivilegeEscalation, false, name);
    assert.deepEqual(container.securityContext.capabilities.drop, ['ALL'], name);
    for (const source of container.envFrom ?? []) assert.ok(identities.includes(`ConfigMap ${source.configMapRef.name}`), name);
    for (const probe of [container.startupProbe, container.livenessProbe, container.readinessProbe]) {
      if (probe?.httpGet) assert.ok(container.ports.some(port => port.name === probe.httpGet.port), name);
    }
    if (name === 'mcpr-relay') checkStop(container, terminationGracePeriodSeconds);
  }
}

/** A relay that is killed while it drains cuts off what it promised to finish. */
function checkStop(container, graceSeconds) {
  const settings = all('ConfigMap').find(map => map.metadata.name === 'mcpr-relay').data;
  const [, preStopSeconds] = container.lifecycle.preStop.exec.command;
  const ownSeconds = 6; // the last connections, and the margin of the program itself
  const needed = Number(preStopSeconds) + parseInt(settings.MCPR_RELAY_DRAIN_DELAY) + parseInt(settings.MCPR_RELAY_DRAIN) + ownSeconds;
  assert.ok(graceSeconds >= needed, `${graceSeconds} s are not enough for ${needed} s`);
}

for (const { metadata, spec } of all('Service')) {
  for (const pod of selected(spec.selector, metadata.name)) {
    for (const port of spec.ports) assert.ok(pod.ports.includes(port.targetPort), `${metadata.name}: ${port.targetPort}`);
  }
}

for (const { metadata, spec } of all('NetworkPolicy')) {
  for (const pod of selected(spec.podSelector.matchLabels, metadata.name)) {
    for (const port of spec.ingress.flatMap(rule => rule.ports)) assert.ok(pod.ports.includes(port.port), `${metadata.name}: ${port.port}`);
  }
  for (const peer of spec.ingress.flatMap(rule => rule.from ?? [])) selected(peer.podSelector.matchLabels, metadata.name);
}

for (const { metadata, spec } of all('PodDisruptionBudget')) selected(spec.selector.matchLabels, metadata.name);

const hosts = all('Ingress').flatMap(({ spec }) => {
  for (const { secretName } of spec.tls) assert.ok(SECRETS.includes(secretName), secretName);
  return spec.rules.map(rule => {
    const { service } = rule.http.paths[0].backend;
    const target = all('Service').find(other => other.metadata.name === service.name);
    assert.ok(target?.spec.ports.some(port => port.name === service.port.name), `${rule.host}: ${service.name}`);
    return rule.host;
  });
});
for (const pod of pods.filter(pod => pod.labels.app === 'mcpr-relay')) {
  assert.ok(hosts.includes(`${pod.name}.tunnel.example.com`), `${pod.name} has no host for its MCPR_RELAY_NODE_URL`);
}
