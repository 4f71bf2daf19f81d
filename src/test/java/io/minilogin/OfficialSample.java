package io.minilogin;

/**
 * WeChat's own example of encrypted data.
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/signature.html">WeChat's
 *     page</a>
 */
public final class OfficialSample {
  public static final String APPID = "wx4f4bc4dec97d474b";
  public static final String SESSION_KEY = "tiihtNczf5v6AKRyjwEUhQ==";
  public static final String IV = "r7BXXKkLb8qrSNn05n0qiA==";
  public static final String ENCRYPTED_DATA =
      "CiyLU1Aw2KjvrjMdj8YKliAjtP4gsMZMQmRzooG2xrDcvSnxIMXFufNstNGTyaGS9uT5geRa0W4oTOb1WT7fJlAC"
          + "+oNPdbB+3hVbJSRgv+4lGOETKUQz6OYStslQ142dNCuabNPGBzlooOmB231qMM85d2/fV6ChevvXvQP8Hkue"
          + "1poOFtnEtpyxVLW1zAo6/1Xx1COxFvrc2d7UL/lmHInNlxuacJXwu0fjpXfz/YqYzBIBzD6WUfTIF9GRHpOn"
          + "/Hz7saL8xz+W//FRAUid1OksQaQx4CMs8LOddcQhULW4ucetDf96JcR3g0gfRK4PC7E/r7Z6xNrXd2UIeorG"
          + "j5Ef7b1pJAYB6Y5anaHqZ9J6nKEBvB4DnNLIVWSgARns/8wR2SiRS7MNACwTyrGvt9ts8p12PKFdlqYTopNH"
          + "R1Vf7XjfhQlVsAJdNiKdYmYVoKlaRv85IfVunYzO0IKXsyl7JCUjCpoG20f0a04COwfneQAGGwd5oa+T8yO5"
          + "hzuyDb/XcxxmK01EpqOyuxINew==";

  /** The openid in the encrypted data. */
  public static final String OPENID = "oGZUI0egBJY1zhBYw2KhdUfwVJJE";

  public static final String UNIONID = "ocMvos6NjeKLIBqg5Mr9QjxrP1FA";
  public static final int TIMESTAMP = 1477314187;

  private OfficialSample() {}
}
