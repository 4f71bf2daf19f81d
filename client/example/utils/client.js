const { createClient } = require('mini-login-client')

// For the real WeChat, client is createClient({ baseUrl: 'https://…' }), and the rest of this file is not needed.
const baseUrl = 'http://localhost:8080'
const user = 'alice'

// The simulated WeChat of the development service accepts codes that name the user, and has its own app.
const platform = {
  login: ({ success }) => success({ code: `${user}.${Date.now()}` }),
  getAccountInfoSync: () => ({ miniProgram: { appId: 'wx0000000000000000' } }),
  request: wx.request,
  getStorageSync: wx.getStorageSync,
  setStorageSync: wx.setStorageSync,
  removeStorageSync: wx.removeStorageSync,
}

/** The result of wx.getUserInfo({ withCredentials: true }), encrypted with the simulated WeChat's session key. */
const getUserInfo = () =>
  new Promise((resolve, fail) =>
    wx.request({ url: `${baseUrl}/simulator/user-info?user=${user}`, success: ({ data }) => resolve(data), fail }),
  )

module.exports = { client: createClient({ baseUrl, platform }), getUserInfo }
