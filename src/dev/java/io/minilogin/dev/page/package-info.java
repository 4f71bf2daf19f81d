/**
 * What stands behind the page that development shows at {@code /}: what has passed between client,
 * service, Redis and WeChat, and the switches for what goes wrong.
 */
package io.minilogin.dev.page;
