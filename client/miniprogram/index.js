// The client of mini-login, documented in index.d.ts. ES2017. Durations are in seconds.

const PROBLEM = /^urn:mini-login:problem:(.+)/
const MAX_CONCURRENT = 9 // WeChat allows ten requests: these and a login.
const MAX_WAIT = 5 // A longer Retry-After is reported.
const SHORT_PAUSE = 1 // Between calls of wx.login, before a retry, after a failed login.
const LONG_PAUSE = 60 // Between logins while new tokens are refused.

const ignore = () => {}
const now = () => Date.now() / 1000
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000))

const pause = (seconds) => ({ begin: now(), seconds })
/** Returns the rest of a pause, if there is one. A clock that is set back ends the pause. */
const rest = ({ begin, seconds } = pause(0)) => (now() < begin ? 0 : Math.max(0, begin + seconds - now()))

/** Calls what the platform may lack or refuse. */
function optional(work) {
  try {
    return work()
  } catch (e) {}
}

/** Decodes UTF-8 without TextDecoder. */
const decode = (buffer) => decodeURIComponent(escape(String.fromCharCode.apply(null, new Uint8Array(buffer))))

/** Returns the object in a JSON body, or the body. */
function parse(body) {
  const value = optional(() => JSON.parse(Object(body).byteLength ? decode(body) : body))
  return Object(value) === value ? value : body
}

/** Returns the seconds of Retry-After, a number or a date. */
function retryAfterOf(header) {
  const value = header[Object.keys(header).find((name) => name.toLowerCase() === 'retry-after')]
  if (/^\d+$/.test(value)) return Number(value)
  const seconds = Math.ceil(Date.parse(value) / 1000 - now())
  return isNaN(seconds) ? undefined : Math.max(0, seconds)
}

const tokenOf = (login) => Object(Object(login).data).access_token

class MiniLoginError extends Error {
  /** Takes the result of the platform's `success` or `fail`. */
  constructor(result, action) {
    result = Object(result)
    const status = Number(result.statusCode) || 0
    const data = status ? parse(result.data) : result
    const body = Object(data)
    const texts = status ? [body.detail, body.title, `HTTP ${status}`] : [data.errMsg, data.message, 'no response']
    super(texts.find((text) => text && typeof text === 'string'))
    const [, type = ''] = PROBLEM.exec(body.type) || []
    const { action: asked, detail, errcode, trace_id: traceId } = type ? body : {}
    action = action || asked || { 0: 'retry', 401: 'login' }[status]
    const retryAfter = retryAfterOf(Object(result.header))
    Object.assign(this, { name: 'MiniLoginError', status, data, type, action, detail, errcode, traceId, retryAfter })
  }
}

/** Retries `attempt` once if its error asks for it and `prepare` agrees. */
const withRetry = (attempt, prepare) =>
  attempt().catch(async (e) => {
    if (!/login|retry/.test(e.action) || e.retryAfter > MAX_WAIT || !prepare(e)) throw e
    const seconds = e.retryAfter || (e.action === 'retry' ? SHORT_PAUSE : 0)
    if (seconds) await sleep(seconds)
    return attempt()
  })

