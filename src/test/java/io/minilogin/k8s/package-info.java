/**
 * Tests that compare the manifests below {@code k8s}, as kustomize renders them, and the Helm chart
 * with each other, with the API of Kubernetes, the restricted Pod Security Standard and the service
 * itself. Helm is a library of the tests. Kustomize needs kubectl; without it only the chart is
 * tested. The tests need no cluster.
 */
package io.minilogin.k8s;
