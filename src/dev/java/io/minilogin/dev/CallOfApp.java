package io.minilogin.dev;

import io.minilogin.dev.WechatSimulator.Request;

/** A call that an app makes with its access token. */
interface CallOfApp {
  /**
   * What WeChat says to it.
   *
   * @param appid whose access token came with the request
   */
  Answer answer(String appid, Request request);
}
