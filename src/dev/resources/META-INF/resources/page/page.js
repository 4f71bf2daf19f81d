import { changeLanguage, duration, story, storyText, text, write } from './texts.js'
import { createWx } from './wx.js'
import { createDiagram, showKeys, showState } from './view.js'
import { commands, createStories } from './stories.js'

const { createClient } = module.exports
const POLL = 500
/** A service that takes longer does not answer. In milliseconds. */
const PATIENCE = 5000
/** Time to read a step of a story, in milliseconds. */
const PACE = Number(new URLSearchParams(location.search).get('pace') ?? 900)
const USER = /^[\p{L}\p{N}_-]{1,16}$/u

const $ = (selector) => document.querySelector(selector)
const $$ = (selector) => [...document.querySelectorAll(selector)]
const json = (value) => JSON.stringify(value, null, 2)
const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time))
const user = () => $('#user').value
const app = () => $('#app').value
const isUser = () => USER.test(user())

/** The state of the service, and the client on the selected user's phone. */
let state, client
/** All messages so far, since the last Clear. */
let messages = []
let after = 0
/** The current action: its number and name, which group its messages. */
let action = ''
let isDouble = false
/** The time before which the client does not log in again. */
let heldUntil = 0
/** The story that was told last, its steps so far, and the failure. */
let told

const diagram = createDiagram({ details: (number) => get(`/development/messages?number=${number}`) })

const header = () => ({ 'Development-Action': action })
const begin = (name) => (action = `${Date.now()} ${name}`)

async function get(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) })
  if (!response.ok) throw new Error(await response.text())
  return response.json()
}

/** Sends a request of the phone, and returns the answer like wx.request. */
async function send(method, path, { body, token, query } = {}) {
  const headers = header()
  if (body) headers['Content-Type'] = 'application/json'
  if (token) headers.Authorization = `Bearer ${token}`
  const response = await fetch(query ? `${path}?${new URLSearchParams(query)}` : path, {
    method,
    headers,
    body: body && JSON.stringify(body),
  })
  const content = await response.text()
  return { statusCode: response.status, headers: response.headers, data: content ? JSON.parse(content) : {} }
}

/** Returns the words that the simulated WeChat reads in the next code. */
function words() {
  const chosen = [$('#errcode').value && `errcode=${$('#errcode').value}`, $('#delay').value && `delay=${$('#delay').value}`]
  $('#errcode').value = ''
  return chosen.filter(Boolean).join('.')
}

function takePhone() {
  const platform = createWx({
    appid: app(),
    user: user(),
    words,
    header,
    isDouble: () => isDouble,
    refused: (seconds) => (heldUntil = Date.now() + 1000 * seconds),
  })
  client = createClient({ baseUrl: location.origin, platform })
  heldUntil = 0
  showPhone()
}

/** The place where the client of this user stores the login. */
const place = (name) => `wx ${name} mini-login ${app()} ${location.origin}/`

/** Returns the login that the client has stored; undefined without a login, or after its end. */
function stored() {
  const saved = JSON.parse(localStorage.getItem(place(user())) || 'null')
  return saved && saved.expires > Date.now() / 1000 ? saved : undefined
}

const ofUser = async (api) => (await send('GET', `/simulator/${api}`, { query: { user: user(), appid: app() } })).data

const code = async (name) => (await send('GET', '/simulator/login', { query: { user: name, words: '' } })).data.code
const post = (value) => send('POST', '/login', { body: { code: value, appid: app() } })

const actions = {
  login: () => client.login({ force: true }),
  session: () => client.session(),
  openData: () => client.openData(() => ofUser('user-info')),
  phoneNumber: async () => client.phoneNumber(await client.login().then(() => ofUser('phone-number'))),
  logout: () => client.logout(),
  logoutEverywhere: () => client.logoutEverywhere(),

  async doubleTap() {
    isDouble = true
    try {
      await client.login({ force: true })
      return { words: text('bothTaps') }
    } finally {
      isDouble = false
    }
  },

  // The other device gets its own session, and WeChat creates a new session key.
  async otherDevice() {
    const answer = await post(await code(user()))
    if (answer.statusCode !== 200) return answer
    return { words: text('onOtherDevice', user(), `${answer.data.access_token.slice(0, 10)}…`) }
  },

  async verify() {
    const token = stored()?.data.access_token
    const { statusCode, headers, data } = await send('GET', '/verify', { token })
    const about = [...headers].filter(([name]) => name.startsWith('x-wx-')).map((each) => each.join(': '))
    showVerdict(statusCode, about.length ? about.join('\n') : json(data))
  },

  async checkText() {
    const { statusCode, data } = await checkText($('#content').value)
    showVerdict(statusCode, json(data))
  },
}

