package io.minilogin.wechat;

import io.minilogin.app.Secret;
import java.time.Duration;

/**
 * An access token that WeChat issued for an app.
 *
 * @param text the token, at most 512 characters
 * @param expiresIn the lifetime, at most 2 hours
 */
public record IssuedAccessToken(Secret text, Duration expiresIn) {}
