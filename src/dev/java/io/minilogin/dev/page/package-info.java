/**
 * The server side of the page that development shows at {@code /}: the messages between client,
 * service, Redis and WeChat, and the switches that cause faults.
 */
package io.minilogin.dev.page;