function checkText(content) {
  const openid = stored()?.data.openid || 'o'
  return send('POST', '/development/check-text', { query: { content, openid, appid: app() } })
}

function showVerdict(statusCode, content) {
  $('#verdict').textContent = `${statusCode}\n${content}`
  $('#verdict').className = statusCode < 400 ? '' : 'failure'
}

function showAnswer({ words: said, statusCode, data }) {
  $('#result').textContent = said || (data ? `${statusCode} ${masked(json(data))}` : statusCode)
  $('#result').className = ''
}

const masked = (content) => content.replace(/mlt_[\w-]{6}[\w-]*/g, (token) => `${token.slice(0, 10)}…`)

function showFailure({ status, type, action: advice, message }) {
  const what = [status, type].filter(Boolean).join(' ')
  $('#result').textContent = `${what}\n${message}\n${text('action')}: ${advice}`
  $('#result').className = 'failure'
}

/** Runs one action at a time, and shows that it runs. */
let running
async function run(name, button) {
  if (running || !(isUser() || button.closest('#backend'))) return
  running = name
  diagram.follow()
  begin(name)
  const isPhone = !button.closest('#backend')
  const start = Date.now()
  setBusy(button, true)
  const tick = () => {
    if (!isPhone) return
    $('#result').className = ''
    $('#result').textContent = text('working', Math.floor((Date.now() - start) / 1000))
  }
  tick()
  const clock = setInterval(tick, 1000)
  let show = () => {}
  try {
    const answer = await actions[name]()
    if (answer) show = () => showAnswer(answer)
  } catch (e) {
    if (isPhone) show = () => showFailure(e)
    else showVerdict(0, e.message)
  }
  clearInterval(clock)
  show()
  setBusy(button, false)
  running = undefined
  showPhone()
  await refresh()
}

function setBusy(button, isBusy) {
  button.classList.toggle('busy', isBusy)
  for (const each of $$('[data-action], [data-story]')) each.setAttribute('aria-disabled', isBusy)
}

async function turn(name) {
  const response = await fetch(`/development/switch/${name}`, { method: 'POST', headers: header() })
  if (!response.ok) return storyText('unavailable')
  await refresh()
  return ''
}

const stories = createStories({
  code,
  post,
  turn,
  checkText,
  sleep,
  /** A backend has a payment signed; the answer is what the phone pays with. */
  buy: (openid) => send('POST', '/development/buy', { query: { openid, appid: app() } }),
  /** wx.requestVirtualPayment. */
  pay: async (name, payment) =>
    (await send('POST', '/simulator/virtual-payment', { body: payment, query: { user: name, appid: app() } })).data,
  push: async (event, name) => (await send('POST', '/simulator/push', { body: { event, user: name, appid: app() } })).data,
  /** The events that the backend has taken. */
  taken: async () => (await send('GET', '/simulator/backend/taken')).data.events,
  exchange: async (name) => post(await code(name)),
  ask: (token) => send('GET', '/session', { token }),
  state: async () => (await refresh(), state),
  messages: async () => (await refresh(), messages.filter(({ kind }) => kind === 'CALL')),

  /** Stores a login as the client does, and takes the phone of this user. */
  remember(name, answer) {
    const expires = Date.now() / 1000 + answer.data.expires_in
    localStorage.setItem(place(name), JSON.stringify({ statusCode: 200, data: answer.data, expires }))
    $('#user').value = name
    takeUser()
  },
})

