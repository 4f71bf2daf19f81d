/**
 * The promises of the service, kept or broken as seen from outside: the packaged artefact, jar or
 * native executable, as a process of its own, with a real Redis and a simulated WeChat, over HTTP.
 * No test here knows a class of the service.
 */
package io.minilogin.it;
