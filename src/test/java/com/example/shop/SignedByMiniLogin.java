package com.example.shop;

import cn.binarywang.wx.miniapp.bean.xpay.WxMaXPaySigParams;

/** Has WxJava send calls without signatures, so that mini-login adds them. */
public final class SignedByMiniLogin extends WxMaXPaySigParams {
  private static final long serialVersionUID = 1;

  @Override
  public String signUriWithBoth(String url, String body) {
    return withoutQuery(url);
  }

  @Override
  public String signUriWithPay(String url, String body) {
    return withoutQuery(url);
  }

  private static String withoutQuery(String url) {
    return url.substring(0, url.indexOf('?'));
  }
}
