'use strict'
// These tests need a server or a platform that behaves unlike mini-login and wx. `./mvnw verify` tests the client with
// the real service.

const { test } = require('node:test')
const assert = require('node:assert/strict')
const fs = require('node:fs')
const http = require('node:http')
const path = require('node:path')

let acorn
try {
  acorn = require('acorn')
} catch (e) {} // Not installed.

const { createClient, MiniLoginError } = require('..')

/** A server whose `answer` gives status, body and headers of each request that is not a login. */
async function serve(t, answer) {
  const seen = []
  const server = http.createServer((request, response) => {
    const chunks = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', async () => {
      seen.push(request)
      const token = `token-${seen.filter(({ url }) => url.endsWith('/login')).length}`
      const [status, body, headers] = request.url.endsWith('/login')
        ? [200, { access_token: token, expires_in: 600, openid: 'o' }]
        : await answer(request, seen)
      response.writeHead(status, Object.assign({ 'Content-Type': 'application/json' }, headers))
      response.end(JSON.stringify(body))
    })
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const baseUrl = `http://127.0.0.1:${server.address().port}`
  return { baseUrl, seen, paths: () => seen.map(({ url }) => url) }
}

/** The platform over HTTP. */
function phone(more) {
  const storage = new Map()
  const files = new Map()

  /** Sends a request. `toResult` returns the platform's result for the text of the response. */
  function send({ url, method, body, header, success, fail }, toResult) {
    const request = http.request(url, { method, headers: header }, (response) => {
      const chunks = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () => {
        const result = { statusCode: response.statusCode, errMsg: 'request:ok' }
        success(Object.assign(result, toResult(Buffer.concat(chunks).toString(), response)))
      })
    })
    request.on('error', (e) => fail({ errMsg: `request:fail ${e.message}` }))
    request.end(body)
    return { abort: () => request.destroy(new Error('abort')) }
  }

  const wx = {
    logins: 0,
    login: ({ success }) => setTimeout(() => success({ code: `code-${++wx.logins}` })),
    request(options) {
      const body = options.data === undefined ? undefined : JSON.stringify(options.data)
      return send(Object.assign({ method: 'GET', body }, options), (text, { headers }) => ({
        data: JSON.parse(text || 'null'),
        header: headers,
      }))
    },
    uploadFile: (options) =>
      send(Object.assign({}, options, { method: 'POST', body: files.get(options.filePath) }), (data) => ({ data })),
    downloadFile: (options) =>
      send(Object.assign({ method: 'GET' }, options), (text) => {
        const path = options.filePath || `wxfile://${files.size}`
        files.set(path, text)
        return options.filePath ? { filePath: path } : { tempFilePath: path }
      }),
    getFileSystemManager: () => ({
      readFile({ filePath, success, fail }) {
        if (files.has(filePath)) success({ data: files.get(filePath) })
        else fail({ errMsg: 'readFile:fail no such file' })
      },
    }),
    getStorageSync: (key) => storage.get(key) || '',
    setStorageSync: (key, value) => storage.set(key, value),
    removeStorageSync: (key) => storage.delete(key),
  }
  return Object.assign(wx, more)
}

const failure = (promise) => promise.then(assert.fail, (e) => e)

test('a permanent 401 costs one login and one resend, and no login for a while', async (t) => {
  const server = await serve(t, () => [401, {}])
  const platform = phone()
  const client = createClient({ baseUrl: server.baseUrl, platform })
  const error = await failure(client.request({ url: '/orders' }))
  assert.ok(error instanceof MiniLoginError)
  assert.equal(error.status, 401)
  assert.deepEqual(server.paths(), ['/login', '/orders', '/login', '/orders'])
  await failure(client.request({ url: '/orders' }))
  assert.equal(platform.logins, 2)
})

test('a 401 for an old token is only sent again', async (t) => {
  let release
  const held = new Promise((resolve) => (release = resolve))
  const server = await serve(t, async ({ url, headers }) => {
    if (headers.authorization !== 'Bearer token-1') return [200, {}]
    if (url === '/slow') await held
    return [401, {}]
  })
  const platform = phone()
  const client = createClient({ baseUrl: server.baseUrl, platform })
  await client.login()
  const slow = client.request({ url: '/slow' })
  await client.request({ url: '/fast' })
  release()
  assert.equal((await slow).statusCode, 200)
  assert.equal(platform.logins, 2)
})

