/**
 * WeChat's API for backends: a proxy that adds the app's access token, and stand-in tokens with
 * which SDKs for WeChat can use the proxy. Clients and their permissions come from {@code clients}.
 * This package sends access tokens to WeChat only.
 */
@NullMarked
package io.minilogin.relay;

import org.jspecify.annotations.NullMarked;
