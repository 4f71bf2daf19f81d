/**
 * Calls to WeChat and the meaning of its replies. {@code WechatGateway} makes the service's own
 * calls, and {@code WechatRelay} makes the calls of backends. {@code CallLimits} limits all calls,
 * and {@code WechatTelemetry} reports them in the log and in spans. Callers get an outcome or a
 * problem, never an exception of the HTTP client, which may quote the URL with the app secret or
 * the access token. No other package uses the REST client.
 */
@NullMarked
package io.minilogin.wechat;

import org.jspecify.annotations.NullMarked;
