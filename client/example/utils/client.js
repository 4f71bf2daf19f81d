const { createClient } = require('mini-login-client')

// Against the real WeChat: createClient({ baseUrl: 'https://…' }), and nothing else of this file.
const baseUrl = 'http://localhost:8080'
const user = 'alice'

// The simulated WeChat of the development service takes codes that name the user, and has an app of its own.
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
