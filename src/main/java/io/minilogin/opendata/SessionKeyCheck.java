package io.minilogin.opendata;

/**
 * The response of {@code POST /session/key/check}: whether the user's session key is still valid.
 */
record SessionKeyCheck(boolean valid) {}
