/**
 * The access token of each app, which WeChat wants with every call but the login: one for all
 * instances, kept sealed in Redis, had from WeChat when it is needed. Features say which call they
 * want to make with it and never learn how it came; nothing here is ever asked for a login.
 */
@NullMarked
package io.minilogin.accesstoken;

import org.jspecify.annotations.NullMarked;