test('requests that begin during a login wait for it', async (t) => {
  const server = await serve(t, ({ headers }) => [headers.authorization === 'Bearer token-1' ? 401 : 200, {}])
  const platform = phone()
  const client = createClient({ baseUrl: server.baseUrl, platform })
  await client.login()
  const first = client.request({ url: '/first' })
  while (server.paths().length < 2) await new Promise((resolve) => setTimeout(resolve, 1))
  await new Promise((resolve) => setTimeout(resolve, 100))
  await Promise.all([first, client.request({ url: '/second' })])
  assert.deepEqual(server.paths().sort(), ['/first', '/first', '/login', '/login', '/second'])
})

test('a problem of action retry is sent once more after Retry-After, also a POST', async (t) => {
  const problem = { type: 'urn:mini-login:problem:store-unavailable', action: 'retry' }
  const server = await serve(t, (_, seen) => (seen.length === 2 ? [503, problem, { 'Retry-After': '1' }] : [200, {}]))
  const client = createClient({ baseUrl: server.baseUrl, platform: phone() })
  await client.login()
  const begin = Date.now()
  await client.request({ url: '/orders', method: 'POST', data: {} })
  assert.ok(Date.now() - begin >= 990)
})

test('a long Retry-After is told, not waited for', async (t) => {
  const problem = { type: 'urn:mini-login:problem:store-unavailable', action: 'retry' }
  const server = await serve(t, () => [503, problem, { 'Retry-After': '60' }])
  const client = createClient({ baseUrl: server.baseUrl, platform: phone() })
  const error = await failure(client.request({ url: '/orders' }))
  assert.equal(error.retryAfter, 60)
  assert.deepEqual(server.paths(), ['/login', '/orders'])
})

test("a backend's own failures are sent once", async (t) => {
  for (const status of [400, 409, 500, 502, 503]) {
    const server = await serve(t, () => [status, { action: 'retry', type: 'about:blank' }, { 'Retry-After': '1' }])
    const client = createClient({ baseUrl: server.baseUrl, platform: phone() })
    const error = await failure(client.request({ url: '/orders' }))
    assert.equal(error.status, status)
    assert.equal(error.type, '')
    assert.equal(error.data.type, 'about:blank')
    assert.deepEqual(server.paths(), ['/login', '/orders'])
  }
})

test('a login without the service, which a gateway answers, is tried again with the same code', async () => {
  const page = '<html><title>502 Bad Gateway</title></html>'
  const problem = { type: 'about:blank', title: 'Service Unavailable', status: 503, action: 'retry' }
  for (const [statusCode, data, header, pause] of [
    [500, '', {}, 990],
    [502, page, { 'Content-Type': 'text/html' }, 990],
    [503, problem, { 'Retry-After': '2' }, 1990],
    [504, undefined, undefined, 990],
  ]) {
    const posted = []
    const answers = [{ statusCode, data, header }, { statusCode: 200, data: { access_token: 't', expires_in: 60 } }]
    const platform = phone({
      request: ({ data, success }) => setTimeout(() => success(answers[posted.push([data.code, Date.now()]) - 1])),
    })
    const client = createClient({ baseUrl: 'http://x', platform })
    assert.equal((await client.login()).data.access_token, 't')
    assert.equal(platform.logins, 1)
    assert.equal(posted[0][0], posted[1][0])
    assert.ok(posted[1][1] - posted[0][1] >= pause, `${statusCode} is tried again after ${pause} ms`)
  }
})

test('a gateway without the service lets a login and the requests that need it fail with retry', async () => {
  let posted = 0
  const answer = { statusCode: 502, data: '<html>', header: {} }
  const platform = phone({ request: ({ success }) => setTimeout(() => success(answer, posted++)) })
  const client = createClient({ baseUrl: 'http://x', platform })
  for (const error of await Promise.all([failure(client.login()), failure(client.request({ url: '/orders' }))])) {
    assert.equal(error.status, 502)
    assert.equal(error.type, '')
    assert.equal(error.action, 'retry')
  }
  assert.equal(posted, 2)
  assert.equal(platform.logins, 1)
})

test("a login that a gateway refuses with a 4xx of its own is not tried again", async () => {
  const platform = phone({ request: ({ success }) => setTimeout(() => success({ statusCode: 413, data: '<html>' })) })
  const error = await failure(createClient({ baseUrl: 'http://x', platform }).login())
  assert.equal(error.action, undefined)
})

test('a request whose answer is lost is not sent again', async (t) => {
  const server = await serve(t, ({ socket }) => {
    socket.destroy()
    return [200, {}]
  })
  const client = createClient({ baseUrl: server.baseUrl, platform: phone() })
  const error = await failure(client.request({ url: '/orders', method: 'POST' }))
  assert.equal(error.status, 0)
  assert.equal(error.action, 'retry')
  assert.deepEqual(server.paths(), ['/login', '/orders'])
})

