'use strict'
// Tests that need a misbehaving server or a platform other than wx. Everything else is tested against
// the real service by ./mvnw verify.

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
  const wx = {
    logins: 0,
    login: ({ success }) => setTimeout(() => success({ code: `code-${++wx.logins}` })),
    request({ url, method = 'GET', data, header, success, fail }) {
      const request = http.request(url, { method, headers: header }, (response) => {
        const chunks = []
        response.on('data', (chunk) => chunks.push(chunk))
        response.on('end', () =>
          success({
            statusCode: response.statusCode,
            data: JSON.parse(Buffer.concat(chunks).toString() || 'null'),
            header: response.headers,
          }),
        )
      })
      request.on('error', (e) => fail({ errMsg: `request:fail ${e.message}` }))
      request.end(data === undefined ? undefined : JSON.stringify(data))
      return { abort: () => request.destroy(new Error('abort')) }
    },
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

test('what the page for developers shows works', async (t) => {
  const problem = { type: 'urn:mini-login:problem:store-unavailable', action: 'retry' }
  const answers = { 'GET /orders': [503, problem, { 'Retry-After': '60' }] }
  const found = { stepInfoList: [], purePhoneNumber: '1' }
  const server = await serve(t, ({ method, url }) => answers[`${method} ${url}`] || [200, found])
  const shown = []
  const wx = phone({
    getWeRunData: async () => ({ encryptedData: 'e', iv: 'i' }),
    showToast: ({ title }) => shown.push(title),
    uploadFile: ({ header }) => shown.push(header.Authorization),
  })
  globalThis.wx = wx
  t.after(() => delete globalThis.wx)
  const client = createClient({ baseUrl: server.baseUrl })
  let page
  const names = {
    require: (name) => (name === 'mini-login-client' ? require('..') : client),
    module: {},
    console: { log: (text) => shown.push(text), error: (...texts) => shown.push(texts) },
    filePath: 'photo.jpg',
    Page: (definition) => (page = definition),
    createClient,
    client,
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
  assert.equal(blocks.length, 9)
  assert.equal(typeof names.module.exports.phoneNumber, 'function')
  assert.deepEqual(shown, [found, found.stepInfoList, 'Bearer token-1', 'Please try again'])
  await page.onLoad()
  page.setData = (data) => shown.push(data)
  await page.onPhoneNumber({ detail: { code: 'c' } })
  await page.onPhoneNumber({ detail: { errMsg: 'getPhoneNumber:fail user deny' } })
  assert.deepEqual(shown.slice(-2), [{ phone: '1' }, 'Please tap again'])
})
