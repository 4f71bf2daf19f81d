import { changeLanguage, text, write } from './texts.js'
import { createWx } from './wx.js'
import { showHappenings, showKeys, showSwitches } from './view.js'

const { createClient } = module.exports
const POLL = 500

/** The number of messages that the page shows. */
const SHOWN = 60

const $ = (selector) => document.querySelector(selector)
/** The state of the service, and the client on the selected user's phone. */
let state, client
/** The lead of the service's clock over the clock of the browser, in seconds. */
let ahead = 0
let after = 0
let happenings = []

const random = () => Math.random().toString(36).slice(2, 8)
const user = () => $('#user').value.replace(/[^A-Za-z0-9_-]/g, '') || 'alice'

/** Returns a new code of the simulated WeChat, with the selected faults. */
function newCode() {
  const words = [user(), random()]
  if ($('#errcode').value) words.push(`errcode=${$('#errcode').value}`)
  if ($('#delay').value) words.push(`delay=${$('#delay').value}`)
  $('#errcode').value = ''
  return words.join('.')
}

/** Records a message between phone and WeChat, which the service does not see. */
function tell(from, to, kind, what) {
  happenings.push({ time: Date.now() / 1000 + ahead, from, to, kind, text: what })
}

function takePhone() {
  const platform = createWx({ appid: state.appid, user: user(), code: newCode, tell })
  client = createClient({ baseUrl: location.origin, platform })
  $('#result').textContent = ''
  ask()
}

/** Returns the token that the client has stored. */
function token() {
  const prefix = `wx ${user()} mini-login ${state.appid} `
  const name = Object.keys(localStorage).find((each) => each.startsWith(prefix))
  return name && JSON.parse(localStorage.getItem(name)).data.access_token
}

const json = (value) => JSON.stringify(value, null, 2)

async function get(url) {
  const response = await fetch(url)
  if (!response.ok) throw new Error(await response.text())
  return response.json()
}

const ofUser = (api) => get(`/simulator/${api}?user=${user()}`)

const post = (code) =>
  fetch('/login', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code, appid: state.appid }),
  }).then(async (response) => `${response.status} ${json(await response.json())}`)

const actions = {
  login: () => client.login({ force: true }),
  session: () => client.session(),
  openData: () => client.openData(() => ofUser('user-info')),
  phoneNumber: async () => client.phoneNumber(await client.login().then(() => ofUser('phone-number'))),
  logout: () => client.logout(),
  logoutEverywhere: () => client.logoutEverywhere(),
  ask,

  clear() {
    happenings = []
    showHappenings(happenings)
  },

  async doubleTap() {
    const code = newCode()
    return { texts: await Promise.all([post(code), post(code)]) }
  },

  async checkText() {
    const current = token()
    const session = current && (await fetch('/session', { headers: { Authorization: `Bearer ${current}` } }))
    const openid = session && session.ok ? (await session.json()).openid : 'of-nobody'
    const query = new URLSearchParams({ content: $('#content').value, openid })
    const response = await fetch(`/development/check-text?${query}`, { method: 'POST' })
    $('#verdict').textContent = `${response.status} ${json(await response.json())}`
  },

  // The other device gets its own session, and WeChat creates a new session key.
  otherDevice: async () => ({ texts: [await post(newCode())] }),
}

function showAnswer({ texts, statusCode, data }) {
  $('#result').textContent = texts ? texts.join('\n') : data ? `${statusCode} ${json(data)}` : statusCode
  $('#result').className = ''
}

function showFailure({ status, type, action, message }) {
  const what = [status, type].filter(Boolean).join(' ')
  $('#result').textContent = `${what}\n${message}\n${text('action')}: ${action}`
  $('#result').className = 'failure'
}

async function run(name) {
  const before = token()
  try {
    const answer = await actions[name]()
    if (answer) showAnswer(answer)
  } catch (e) {
    showFailure(e)
  }
  if (token() !== before) await ask()
}

/** Shows the session as the client sees it, and as a gateway sees it. */
async function ask() {
  const current = token()
  $('#who').textContent = current ? text('loggedIn') : text('loggedOut')
  $('#who').dataset.loggedIn = Boolean(current)
  $('#session-answer').textContent = $('#verify-answer').textContent = current ? '…' : text('noToken')
  if (!current) return
  const headers = { Authorization: `Bearer ${current}` }
  const [session, verify] = await Promise.all([fetch('/session', { headers }), fetch('/verify', { headers })])
  $('#session-answer').textContent = `${session.status} ${json(await session.json())}`
  const about = [...verify.headers].filter(([name]) => name.startsWith('x-wx-'))
  $('#verify-answer').textContent = [verify.status, ...about.map(([name, value]) => `${name}: ${value}`)].join('\n')
}

async function turn(name) {
  const response = await fetch(`/development/switch/${name}`, { method: 'POST' })
  $('#result').textContent = response.ok && name === 'new-secret' ? text('rotated') : ''
}

function show() {
  write()
  if (!state) return
  showSwitches(state.switches)
  showHappenings(happenings)
  showKeys(state.keys)
  $('#who').textContent = token() ? text('loggedIn') : text('loggedOut')
}

async function poll() {
  try {
    const answer = await get(`/development/state?after=${after}`)
    const isFirst = !state
    ahead = answer.now - Date.now() / 1000
    state = answer
    for (const each of answer.happenings) after = each.number
    happenings = happenings.concat(answer.happenings)
    happenings = happenings.sort((a, b) => a.time - b.time).slice(-SHOWN)
    showSwitches(state.switches)
    showHappenings(happenings)
    showKeys(state.keys)
    $('#away').hidden = true
    if (isFirst) takePhone()
  } catch (e) {
    $('#away').hidden = false
  }
  setTimeout(poll, POLL)
}

document.querySelectorAll('[data-action]').forEach((button) => {
  button.onclick = () => run(button.dataset.action)
})
document.querySelectorAll('[data-switch]').forEach((button) => {
  button.onclick = () => turn(button.dataset.switch)
})
$('#user').onchange = takePhone
$('#language').onclick = () => {
  changeLanguage()
  show()
}
write()
poll()
