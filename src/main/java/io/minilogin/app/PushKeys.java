package io.minilogin.app;

import java.util.List;

/**
 * What WeChat's message push is verified and decrypted with.
 *
 * @param tokens the current token, then the previous one if there is one
 * @param aesKeys the current EncodingAESKey, then the previous one if there is one; empty if events
 *     come unencrypted
 */
public record PushKeys(List<Secret> tokens, List<Secret> aesKeys) {}
