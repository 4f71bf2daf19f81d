package io.minilogin.wechat;

import io.minilogin.app.Secret;
import java.time.Duration;

/**
 * An app's access token as WeChat gave it.
 *
 * @param text at most 512 characters
 * @param expiresIn at most 2 hours
 */
public record IssuedAccessToken(Secret text, Duration expiresIn) {}