test('an aborted request frees its place', async (t) => {
  const server = await serve(t, ({ url }) => (url === '/never' ? new Promise(() => {}) : [200, {}]))
  const client = createClient({ baseUrl: server.baseUrl, platform: phone() })
  await client.login()
  const never = Array.from({ length: 12 }, () => client.request({ url: '/never' }))
  const last = client.request({ url: '/orders' })
  never.forEach((request) => request.abort())
  for (const request of never) assert.equal((await failure(request)).message, 'request:fail abort')
  assert.equal((await last).statusCode, 200)
})

test('a login answer without a token is a failure', async () => {
  const platform = phone({ request: ({ success }) => success({ statusCode: 200, data: '<html>', header: {} }) })
  const error = await failure(createClient({ baseUrl: 'http://example.com', platform }).login())
  assert.equal(error.status, 200)
  assert.equal(error.data, '<html>')
})

test('a platform whose functions give promises as well leaves none unhandled', async (t) => {
  const unhandled = []
  const note = (e) => unhandled.push(e)
  process.on('unhandledRejection', note)
  t.after(() => process.off('unhandledRejection', note))
  const platform = phone({
    request({ fail }) {
      fail({ errMsg: 'request:fail' })
      return Promise.reject(new Error('request:fail'))
    },
  })
  const error = await failure(createClient({ baseUrl: 'http://example.com', platform }).session())
  assert.equal(error.status, 0)
  await new Promise((resolve) => setTimeout(resolve, 10))
  assert.deepEqual(unhandled, [])
})

/** A platform whose logins are answered with this. */
const answering = (answer, more) =>
  phone(Object.assign({ request: ({ success }) => setTimeout(() => success(answer)) }, more))

test('damaged storage is as good as none', async () => {
  for (const damaged of ['x', 1, true, [], {}, { data: null }, { data: 'x', expires: 1e12 }, { expires: 1e12 }]) {
    const platform = answering(
      { statusCode: 200, data: { access_token: 't', expires_in: 60 }, header: {} },
      { getStorageSync: () => damaged },
    )
    const answer = await createClient({ baseUrl: 'http://x', platform }).login()
    assert.equal(answer.data.access_token, 't')
    assert.equal(platform.logins, 1)
  }
})

test('a lifetime that makes no sense is a minute', async () => {
  for (const lifetime of [-1, 0, 0.001, NaN, 'x', null, undefined]) {
    const platform = answering({ statusCode: 200, data: { access_token: 't', expires_in: lifetime } })
    const client = createClient({ baseUrl: 'http://x', platform })
    await client.request({ url: '/orders' })
    await client.request({ url: '/orders' })
    assert.equal(platform.logins, 1, String(lifetime))
  }
})

test('answers without headers or a body are failures like others', async () => {
  for (const answer of [{ statusCode: 500, data: null, header: null }, { statusCode: 500 }]) {
    const error = await failure(createClient({ baseUrl: 'http://x', platform: answering(answer) }).login())
    assert.ok(error instanceof MiniLoginError)
    assert.equal(error.status, 500)
  }
  const ok = answering({ statusCode: 200, data: null, header: null })
  assert.ok((await failure(createClient({ baseUrl: 'http://x', platform: ok }).login())) instanceof MiniLoginError)
})

test('a clock that is set back delays nothing', async (t) => {
  const real = Date.now
  t.after(() => (Date.now = real))
  const bad = { statusCode: 500, data: {}, header: {} }
  const good = { statusCode: 200, data: { access_token: 't', expires_in: 60 }, header: {} }
  let answer = bad
  const platform = phone({ request: ({ success }) => setTimeout(() => success(answer)) })
  const client = createClient({ baseUrl: 'http://x', platform })
  await failure(client.login())
  answer = good
  Date.now = () => real() - 1e9
  assert.equal((await client.login()).data.access_token, 't')
})

test('a platform without storage and app works', async (t) => {
  const server = await serve(t, () => [200, {}])
  const { login, request } = phone()
  const client = createClient({ baseUrl: `${server.baseUrl}/`, platform: { login, request } })
  assert.equal((await client.session()).statusCode, 200)
})

