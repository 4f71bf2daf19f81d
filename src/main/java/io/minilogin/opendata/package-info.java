/**
 * What else a logged-in user needs from WeChat: open data that the client API handed over
 * encrypted, the phone number, the state of the session key. The key stays here, and what comes out
 * with it is passed on and kept nowhere, but for the unionid.
 */
@NullMarked
package io.minilogin.opendata;

import org.jspecify.annotations.NullMarked;