function baseOf(url) {
  if (!/^https?:\/\/[^/?#][^?#]*$/i.test(url)) throw new TypeError(`baseUrl must be like https://example.com: ${url}`)
  return url.replace(/\/*$/, '/')
}

/** @type {import('../index').createClient} */
function createClient({ baseUrl, loginBaseUrl = baseUrl, platform = wx }) {
  const base = baseOf(baseUrl)
  const loginBase = baseOf(loginBaseUrl)
  const appid = optional(() => platform.getAccountInfoSync().miniProgram.appId)
  const key = `mini-login ${appid} ${loginBase}`
  const sending = new Set()
  let loginUnderWay, loginFailure, loginPause, codePause

  /** The last login. `refused` is a pause after a refusal of its token. */
  let saved = optional(() => platform.getStorageSync(key))
  if (!tokenOf(saved)) saved = undefined

  const hasToken = () => saved && saved.expires > now()

  function save(login) {
    const lifetime = login.data.expires_in
    saved = Object.assign({ expires: now() + (lifetime >= 1 ? lifetime : 60) }, login)
    optional(() => platform.setStorageSync(key, saved))
    return saved
  }

  function forget() {
    saved = undefined
    optional(() => platform.removeStorageSync(key))
  }

  /** Reads the body of a failed download from its file. */
  const bodyOf = ({ tempFilePath, filePath }) =>
    new Promise((success, fail) => {
      platform.getFileSystemManager().readFile({ filePath: tempFilePath || filePath, encoding: 'utf8', success, fail })
    }).then(({ data }) => data, ignore)

  /** Calls a function of the platform. Its task becomes `job.task`. */
  const call = (name, options, job = {}) =>
    new Promise((resolve, reject) => {
      const fail = (e) => reject(new MiniLoginError(e))
      const success = async (result) => {
        if (/^2|undefined/.test(result.statusCode)) return resolve(result) // wx.login has no status.
        fail(Object.assign({}, result, { data: name === 'downloadFile' ? await bodyOf(result) : result.data }))
      }
      try {
        job.task = platform[name](Object.assign({}, options, { success, fail }))
      } catch (e) {
        reject(new MiniLoginError(e, 'none'))
      }
      optional(() => job.task.catch(ignore)) // Taro's task is a promise.
    })

  /** Logs in. All callers share one login and, for a while, its failure. */
  function logIn() {
    if (loginUnderWay) return loginUnderWay
    if (rest(loginPause)) return Promise.reject(loginFailure)
    let code
    const exchange = async () => {
      if (!code) {
        await sleep(rest(codePause))
        codePause = pause(SHORT_PAUSE)
        code = (await call('login')).code
      }
      const data = { code, appid }
      const response = await call('request', { url: loginBase + 'login', method: 'POST', data }).catch((e) => {
        if (e.status >= 500 && !e.type) e.action = 'retry' // A gateway has answered.
        throw e
      })
      if (!tokenOf(response)) throw new MiniLoginError(response)
      return save(response)
    }
    const end = (error) => {
      loginUnderWay = undefined
      loginFailure = error
      loginPause = error && pause(error.retryAfter || SHORT_PAUSE)
    }
    loginUnderWay = withRetry(exchange, ({ action }) => {
      code = action === 'retry' && code
      return true
    })
    loginUnderWay.then(() => end(), end)
    return loginUnderWay
  }

  /** Returns a full URL that may get the token. */
  function resolveUrl(url) {
    const full = String(url).replace(/^\//, base)
    const isBelow = full.startsWith(base) || full.startsWith(loginBase)
    if (isBelow && !/[/\\](\.|%2e){2}([/\\]|$)/i.test(full.split(/[?#]/)[0])) return full
    throw new MiniLoginError({ errMsg: `${url} is not below ${base}` }, 'none')
  }

  /** Sends a request, an upload or a download. `getData` is called after the login, for each attempt. */
  function send(name, options, { getData, renew = true } = {}) {
    const auth = options.auth !== false
    const job = {}
    let abort, aborted, used, refused

    async function attempt() {
      const url = resolveUrl(options.url)
      let data
      // An await between this loop and sending.add would exceed the limit.
      for (;;) {
        if (aborted) throw aborted
        if (auth && (loginUnderWay || !hasToken() || saved === refused)) await logIn()
        else if (getData && !data) data = { data: await getData() }
        else if (sending.size >= MAX_CONCURRENT) await Promise.race(sending).catch(ignore)
        else break
      }
      used = auth ? saved : {}
      const token = auth && { Authorization: 'Bearer ' + tokenOf(used) }
      const sent = Object.assign({}, options, data, { url, header: Object.assign({}, options.header, token) })
      delete sent.auth
      const response = call(name, sent, job)
      sending.add(response)
      await response.catch(ignore)
      sending.delete(response)
      return response
    }

    /** Returns whether to retry. The retry logs in unless the refused token has been replaced. */
    function prepare(e) {
      if (!used || aborted) return false
      if (e.action === 'retry') return e.type // Neither a lost response nor a backend's failure.
      refused = used
      return auth && renew && saved && !rest(saved.refused)
    }

    const promise = new Promise((resolve, reject) => {
      abort = () => {
        aborted = new MiniLoginError({ errMsg: name + ':fail abort' }, 'none')
        reject(aborted)
        optional(() => job.task.abort())
      }
      withRetry(attempt, prepare).then(resolve, (e) => {
        if (e.action === 'login' && refused && used !== refused) used.refused = pause(LONG_PAUSE)
        reject(e)
      })
    })
    return Object.assign(promise, { abort })
  }

  const tapAgain = (e) => Promise.reject(new MiniLoginError(e, 'new-code'))

  /** Sends a request to mini-login itself. */
  const ask = (method, path, data, more) => send('request', { url: loginBase + path, method, data }, more)
  const end = (path, more) => ask('DELETE', path, undefined, more).then((response) => (forget(), response))

  const login = async ({ force } = {}) => (force || loginUnderWay || !hasToken() ? logIn() : saved)

  return {
    login,
    request: (options) => send('request', options),
    uploadFile: (options) => send('uploadFile', options),
    downloadFile: (options) => send('downloadFile', options),
    session: () => ask('GET', 'session'),
    checkKey: () => ask('POST', 'session/key/check'),
    logoutEverywhere: () => end('sessions'),

    async logout() {
      if (!loginUnderWay && !hasToken()) return forget()
      return end('session', { renew: false }).catch((e) => (e.status === 401 ? forget() : Promise.reject(e)))
    },

    openData(get) {
      const getData = () => Promise.resolve().then(get).catch(tapAgain)
      return ask('POST', 'session/open-data', undefined, { getData })
    },

    phoneNumber({ code, errMsg }) {
      if (!code) return tapAgain({ errMsg })
      return ask('POST', 'session/phone-number', { code }).catch((e) => {
        // A copy: requests share the error of a login.
        throw Object.assign(new MiniLoginError(e), e, { action: e.action === 'none' ? 'none' : 'new-code' })
      })
    },
  }
}

module.exports = { createClient, MiniLoginError }
