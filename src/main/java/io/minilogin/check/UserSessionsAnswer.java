package io.minilogin.check;

import io.minilogin.session.UserSession;
import java.util.List;

/** A user's sessions in an app, the newest first. */
record UserSessionsAnswer(List<UserSession> sessions) {}
