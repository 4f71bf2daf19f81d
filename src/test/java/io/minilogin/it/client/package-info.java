/**
 * The mini program's client, the very file that is published, in a JavaScript engine: its network
 * is HTTP to the packaged service, and its {@code wx.login} gives the simulated WeChat's codes.
 */
package io.minilogin.it.client;
