/**
 * The manifests below {@code k8s} as kustomize renders them, held against the API of Kubernetes,
 * against the restricted Pod Security Standard, and against the service itself. Needs kubectl, and
 * is skipped without it; no cluster is asked.
 */
package io.minilogin.k8s;
