/**
 * The published file of the mini program's client in a JavaScript engine. Its network requests are
 * HTTP requests to the packaged service, and its {@code wx.login} returns codes of the simulated
 * WeChat.
 */
package io.minilogin.it.client;
