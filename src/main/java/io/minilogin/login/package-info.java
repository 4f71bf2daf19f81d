/**
 * The login: takes a code, exchanges it exactly once however often and at whichever instance it is
 * posted, and has the session created. WeChat decides what a code is worth, and the session package
 * decides how to store a session; this package knows neither.
 */
@NullMarked
package io.minilogin.login;

import org.jspecify.annotations.NullMarked;
