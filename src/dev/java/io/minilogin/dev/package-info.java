/**
 * What development and the tests run instead of the world outside: a simulated WeChat. Only tests
 * and the development build may call it, nothing in the service does. It is compiled from a source
 * folder of its own and is never part of a production artefact.
 */
package io.minilogin.dev;
