/** Creates the part of a mini program's wx object that the client uses, for the phone of a user. */
export function createWx({ appid, user, code, tell }) {
  const key = (name) => `wx ${user} ${name}`

  return {
    getAccountInfoSync: () => ({ miniProgram: { appId: appid } }),

    getStorageSync: (name) => JSON.parse(localStorage.getItem(key(name)) || '""'),
    setStorageSync: (name, value) => localStorage.setItem(key(name), JSON.stringify(value)),
    removeStorageSync: (name) => localStorage.removeItem(key(name)),

    login({ success }) {
      tell('CLIENT', 'WECHAT', 'CALL', 'wx.login')
      const answer = { code: code(), errMsg: 'login:ok' }
      tell('WECHAT', 'CLIENT', 'ANSWER', answer.code)
      success(answer)
    },

    /** Works like wx.request: it sends data as JSON, and every status is a success. */
    request({ url, method = 'GET', data, header, success, fail }) {
      const controller = new AbortController()
      const body = data === undefined ? undefined : JSON.stringify(data)
      const headers = { 'Content-Type': 'application/json', ...header }
      fetch(url, { method, body, headers, signal: controller.signal })
        .then(async (response) => ({
          statusCode: response.status,
          header: Object.fromEntries(response.headers),
          data: parsed(await response.text()),
        }))
        .then(success, (e) => fail({ errMsg: `request:fail ${e.message}` }))
      return { abort: () => controller.abort() }
    },
  }
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch (e) {
    return text
  }
}
