package io.minilogin.dev;

import io.minilogin.dev.WechatSimulator.Request;

/** A call that an app makes with its access token. */
interface CallOfApp {
  /**
   * Returns WeChat's answer.
   *
   * @param appid the app to which the access token of the request belongs
   */
  Answer answer(String appid, Request request);
}