test('several base URLs and apps have a token each', async (t) => {
  const server = await serve(t, () => [200, {}])
  const platform = phone({ getAccountInfoSync: () => ({ miniProgram: { appId: 'wx1' } }) })
  await createClient({ baseUrl: server.baseUrl, platform }).login()
  await createClient({ baseUrl: server.baseUrl, platform }).login()
  await createClient({ baseUrl: `${server.baseUrl}/auth`, platform }).login()
  platform.getAccountInfoSync = () => ({ miniProgram: { appId: 'wx2' } })
  await createClient({ baseUrl: server.baseUrl, platform }).login()
  assert.deepEqual(server.paths(), ['/login', '/auth/login', '/login'])
})

/** Returns the error of a request for which the platform calls `success` with this result. */
async function failureOf(result) {
  const login = { statusCode: 200, data: { access_token: 't', expires_in: 60 } }
  const request = ({ url, success }) => setTimeout(() => success(url.endsWith('/login') ? login : result))
  return failure(createClient({ baseUrl: 'http://x', platform: phone({ request }) }).request({ url: '/orders' }))
}

test('the message of a failure with a status is its detail, its title or its status', async () => {
  const type = 'urn:mini-login:problem:user-blocked'
  for (const [statusCode, data, message] of [
    [500, '', 'HTTP 500'],
    [500, {}, 'HTTP 500'],
    [502, '<html>', 'HTTP 502'],
    [403, { type, title: 'Blocked', detail: 'The user is blocked.' }, 'The user is blocked.'],
    [403, { type, title: 'Blocked' }, 'Blocked'],
    [403, { type }, 'HTTP 403'],
    [500, { type: 'about:blank', title: 'Internal Server Error', detail: '' }, 'Internal Server Error'],
    [422, { detail: [{ msg: 'a field is missing' }] }, 'HTTP 422'],
  ]) {
    const error = await failureOf({ statusCode, data, errMsg: 'request:ok' })
    assert.equal(error.message, message)
    assert.equal(error.status, statusCode)
    assert.deepEqual(error.data, data)
  }
})

test('the message of a failure without a status is errMsg', async () => {
  for (const [reason, message] of [
    [{ errMsg: 'request:fail timeout', errno: 5 }, 'request:fail timeout'],
    [undefined, 'no response'],
  ]) {
    const platform = phone({ request: ({ fail }) => setTimeout(() => fail(reason)) })
    const error = await failure(createClient({ baseUrl: 'http://x', platform }).login())
    assert.equal(error.message, message)
    assert.equal(error.status, 0)
  }
})

test('Retry-After is a number or a date, in any case of the name', async () => {
  const inHalfAMinute = new Date(Date.now() + 30000).toUTCString()
  const inThePast = new Date(Date.now() - 30000).toUTCString()
  for (const [header, least, most] of [
    [{ 'Retry-After': '7' }, 7, 7],
    [{ 'retry-after': 7 }, 7, 7],
    [{ 'RETRY-AFTER': '0' }, 0, 0],
    [{ 'Retry-After': inHalfAMinute }, 20, 30],
    [{ 'retry-after': inThePast }, 0, 0],
  ]) {
    const { retryAfter } = await failureOf({ statusCode: 503, data: {}, header })
    assert.ok(retryAfter >= least && retryAfter <= most, `${JSON.stringify(header)}: ${retryAfter}`)
  }
  for (const header of [{}, undefined, null]) {
    assert.equal((await failureOf({ statusCode: 503, data: {}, header })).retryAfter, undefined)
  }
  for (const value of ['', 'soon', 'Infinity']) {
    const header = { 'Retry-After': value }
    assert.equal((await failureOf({ statusCode: 503, data: {}, header })).retryAfter, undefined)
  }
})

test('a request is resent after a Retry-After in the past, and not before a distant one', async (t) => {
  const problem = { type: 'urn:mini-login:problem:store-unavailable', action: 'retry' }
  const dates = { '/past': Date.now() - 1e6, '/future': Date.now() + 1e6 }
  const server = await serve(t, ({ url }, seen) =>
    seen.filter((request) => request.url === '/past').length === 2
      ? [200, {}]
      : [503, problem, { 'Retry-After': new Date(dates[url]).toUTCString() }],
  )
  const client = createClient({ baseUrl: server.baseUrl, platform: phone() })
  const error = await failure(client.request({ url: '/future' }))
  assert.ok(error.retryAfter > 900)
  await client.request({ url: '/past' })
  assert.deepEqual(server.paths(), ['/login', '/future', '/past', '/past'])
})

