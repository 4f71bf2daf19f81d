/**
 * Calls to WeChat and what its replies mean. {@code WechatGateway} makes the service's own calls,
 * {@code WechatRelay} those of backends, {@code CallLimits} limits both, and {@code
 * WechatTelemetry} reports both in the log and spans. Callers get an outcome or a problem, never an
 * exception of the HTTP client, which may quote the URL with the app secret or the access token. No
 * other package uses the REST client.
 */
@NullMarked
package io.minilogin.wechat;

import org.jspecify.annotations.NullMarked;
