package io.minilogin.opendata;

/** Whether WeChat's session key for the user is still good. */
record SessionKeyCheck(boolean valid) {}