test('problems are read from strings and binary bodies', async () => {
  const type = 'urn:mini-login:problem:user-blocked'
  const problem = { type, status: 403, detail: '用户已被封禁 🚫', action: 'none', trace_id: 'abc' }
  const text = JSON.stringify(problem)
  const buffer = new Uint8Array(Buffer.from(text)).buffer
  for (const data of [problem, text, buffer, new Uint8Array(buffer)]) {
    const error = await failureOf({ statusCode: 403, data })
    assert.equal(error.type, 'user-blocked')
    assert.equal(error.action, 'none')
    assert.equal(error.message, problem.detail)
    assert.equal(error.traceId, 'abc')
    assert.deepEqual(error.data, problem)
  }
})

test('other strings and binary bodies stay as they are', async () => {
  const bodies = [[], [0xff, 0xfe], Buffer.from('"text"'), new Uint8Array(1e6)]
  for (const data of [...bodies.map((bytes) => new Uint8Array(bytes).buffer), '<html>', '7', 'null']) {
    const error = await failureOf({ statusCode: 500, data })
    assert.equal(error.data, data)
    assert.equal(error.type, '')
    assert.equal(error.message, 'HTTP 500')
  }
})

test('a base URL that is not an absolute URL is refused', () => {
  const platform = phone()
  for (const url of ['', '/', '//x', 'example.com', 'https://', 'https:///x', 'ftp://x', 'https://x?y', null, undefined]) {
    assert.throws(() => createClient({ baseUrl: url, platform }), /^TypeError: baseUrl/, String(url))
    if (url === undefined) continue
    assert.throws(() => createClient({ baseUrl: 'https://x', loginBaseUrl: url, platform }), TypeError, String(url))
  }
})

test('a request with auth: false has no token, and needs no login', async (t) => {
  const problem = { type: 'urn:mini-login:problem:token-missing', action: 'login' }
  const server = await serve(t, ({ url }) => (url === '/refused' ? [401, problem] : [200, {}]))
  const options = []
  const platform = phone()
  const { request } = platform
  platform.request = (each) => options.push(each) && request(each)
  const client = createClient({ baseUrl: server.baseUrl, platform })
  for (const login of [false, true]) {
    if (login) await client.login()
    assert.equal((await client.request({ url: '/news', auth: false, header: { 'X-Page': '1' } })).statusCode, 200)
    assert.equal((await failure(client.request({ url: '/refused', auth: false }))).type, 'token-missing')
  }
  assert.deepEqual(server.paths(), ['/news', '/refused', '/login', '/news', '/refused'])
  assert.ok(server.seen.every(({ headers }) => headers.authorization === undefined))
  assert.equal(server.seen[0].headers['x-page'], '1')
  assert.ok(options.every((each) => !('auth' in each)))
  await client.request({ url: '/orders', auth: true })
  assert.equal(server.seen[5].headers.authorization, 'Bearer token-1')
})

test('a request with auth: false does not wait for a login', async (t) => {
  const server = await serve(t, () => [200, {}])
  const client = createClient({ baseUrl: server.baseUrl, platform: phone({ login: () => {} }) })
  const waiting = client.request({ url: '/orders' })
  assert.equal((await client.request({ url: '/news', auth: false })).statusCode, 200)
  waiting.abort()
  await failure(waiting)
})

test('a request with auth: false is resent after a problem with the action retry', async (t) => {
  const problem = { type: 'urn:mini-login:problem:store-unavailable', action: 'retry' }
  const server = await serve(t, (_, seen) => (seen.length === 1 ? [503, problem] : [200, {}]))
  const client = createClient({ baseUrl: server.baseUrl, platform: phone() })
  await client.request({ url: '/news', auth: false })
  assert.deepEqual(server.paths(), ['/news', '/news'])
})

test('loginBaseUrl is the URL of mini-login, and the token goes to both hosts', async (t) => {
  const api = await serve(t, () => [200, {}])
  const login = await serve(t, () => [200, {}])
  const platform = phone()
  const client = createClient({ baseUrl: api.baseUrl, loginBaseUrl: `${login.baseUrl}/auth/`, platform })
  await client.request({ url: '/orders' })
  await client.request({ url: `${login.baseUrl}/auth/session` })
  await client.session()
  await client.checkKey()
  await client.openData(() => ({ encryptedData: 'e', iv: 'i' }))
  await client.phoneNumber({ code: 'c' })
  await client.logout()
  await client.logoutEverywhere()
  assert.deepEqual(api.paths(), ['/orders'])
  assert.deepEqual(login.paths(), [
    '/auth/login',
    '/auth/session',
    '/auth/session',
    '/auth/session/key/check',
    '/auth/session/open-data',
    '/auth/session/phone-number',
    '/auth/session',
    '/auth/login',
    '/auth/sessions',
  ])
  for (const { url, headers } of api.seen.concat(login.seen)) {
    assert.equal(Boolean(headers.authorization), !url.endsWith('/login'), url)
  }
})

