// The promises are in index.d.ts. Times are in seconds.

const PROBLEM = /^urn:mini-login:problem:/
const MOST = 9 // WeChat allows ten under way: these, and a login.
const PATIENCE = 5 // The longest Retry-After to wait for.

const ignore = () => {}
const now = () => Date.now() / 1000
/** Seconds until then; none if there are more than there can be: the clock was set back. */
const left = (until, most) => (until - now() > most ? 0 : until - now())
const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time * 1000))

const attempt = (work) => {
  try {
    return work()
  } catch (e) {} // Not there, or full.
}

/** Once more, where that helps. */
const twice = (work, mend) =>
  work().catch(async (e) => {
    if (!/login|retry/.test(e.action) || e.retryAfter > PATIENCE) throw e
    await mend(e)
    await sleep(e.retryAfter || (e.action === 'retry' ? 1 : 0))
    return work()
  })

/** The token in a login's answer, which may be damaged when it comes from the storage. */
const token = (answer) => Object(Object(answer).data).access_token

class MiniLoginError extends Error {
  constructor(answer, action) {
    answer = Object(answer)
    const { statusCode: status = 0, data } = answer
    const header = Object(answer.header)
    const problem = PROBLEM.test(Object(data).type) ? data : { type: '' }
    const { detail, errcode, trace_id: traceId } = problem
    super(detail || answer.errMsg || answer.message || `HTTP ${status}`)
    const retryAfter = Number(header['Retry-After'] || header['retry-after']) || undefined
    Object.assign(this, { status, data: status ? data : answer, detail, errcode, traceId, retryAfter })
    this.name = 'MiniLoginError'
    this.type = problem.type.replace(PROBLEM, '')
    this.action = action || problem.action || { 0: 'retry', 401: 'login' }[status]
  }
}

/** @type {import('../index').createClient} */
function createClient({ baseUrl, platform = wx }) {
  const base = baseUrl.replace(/\/*$/, '/')
  const appid = attempt(() => platform.getAccountInfoSync().miniProgram.appId)
  const key = `mini-login ${appid} ${base}`
  /** The last login's answer. */
  let saved = attempt(() => platform.getStorageSync(key))
  if (!token(saved)) saved = undefined
  const sending = new Set()
  /** The login under way; the last failure, until when; the last wx.login. */
  let entering, failure, held = 0, pause = 0, called = 0

  const valid = () => saved && saved.expires > now()

  function save(answer) {
    const lifetime = answer && answer.data.expires_in
    saved = answer && Object.assign({ expires: now() + (lifetime >= 1 ? lifetime : 60) }, answer)
    attempt(() => (answer ? platform.setStorageSync(key, saved) : platform.removeStorageSync(key)))
    return saved
  }

  const call = (name, options, job = {}) =>
    new Promise((resolve, reject) => {
      const fail = (e) => reject(new MiniLoginError(e))
      const success = (answer) => (/^[^2u]/.test(answer.statusCode) ? fail : resolve)(answer)
      job.task = platform[name](Object.assign({}, options, { success, fail }))
      attempt(() => job.task.catch(ignore)) // Taro's is a promise.
    })

  /** One login for all. */
  function enter() {
    if (entering || left(held, pause) > 0) return entering || Promise.reject(failure)
    let code
    const exchange = async () => {
      if (!code) {
        await sleep(left(called + 1, 1))
        called = now()
        code = (await call('login')).code
      }
      const data = { code, appid }
      const answer = await call('request', { url: base + 'login', method: 'POST', data }).catch((e) => {
        // A gateway answers in place of the service.
        if (e.status >= 500 && !e.type) e.action = 'retry'
        throw e
      })
      if (!token(answer)) throw new MiniLoginError(answer)
      return save(answer)
    }
    const end = (e) => {
      entering = undefined
      failure = e
      pause = e ? e.retryAfter || 1 : 0
      held = now() + pause
    }
    entering = twice(exchange, (e) => (code = e.action === 'retry' && code))
    entering.then(() => end(), end)
    return entering
  }

  function start(options, { get, stays, tapped } = {}) {
    const job = {}
    let sent, refused, gone, fail
    async function send() {
      const url = options.url.replace(/^\//, base)
      if (!url.startsWith(base)) throw new MiniLoginError({ errMsg: `not below ${base}` }, 'none')
      if (get) options.data = await get()
      while (sending.size >= MOST || entering || !valid()) {
        await (sending.size < MOST ? enter() : Promise.race(sending).catch(ignore))
        if (gone) throw gone
      }
      sent = saved
      const header = Object.assign({}, options.header, { Authorization: 'Bearer ' + sent.data.access_token })
      const answer = call('request', Object.assign({}, options, { url, header }), job)
      sending.add(answer)
      await answer.catch(ignore)
      sending.delete(answer)
      return answer
    }
    async function mend(e) {
      const login = e.action === 'login'
      if (!sent || gone || (login ? !saved || stays || left(saved.refused, 60) > 0 : !e.type)) throw e
      if (login && saved === sent) refused = await enter()
    }
    const promise = new Promise((resolve, reject) => {
      fail = (e) => {
        // Another token would not help.
        if (refused && e.action === 'login') refused.refused = now() + 60
        if (stays && e.status === 401) resolve()
        // A login's failure is everybody's.
        const copy = new MiniLoginError({ errMsg: e.message || e.errMsg }, 'new-code')
        reject(Object.assign(copy, e, tapped && e.action !== 'none' && { action: 'new-code' }))
      }
      twice(send, mend).then(resolve, fail)
    })
    promise.abort = () => {
      fail((gone = new MiniLoginError({ errMsg: 'request:fail abort' }, 'none')))
      attempt(() => job.task.abort())
    }
    return promise
  }

  const login = async ({ force } = {}) => (force || entering || !valid() ? enter() : saved)
  const post = (url, data, more) => start({ url, method: 'POST', data }, more)
  const end = (url, more) => start({ url, method: 'DELETE' }, more).then((answer) => (save(), answer))

  return {
    login,
    request: (options) => start(options),
    session: () => start({ url: '/session' }),
    checkKey: () => post('/session/key/check'),
    openData: (get) => login().then(() => post('/session/open-data', 0, { get })),
    logout: async () => (entering || valid() ? end('/session', { stays: true }) : save()),
    logoutEverywhere: () => end('/sessions'),

    async phoneNumber({ code, errMsg }) {
      if (!code) throw new MiniLoginError({ errMsg }, 'new-code')
      return post('/session/phone-number', { code }, { tapped: true })
    },
  }
}

module.exports = { createClient, MiniLoginError }