async function tell(name, button) {
  if (running) return
  running = name
  setBusy(button, true)
  told = { name, done: 0, failure: undefined, isOver: false }
  showStory()
  $('#diagram').scrollIntoView({ block: 'nearest' })
  diagram.follow()
  const steps = stories[name]()
  for (const step of steps) {
    begin(`${name}-${told.done + 1}`)
    try {
      told.failure = (await step()) || ''
    } catch (e) {
      told.failure = e.message
    }
    await refresh()
    if (told.failure) break
    await sleep(PACE)
    told.done++
    showStory()
  }
  told.isOver = true
  setBusy(button, false)
  running = undefined
  showStory()
}

function showStory() {
  $$('#stories [data-story]').forEach((button) => {
    button.setAttribute('aria-pressed', String(told?.name === button.dataset.story))
  })
  if (!told) return
  const { title, steps, good } = story(told.name)
  $('#no-story').hidden = true
  $('#story-title').textContent = title
  $('#steps').replaceChildren(
    ...steps.map((sentence, i) => {
      const item = document.createElement('li')
      item.textContent = sentence
      item.className = i < told.done ? 'done' : i === told.done && !told.isOver ? 'doing busy' : ''
      return item
    })
  )
  $('#outcome').className = told.failure ? 'failure' : ''
  $('#outcome').textContent = told.isOver ? (told.failure ? storyText('bad', told.failure) : good) : ''
  $('#curl').hidden = !told.isOver
  $('#commands').textContent = commands(told.name, location.origin, app())
}

/** Shows who is logged in, and how long the client waits before its next login. */
function showPhone() {
  const login = isUser() ? stored() : undefined
  const who = login ? text('loggedIn', duration(login.expires - Date.now() / 1000)) : text('loggedOut')
  if ($('#who').textContent !== who) $('#who').textContent = who
  $('#who').dataset.loggedIn = Boolean(login)
  const left = Math.ceil((heldUntil - Date.now()) / 1000)
  $('#waiting').hidden = left <= 1
  if (left > 1) $('#countdown').textContent = text('waiting', left)
}

function takeUser() {
  $('#user').setAttribute('aria-invalid', String(!isUser()))
  $('#user-problem').hidden = isUser()
  $('#result').textContent = text('noResult')
  $('#result').className = ''
  if (isUser()) takePhone()
  else showPhone()
}

function showTexts() {
  write()
  if (!running) $('#result').textContent = text('noResult')
  $('#verdict').textContent = text('noVerdict')
  $('#result').className = $('#verdict').className = ''
  diagram.clear()
  diagram.add(messages)
  showStory()
  if (!state) return
  showState(state)
  showKeys(state.keys, state.isRedisShown)
  showPhone()
}

async function poll() {
  const answer = await get(`/development/state?after=${after}`).catch(() => undefined)
  $('#away').hidden = Boolean(answer)
  if (!answer) return
  const isFirst = !state
  state = answer
  for (const each of answer.messages) after = each.number
  messages.push(...answer.messages)
  if (isFirst) {
    $('#app').append(...state.appids.map((appid) => new Option(appid, appid)))
    takeUser()
  }
  diagram.add(answer.messages)
  showState(state)
  showKeys(state.keys, state.isRedisShown)
  showPhone()
}

/** Reads the state once more, after a reading that is under way. */
let reading = Promise.resolve()
const refresh = () => (reading = reading.then(poll).catch(reportError))

async function clear() {
  await fetch('/development/clear', { method: 'POST' })
  messages = []
  diagram.clear()
}

$$('[data-action]').forEach((button) => {
  button.onclick = () => run(button.dataset.action, button)
})
$$('[data-story]').forEach((button) => {
  button.onclick = () => tell(button.dataset.story, button)
})
$$('.state button').forEach((button) => {
  button.onclick = () => {
    begin(button.dataset.switch)
    turn(button.dataset.switch)
  }
})
$('#replay').onclick = () => tell(told.name, $(`#stories [data-story='${told.name}']`))
$('#copy').onclick = async () => {
  await navigator.clipboard.writeText($('#commands').textContent)
  $('#copy').textContent = text('copied')
}
$('#clear').onclick = clear
$('#stop-waiting').onclick = takePhone
$('#user').oninput = takeUser
$('#app').onchange = takeUser
$('#language').onclick = () => {
  changeLanguage()
  showTexts()
}
showTexts()
setInterval(showPhone, 500)
;(async () => {
  for (;;) {
    await refresh()
    await sleep(POLL)
  }
})()