test('the token is not sent outside the base URLs', async () => {
  const sent = []
  const platform = phone({ request: ({ url }) => sent.push(url) })
  const urls = { baseUrl: 'https://api.example.com/v1', loginBaseUrl: 'https://login.example.com' }
  const client = createClient(Object.assign({ platform }, urls))
  for (const url of [
    'https://example.com/',
    'https://api.example.com/v2',
    'https://api.example.com.evil.example/v1/',
    'https://login.example.com@evil.example/',
    'http://login.example.com/session',
    '/../v2/orders',
    '/..',
    '/a/%2e%2E/../orders?x',
    '/\\..\\v2',
    'orders',
    '',
    undefined,
  ]) {
    for (const send of ['request', 'uploadFile', 'downloadFile']) {
      const error = await failure(client[send]({ url }))
      assert.ok(error instanceof MiniLoginError)
      assert.equal(error.action, 'none')
    }
  }
  assert.deepEqual(sent, [])
})

test('dots in names and queries are allowed', async (t) => {
  const server = await serve(t, () => [200, {}])
  const client = createClient({ baseUrl: `${server.baseUrl}/v1`, platform: phone() })
  for (const url of ['/a..b', '/.well-known', '/search?q=/../x', '/...']) await client.request({ url })
  assert.equal(server.seen.length, 5)
})

test('files are uploaded and downloaded with the token', async (t) => {
  const server = await serve(t, ({ url }) => [200, { url }])
  const platform = phone()
  const client = createClient({ baseUrl: server.baseUrl, platform })
  const upload = await client.uploadFile({ url: '/photos', filePath: 'wxfile://photo', name: 'photo' })
  assert.deepEqual(upload, { statusCode: 200, data: '{"url":"/photos"}', errMsg: 'request:ok' })
  const download = await client.downloadFile({ url: '/photos/1' })
  assert.equal(download.tempFilePath, 'wxfile://0')
  await client.downloadFile({ url: `${server.baseUrl}/photos/2`, filePath: 'wxfile://two' })
  await client.downloadFile({ url: '/news', auth: false })
  assert.deepEqual(
    server.seen.map(({ method, url, headers }) => [method, url, headers.authorization]),
    [
      ['POST', '/login', undefined],
      ['POST', '/photos', 'Bearer token-1'],
      ['GET', '/photos/1', 'Bearer token-1'],
      ['GET', '/photos/2', 'Bearer token-1'],
      ['GET', '/news', undefined],
    ],
  )
})

test('a refused token is renewed once for uploads and downloads, too', async (t) => {
  const problem = { type: 'urn:mini-login:problem:token-invalid', action: 'login' }
  for (const send of ['uploadFile', 'downloadFile']) {
    const server = await serve(t, ({ headers }) => [headers.authorization === 'Bearer token-1' ? 401 : 200, problem])
    const client = createClient({ baseUrl: server.baseUrl, platform: phone() })
    assert.equal((await client[send]({ url: '/photos' })).statusCode, 200)
    assert.deepEqual(server.paths(), ['/login', '/photos', '/login', '/photos'])
  }
})

test('problems of uploads are read from strings, problems of downloads from files', async (t) => {
  const problem = { type: 'urn:mini-login:problem:user-blocked', detail: 'The user is blocked.', action: 'none' }
  const server = await serve(t, () => [403, problem])
  const client = createClient({ baseUrl: server.baseUrl, platform: phone() })
  for (const send of [
    () => client.uploadFile({ url: '/photos', filePath: 'wxfile://photo', name: 'photo' }),
    () => client.downloadFile({ url: '/photos/1' }),
    () => client.downloadFile({ url: '/photos/1', filePath: 'wxfile://one' }),
  ]) {
    const error = await failure(send())
    assert.equal(error.status, 403)
    assert.equal(error.type, 'user-blocked')
    assert.equal(error.message, problem.detail)
    assert.deepEqual(error.data, problem)
  }
})

test('an upload and a download are resent after a problem with the action retry, and obey Retry-After', async (t) => {
  const problem = { type: 'urn:mini-login:problem:store-unavailable', action: 'retry' }
  const server = await serve(t, (_, seen) => [seen.length % 2 ? 200 : 503, problem])
  const client = createClient({ baseUrl: server.baseUrl, platform: phone() })
  await client.login()
  await client.uploadFile({ url: '/up' })
  await client.downloadFile({ url: '/down' })
  assert.deepEqual(server.paths(), ['/login', '/up', '/up', '/down', '/down'])
  const header = { 'Retry-After': '60' }
  const uploadFile = ({ success }) => success({ statusCode: '503', data: JSON.stringify(problem), header })
  const busy = createClient({ baseUrl: server.baseUrl, platform: phone({ uploadFile }) })
  const error = await failure(busy.uploadFile({ url: '/up' }))
  assert.equal(error.status, 503)
  assert.equal(error.retryAfter, 60)
})

