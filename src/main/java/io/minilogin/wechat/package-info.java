/**
 * WeChat: the calls to api.weixin.qq.com and what its answers mean. Features ask {@code
 * WechatGateway} and get an outcome; nobody else sees the REST client, an errcode or the query
 * string, which carries the app secret.
 */
@NullMarked
package io.minilogin.wechat;

import org.jspecify.annotations.NullMarked;
