/**
 * The promises of the service, tested from outside: the packaged artefact (jar or native
 * executable) runs as a separate process with a real Redis and a simulated WeChat, over HTTP. No
 * test here uses a class of the service.
 */
package io.minilogin.it;