test('a failed download has its status if its file cannot be read', async (t) => {
  const server = await serve(t, () => [404, {}])
  const unreadable = { readFile: ({ fail }) => fail({ errMsg: 'readFile:fail' }) }
  for (const getFileSystemManager of [undefined, () => unreadable]) {
    const client = createClient({ baseUrl: server.baseUrl, platform: phone({ getFileSystemManager }) })
    const error = await failure(client.downloadFile({ url: '/photos/1' }))
    assert.equal(error.status, 404)
    assert.equal(error.message, 'HTTP 404')
  }
})

test('an upload can be aborted, and counts as a request', async (t) => {
  const server = await serve(t, ({ url }) => (url === '/never' ? new Promise(() => {}) : [200, {}]))
  const client = createClient({ baseUrl: server.baseUrl, platform: phone() })
  await client.login()
  const never = Array.from({ length: 9 }, (_, i) => client[i % 2 ? 'uploadFile' : 'downloadFile']({ url: '/never' }))
  const last = client.request({ url: '/orders' })
  while (server.seen.length < 10) await new Promise(setImmediate)
  assert.ok(!server.paths().includes('/orders'))
  never.forEach((each) => each.abort())
  assert.equal((await failure(never[1])).message, 'uploadFile:fail abort')
  for (const each of never) assert.equal((await failure(each)).action, 'none')
  assert.equal((await last).statusCode, 200)
})

test('a request that is aborted before its retry is not resent', async (t) => {
  const problem = { type: 'urn:mini-login:problem:store-unavailable', action: 'retry' }
  const server = await serve(t, (_, { length }) => (length < 4 ? [503, problem] : [200, {}]))
  const platform = phone()
  const { request } = platform
  let orders
  platform.request = (options) => {
    const success = (result) => {
      options.success(result)
      if (options.url.endsWith('/orders')) setImmediate(() => orders.abort())
    }
    return request(Object.assign({}, options, { success }))
  }
  const client = createClient({ baseUrl: server.baseUrl, platform })
  orders = client.request({ url: '/orders' })
  assert.equal((await failure(orders)).message, 'request:fail abort')
  await client.request({ url: '/later' }) // The pause before this retry begins after the pause of the aborted request.
  assert.deepEqual(server.paths(), ['/login', '/orders', '/later', '/later'])
})

test('open data are requested again after the login that replaces the session key', async (t) => {
  const problem = { type: 'urn:mini-login:problem:session-key-stale', action: 'login' }
  const server = await serve(t, ({ headers }) => [headers.authorization === 'Bearer token-1' ? 409 : 200, problem])
  const platform = phone()
  const loginsAtCall = []
  const client = createClient({ baseUrl: server.baseUrl, platform })
  await client.openData(() => loginsAtCall.push(server.paths().filter((path) => path === '/login').length))
  assert.deepEqual(loginsAtCall, [1, 2])
})

test('open data without a result are sent once', async (t) => {
  const server = await serve(t, () => [400, {}])
  const client = createClient({ baseUrl: server.baseUrl, platform: phone() })
  assert.equal((await failure(client.openData(() => undefined))).status, 400)
})

test('an exception of the platform is a failure like others', async () => {
  const platform = phone({ request: () => { throw new TypeError('not supported') }, uploadFile: undefined })
  const client = createClient({ baseUrl: 'http://x', platform })
  for (const send of [
    () => client.login(),
    () => client.request({ url: '/news', auth: false }),
    () => client.uploadFile({ url: '/photos', auth: false }),
  ]) {
    const error = await failure(send())
    assert.ok(error instanceof MiniLoginError)
    assert.equal(error.status, 0)
    assert.equal(error.action, 'none')
  }
})

