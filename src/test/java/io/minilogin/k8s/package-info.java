/**
 * The manifests below {@code k8s} as kustomize renders them, held against the API of Kubernetes,
 * against the rules that clusters and reviewers check by, and against the service itself. Needs
 * kubectl, and is skipped without it; no cluster is asked.
 */
package io.minilogin.k8s;
