/**
 * The login: takes a code, has it exchanged exactly once however often and wherever it is posted,
 * has the session created. What a code is worth is WeChat's to say and how a session is kept is the
 * session package's; neither is known here.
 */
@NullMarked
package io.minilogin.login;

import org.jspecify.annotations.NullMarked;