test('the example shows what the service answers', async (t) => {
  const server = await serve(t, ({ url }) => [200, { openid: 'o', nickName: url.slice(1), purePhoneNumber: '1' }])
  const at = server.baseUrl
  const wx = phone()
  const there = Object.assign({}, wx, {
    request: (options) => wx.request(Object.assign(options, { url: options.url.replace('http://localhost:8080', at) })),
  })
  const example = path.join(__dirname, '..', 'example')
  let page
  const load = (file) => {
    const module = { exports: {} }
    const from = (name) => (name.startsWith('.') ? load(path.join(path.dirname(file), `${name}.js`)) : require('..'))
    const run = new Function('require', 'module', 'wx', 'Page', fs.readFileSync(file, 'utf8'))
    run(from, module, there, (definition) => (page = definition))
    return module.exports
  }
  load(path.join(example, 'pages', 'index', 'index.js'))
  page.setData = (data) => Object.assign(page.data, data)
  await page.onSession()
  await page.onProfile()
  assert.equal(page.data.nickName, 'session/open-data', page.data.failure)
  await page.onPhoneNumber({ detail: { errMsg: 'getPhoneNumber:fail user deny' } })
  assert.match(page.data.failure, /getPhoneNumber:fail user deny \(new-code\)/)
  await page.onPhoneNumber({ detail: { code: 'c' } })
  assert.equal(page.data.phone, '1')
  await page.onLogout()
  assert.equal(page.data.session, '', page.data.failure)
  const wxml = fs.readFileSync(path.join(example, 'pages', 'index', 'index.wxml'), 'utf8')
  for (const [, handler] of wxml.matchAll(/bind\w+="(\w+)"/g)) assert.equal(typeof page[handler], 'function')
})

test('the file is ES2017', { skip: !acorn && 'acorn is missing: npm ci' }, () => {
  const file = fs.readFileSync(require.resolve('..'), 'utf8')
  acorn.parse(file, { ecmaVersion: 2017 })
  assert.throws(() => acorn.parse(`${file}; ({ ...{} })`, { ecmaVersion: 2017 }), SyntaxError)
})

test('the code blocks of docs/client.md work', async (t) => {
  const problem = { type: 'urn:mini-login:problem:store-unavailable', action: 'retry' }
  const answers = { 'GET /orders': [503, problem, { 'Retry-After': '60' }] }
  const found = { stepInfoList: [], purePhoneNumber: '1', id: 7 }
  const server = await serve(t, ({ method, url }) => answers[`${method} ${url}`] || [200, found])
  const shown = []
  const exported = []
  let language = 'en'
  const wx = phone({
    getWeRunData: async () => ({ encryptedData: 'e', iv: 'i' }),
    getAppBaseInfo: () => ({ language }),
    showToast: ({ title }) => shown.push(title),
  })
  globalThis.wx = wx
  t.after(() => delete globalThis.wx)
  const client = createClient({ baseUrl: server.baseUrl })
  const showError = (e) => exported[1](e)
  const pages = { '../../utils/client': client, '../../utils/show-error': showError }
  const modules = Object.assign({ 'mini-login-client': require('..') }, pages)
  let page
  const names = {
    require: (name) => modules[name],
    module: { set exports(value) { exported.push(value) } },
    console: { log: (text) => shown.push(text), error: () => {} },
    filePath: 'photo.jpg',
    Page: (definition) => (page = definition),
    createClient,
    client,
    showError,
    wx,
    Taro: wx,
    uni: wx,
  }
  const markdown = fs.readFileSync(path.join(__dirname, '..', '..', 'docs', 'client.md'), 'utf8')
  const blocks = Array.from(markdown.matchAll(/```js\n([^]*?)```/g), ([, block]) => block)
  for (const block of blocks) {
    const body = block.split('https://example.com').join(server.baseUrl)
    const run = new Function(...Object.keys(names), `return async () => {${body}}`)
    await run(...Object.values(names))().catch((e) => assert.fail(`${e.stack}\n${block}`))
  }
  assert.equal(blocks.length, 12)
  assert.equal(typeof exported[0].phoneNumber, 'function')
  assert.deepEqual(shown, [found, found.stepInfoList, 'wxfile://0', 'Please try again in a moment'])
  for (const each of ['/news', '/session/open-data', '/photos', '/photos/7']) assert.ok(server.paths().includes(each), each)

  await page.onLoad()
  page.setData = (data) => shown.push(data)
  await page.onPhoneNumber({ detail: { code: 'c' } })
  await page.onPhoneNumber({ detail: { errMsg: 'getPhoneNumber:fail user deny' } })
  assert.deepEqual(shown.slice(-2), [{ phone: '1' }, 'Please tap the button again'])

  for (const action of ['retry', 'login', 'new-code', 'none', undefined]) {
    language = 'en'
    showError({ action })
    assert.match(shown.pop(), /^[A-Z][a-z ]+$/)
    language = 'zh_CN'
    showError({ action })
    assert.match(shown.pop(), /^[\u4e00-\u9fff，]+$/)
  }
})
