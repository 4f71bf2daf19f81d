/**
 * A simulated WeChat and an embedded Redis for development and tests. The service never uses this
 * package. It has its own source folder and is never part of a production artefact.
 */
package io.minilogin.dev;
