/**
 * Tests that compare the manifests below {@code k8s}, as kustomize renders them, with the API of
 * Kubernetes, the restricted Pod Security Standard and the service itself. The tests need kubectl
 * and are skipped without it; they need no cluster.
 */
package io.minilogin.k8s;
