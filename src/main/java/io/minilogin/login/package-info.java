/**
 * The login: exchanges a code for a session. A code is exchanged once, however often and at
 * whichever instance it is posted. The meaning of WeChat's replies belongs to {@code wechat}, and
 * the storage of sessions belongs to {@code session}.
 */
@NullMarked
package io.minilogin.login;

import org.jspecify.annotations.NullMarked;
