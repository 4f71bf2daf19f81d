'use strict'
// The mini program's side of mini-login. index.d.ts says what each call promises.

const PROBLEM = 'urn:mini-login:problem:'
const SECOND = 1000
const MINUTE = 60 * SECOND
// WeChat's limit of requests under way.
const MOST = 10
// The longest Retry-After, in seconds, that a request waits for.
const PATIENCE = 5

const sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis))
const ignore = () => {}

/** Seconds of a Retry-After, which may also be a date. */
const seconds = (text) => {
  const number = Number(text)
  return number >= 0 ? number : Math.max(0, Math.ceil((Date.parse(text) - Date.now()) / SECOND)) || undefined
}

class MiniLoginError extends Error {
  /** @param answer the platform's, or what it failed with */
  constructor(answer, action) {
    const status = answer.statusCode || 0
    const header = answer.header || {}
    const data = Object(answer.data)
    const problem = String(data.type).indexOf(PROBLEM) ? {} : data
    super(problem.detail || answer.errMsg || answer.message || `HTTP ${status}`)
    this.name = 'MiniLoginError'
    this.status = status
    this.data = status ? answer.data : answer
    this.type = problem.type && problem.type.slice(PROBLEM.length)
    this.detail = problem.detail
    this.errcode = problem.errcode
    this.traceId = problem.trace_id
    this.retryAfter = seconds(header[Object.keys(header).find((name) => name.toLowerCase() === 'retry-after')])
    // A gateway may answer without a problem.
    const late = !status || (status === 503 && this.retryAfter >= 0)
    this.action = action || problem.action || (status === 401 ? 'login' : late ? 'retry' : undefined)
  }
}

