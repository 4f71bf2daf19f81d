/**
 * Creates the part of a mini program's wx object that the client uses, for the phone of a user.
 *
 * @param words returns the words of the simulated WeChat for the next code
 * @param header returns headers that name the current action
 * @param isDouble returns whether the next login is posted twice, as after a double tap
 * @param refused is called with the seconds that a refused login asks to wait
 */
export function createWx({ appid, user, words, header, isDouble, refused }) {
  const key = (name) => `wx ${user} ${name}`

  return {
    getAccountInfoSync: () => ({ miniProgram: { appId: appid } }),

    getStorageSync: (name) => JSON.parse(localStorage.getItem(key(name)) || '""'),
    setStorageSync: (name, value) => localStorage.setItem(key(name), JSON.stringify(value)),
    removeStorageSync: (name) => localStorage.removeItem(key(name)),

    login({ success, fail }) {
      const query = new URLSearchParams({ user, words: words() })
      fetch(`/simulator/login?${query}`, { headers: header() })
        .then((response) => response.json())
        .then(success, (e) => fail({ errMsg: `login:fail ${e.message}` }))
    },

    /** Works like wx.request: it sends data as JSON, and every status is a success. */
    request({ url, method = 'GET', data, header: more, success, fail }) {
      const controller = new AbortController()
      const body = data === undefined ? undefined : JSON.stringify(data)
      const headers = { 'Content-Type': 'application/json', ...header(), ...more }
      const send = () => fetch(url, { method, body, headers, signal: controller.signal })
      const isLogin = url.endsWith('/login')
      if (isLogin && isDouble()) send().catch(() => {})
      send()
        .then(async (response) => ({
          statusCode: response.status,
          header: Object.fromEntries(response.headers),
          data: parsed(await response.text()),
        }))
        .then(
          (answer) => {
            if (isLogin && answer.statusCode >= 400) refused(Number(answer.header['retry-after']) || 0)
            success(answer)
          },
          (e) => fail({ errMsg: `request:fail ${e.message}` })
        )
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
