package io.minilogin.users;

import io.minilogin.session.UserSession;
import java.util.List;

/** The sessions of a user in an app, the newest first. */
record UserSessionsResponse(List<UserSession> sessions) {}