/** @type {import('./index').createClient} */
function createClient({ baseUrl, platform = wx }) {
  const base = baseUrl.replace(/\/+$/, '')
  let appid
  try {
    appid = platform.getAccountInfoSync().miniProgram.appId
  } catch (e) {
    // Then the service knows by itself.
  }
  const key = `mini-login ${appid || ''} ${base}`
  /** The last login's `data`, and when it `expires`; none after a logout. */
  let saved
  try {
    saved = platform.getStorageSync(key)
  } catch (e) {
    // Then the user logs in again.
  }
  let queue = []
  let active = 0
  /** The login under way. */
  let entering
  let lastLogin = 0
  let failure
  let failureEnds = 0

  const valid = () => saved && saved.data && saved.expires > Date.now()

  function save(data) {
    saved = data && { data, expires: Date.now() + data.expires_in * SECOND }
    try {
      if (saved) platform.setStorageSync(key, saved)
      else platform.removeStorageSync(key)
    } catch (e) {
      // It lasts as long as the app runs.
    }
  }

  /** Calls a function of the platform, as a promise. */
  const call = (name, options, job = {}) =>
    new Promise((resolve, reject) => {
      const all = Object.assign({}, options, { success: resolve, fail: reject })
      delete all.complete
      const task = platform[name](all)
      job.task = task
      // Taro's is a promise, too.
      if (task && task.catch) task.catch(ignore)
    }).catch((e) => {
      throw new MiniLoginError(e)
    })

  function enqueue(job, first) {
    return new Promise((resolve, reject) => {
      queue[first ? 'unshift' : 'push'](Object.assign(job, { resolve, reject }))
      pump()
    })
  }

  function pump() {
    while (queue.length && active < MOST) {
      const job = queue[0]
      if (!job.dropped && !job.bare && (entering || !valid())) {
        enter().catch(ignore)
        return
      }
      queue.shift()
      if (!job.dropped) launch(job)
    }
  }

  function launch(job) {
    const options = Object.assign({}, job.options)
    const header = Object.assign({}, options.header)
    if (!job.bare) {
      Object.keys(header).forEach((name) => name.toLowerCase() === 'authorization' && delete header[name])
      job.sent = saved
      header.Authorization = `Bearer ${saved.data.access_token}`
    }
    const done = (answer) => {
      active--
      if (answer.statusCode >= 200 && answer.statusCode < 300) job.resolve(answer)
      else job.reject(answer instanceof Error ? answer : new MiniLoginError(answer))
      pump()
    }
    active++
    call('request', Object.assign(options, { url: base + path(options.url), header }), job).then(done, done)
  }

  /** The token goes to the base URL only. */
  function path(url) {
    const rest = url.indexOf(base) ? url : url.slice(base.length)
    if (!/^([/?]|$)/.test(rest)) throw new MiniLoginError({ errMsg: `${url} is not below ${base}` }, 'none')
    return rest
  }

  /** One login for all who want one. */
  function enter() {
    if (!entering) {
      entering = logIn()
      const end = (error) => {
        entering = undefined
        if (error) queue = queue.filter((job) => job.bare || job.reject(error))
        pump()
      }
      entering.then(() => end(), end)
    }
    return entering
  }

  async function logIn() {
    if (Date.now() < failureEnds) {
      failure.retryAfter = Math.ceil((failureEnds - Date.now()) / SECOND)
      throw failure
    }
    let code
    for (let again = true; ; again = false) {
      try {
        if (!code) {
          await sleep(lastLogin + SECOND - Date.now())
          lastLogin = Date.now()
          code = (await call('login', {})).code
        }
        const options = { url: '/login', method: 'POST', data: { code, appid }, timeout: 10 * SECOND }
        const answer = await enqueue({ bare: true, options }, true)
        if (!answer.data.access_token) throw new MiniLoginError(answer)
        save(answer.data)
        return answer
      } catch (e) {
        failure = e
        failureEnds = Date.now() + (e.retryAfter || 1) * SECOND
        if (e.action === 'login') code = ''
        if (!again || e.retryAfter > PATIENCE || !/login|retry/.test(e.action)) throw e
        await sleep((e.retryAfter || 0) * SECOND)
      }
    }
  }

  /** Does the work, and once more where the problem's action says so. */
  async function run(job, work) {
    try {
      return await work()
    } catch (e) {
      const repeats = e.type || !/P/.test(job.options.method)
      if (job.dropped || !job.sent || e.retryAfter > PATIENCE) throw e
      if (e.action === 'retry' && e.status && repeats) {
        await sleep((e.retryAfter || 1) * SECOND)
        return work()
      }
      if (e.action !== 'login' || job.stays || !saved) throw e
      if (saved !== job.sent) return work()
      // Whoever was refused with a new token is not helped by the next one.
      if (saved.refused > Date.now()) throw e
      await enter()
      return work().catch((again) => {
        if (again.action === 'login' && job.sent === saved) saved.refused = Date.now() + MINUTE
        throw again
      })
    }
  }

  function request(options, job = {}) {
    job.options = options
    let fail
    const promise = new Promise((resolve, reject) => {
      fail = reject
      run(job, () => enqueue(job)).then(resolve, reject)
    })
    promise.abort = () => {
      job.dropped = true
      fail(new MiniLoginError({ errMsg: 'request:fail abort' }, 'none'))
      if (job.task && job.task.abort) job.task.abort()
    }
    return promise
  }

  const post = (url, data) => request({ url, method: 'POST', data })

  const client = {
    request: (options) => request(options),

    login: async ({ force } = {}) =>
      !force && !entering && valid() ? { statusCode: 200, data: saved.data, header: {} } : enter(),

    async logout() {
      if (entering) await entering.catch(ignore)
      const nothing = { statusCode: 204, data: '', header: {} }
      const answer = valid()
        ? await request({ url: '/session', method: 'DELETE' }, { stays: true }).catch((e) => {
            if (e.status !== 401) throw e
            return nothing
          })
        : nothing
      save()
      return answer
    },

    async logoutEverywhere() {
      const answer = await request({ url: '/sessions', method: 'DELETE' })
      save()
      return answer
    },

    session: () => request({ url: '/session' }),
    checkKey: () => post('/session/key/check'),

    async openData(get) {
      const job = { options: { url: '/session/open-data', method: 'POST' } }
      await client.login()
      return run(job, async () => {
        const info = await get()
        job.options.data = info
        return enqueue(job)
      })
    },

    phoneNumber: (detail) =>
      (detail.code
        ? post('/session/phone-number', { code: detail.code })
        : Promise.reject(new MiniLoginError(detail))
      ).catch((e) => {
        if (e.action !== 'none') e.action = 'new-code'
        throw e
      }),
  }
  return client
}

module.exports = { createClient, MiniLoginError }
