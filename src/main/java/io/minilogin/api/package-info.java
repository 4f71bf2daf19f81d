/**
 * WeChat's API for backends: a proxy that adds the app's access token, and the stand-in tokens that
 * let WeChat's SDKs use it. Clients and what they may call come from {@code check}. No access token
 * leaves this package but to WeChat.
 */
@NullMarked
package io.minilogin.api;

import org.jspecify.annotations.NullMarked;
