package io.minilogin.app;

import java.util.List;

/**
 * The secrets that verify and decrypt WeChat's message push.
 *
 * @param tokens the current token, then the previous one if there is one
 * @param aesKeys the current EncodingAESKey, then the previous one if there is one; empty if events
 *     come unencrypted
 */
public record PushKeys(List<Secret> tokens, List<Secret> aesKeys) {}
