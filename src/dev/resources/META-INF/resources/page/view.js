import { answerTo, duration, purpose, story, text } from './texts.js'

/** The parties by column. A backend uses the column of the phone. */
const PARTIES = ['CLIENT', 'SERVICE', 'REDIS', 'WECHAT']
const column = (party) => (party === 'BACKEND' ? 0 : PARTIES.indexOf(party))

/** The purposes of calls: the parties, a pattern of method and path or of command and key, and the name. */
const PURPOSES = [
  ['CLIENT WECHAT', /login$/, 'wxLogin'],
  ['CLIENT WECHAT', /user-info$/, 'wxUserInfo'],
  ['CLIENT WECHAT', /phone-number$/, 'wxPhone'],
  ['CLIENT WECHAT', /virtual-payment$/, 'wxPay'],
  ['SERVICE BACKEND', /./, 'deliver'],
  ['SERVICE', /^POST \/push/, 'push'],
  ['SERVICE', /^POST \/login/, 'login'],
  ['SERVICE', /^DELETE \/sessions$/, 'logoutEverywhere'],
  ['SERVICE', /^DELETE \/session$/, 'logout'],
  ['SERVICE', /open-data$/, 'openData'],
  ['SERVICE', /phone-number$/, 'phoneNumber'],
  ['SERVICE', /key\/check$/, 'keyCheck'],
  ['SERVICE', /key\/reset$/, 'keyReset'],
  ['SERVICE', /\/session/, 'session'],
  ['SERVICE', /\/verify/, 'verify'],
  ['SERVICE', /\/introspect/, 'introspect'],
  ['SERVICE', /\/revoke/, 'revoke'],
  ['SERVICE', /\/signature$/, 'sign'],
  ['SERVICE', /\/users/, 'users'],
  ['SERVICE', /\/wechat/, 'relay'],
  ['SERVICE WECHAT', /jscode2session/, 'exchange'],
  ['SERVICE WECHAT', /stable_token/, 'stableToken'],
  ['SERVICE WECHAT', /getuserphonenumber/, 'phoneNumber'],
  ['SERVICE WECHAT', /checksession/, 'checkSession'],
  ['SERVICE WECHAT', /resetusersessionkey/, 'resetKey'],
  ['SERVICE WECHAT', /./, 'forwarded'],
  ['REDIS', /^SET ml:c:.* NX/, 'claim'],
  ['REDIS', /^SET ml:c/, 'keepAnswer'],
  ['REDIS', /^PTTL ml:c/, 'age'],
  ['REDIS', /^DEL ml:c/, 'release'],
  ['REDIS', /ml:c/, 'readAnswer'],
  ['REDIS', /^SET ml:s/, 'storeSession'],
  ['REDIS', /EXPIRE ml:s/, 'extend'],
  ['REDIS', /^(DEL|UNLINK) ml:s/, 'endSession'],
  ['REDIS', /ml:s/, 'readSession'],
  ['REDIS', /^SET ml:e.* NX/, 'claimEvent'],
  ['REDIS', /^SET ml:e/, 'keepAnswer'],
  ['REDIS', /ml:e/, 'event'],
  ['REDIS', /^HDEL ml:u/, 'removeFromUser'],
  ['REDIS', /ml:u/, 'user'],
  ['REDIS', /^SET ml:t/, 'storeToken'],
  ['REDIS', /ml:t/, 'readToken'],
  ['REDIS', /ml:l/, 'lock'],
  ['REDIS', /ml:r/, 'change'],
  ['REDIS', /^connect/, 'connect'],
  ['REDIS', /./, 'command'],
]

const $ = (selector) => document.querySelector(selector)

function element(name, className, content) {
  const made = document.createElement(name)
  if (className) made.className = className
  if (content) made.textContent = content
  return made
}

const shorter = (what) => what.replace(/(ml:[a-z:]*[\w-]{6})[\w-]{6,}/g, '$1…')

const purposeOf = ({ from, to, text: what }) => {
  const found = PURPOSES.find(([parties, pattern]) => `${from} ${to}`.endsWith(parties) && pattern.test(what))
  return found ? found[2] : 'command'
}

/** Says in words what an answer means for its call. */
function outcome({ kind, text: what }, call) {
  const name = call && purposeOf(call)
  if (kind === 'FAILURE') {
    if (/^(50|429)/.test(what)) return text('retry')
    if (/^401/.test(what)) return text('loginAgain')
    return /^(errcode|4)/.test(what) ? text('refusedBy') : text('failed')
  }
  if (what === 'NOSCRIPT') return text('noScript')
  if (what === 'nil') return name === 'claim' ? text('taken') : text('nothing')
  return answerTo(name) || text('done')
}

/** Returns the title of a group: an action on the page, or the sentence of a story's step. */
export function title(action) {
  const step = action.match(/^(\w+)-(\d)$/)
  if (step && story(step[1])) return `${step[2]}. ${story(step[1]).steps[step[2] - 1]}`
  return text(action)
}

/** Draws the sequence diagram. Rows that are there stay as they are, with their selection and focus. */
export function createDiagram({ details }) {
  const list = $('#messages')
  const calls = new Map()
  const scroll = $('#scroll')
  let group
  /**
   * The calls that a group shows once: while Redis is down, the service connects again and again, and after a rotation
   * each instance asks the others whether they have read the new secret.
   */
  const shownOnce = new Set()

  function open(message) {
    const { number, from, to, kind, action } = message
    if (kind === 'CALL') calls.set(number, message)
    const isOutside = kind === 'CALL' && !action && /CLIENT|BACKEND/.test(from)
    const name = action || (isOutside ? `outside ${number}` : group)
    if (name === group) return
    group = name
    shownOnce.clear()
    if (!name || kind === 'EVENT') return
    const shown = isOutside ? text('outside') : title(name.replace(/^\d+ /, ''))
    list.append(element('li', 'group', shown))
  }

  function isRepeated({ kind, text: what, call }) {
    const asked = kind === 'CALL' ? what : calls.get(call)?.text
    if (!/^(connect$|GETRANGE ml:r)/.test(asked)) return false
    if (kind !== 'CALL') return !list.querySelector(`[data-number='${call}']`)
    const isShown = shownOnce.has(asked)
    shownOnce.add(asked)
    return isShown
  }

  function row(message) {
    const { from, to, kind, call, millis, text: what, number } = message
    if (kind === 'EVENT') return element('li', 'event', text(what))
    const asked = call ? calls.get(call) : message
    const [start, end] = [column(from), column(to)]
    const [left, right] = [Math.min(start, end), Math.max(start, end)]
    const made = element('li', kind.toLowerCase())
    Object.assign(made.dataset, { from, to, text: what, number, call: call || number })
    const button = element('button', 'line')
    button.type = 'button'
    button.setAttribute('aria-expanded', 'false')
    const label = element('span', `label from-${left}`)
    label.append(element('span', 'aloud', `${text(from)} → ${text(to)}: `))
    label.append(element('span', 'purpose', kind === 'CALL' ? purpose(purposeOf(asked)) : outcome(message, asked)))
    label.append(element('span', 'command', kind === 'CALL' ? shorter(what) : `${shorter(what)} · ${millis} ms`))
    const arrow = element('span', `arrow from-${left} to-${right} ${end > start ? 'rightwards' : 'leftwards'}`)
    button.append(label, arrow)
    button.onclick = () => toggle(made, button, call || number)
    made.append(button)
    return made
  }

  async function toggle(made, button, number) {
    const isOpen = button.getAttribute('aria-expanded') === 'true'
    button.setAttribute('aria-expanded', String(!isOpen))
    if (isOpen) {
      made.querySelector('.details').remove()
      return
    }
    const box = element('div', 'details')
    made.append(box)
    const { sent, received } = await details(number)
    for (const [name, content] of [['sent', sent], ['received', received]]) {
      const pre = element('pre', '', content.trim() || text('empty'))
      box.append(element('h3', '', text(name)), pre)
    }
  }

  return {
    add(messages) {
      if (!messages.length) return
      const isAtEnd = scroll.scrollTop + scroll.clientHeight >= scroll.scrollHeight - 60
      for (const message of messages) {
        open(message)
        if (!isRepeated(message)) list.append(row(message))
      }
      $('#no-messages').hidden = true
      if (isAtEnd) scroll.scrollTop = scroll.scrollHeight
    },

    /** Scrolls to the end, and stays there while messages are added. */
    follow() {
      scroll.scrollTop = scroll.scrollHeight
    },

    clear() {
      list.replaceChildren()
      calls.clear()
      group = undefined
      $('#no-messages').hidden = false
    },
  }
}

const kindOf = (key) => key[3]

/** Says what the value of a key is. */
function meaning({ key, fields, bytes }) {
  const sessions = fields.filter((field) => field.length === 43).length
  return {
    s: () => text('isSession', bytes),
    u: () => text('isUser', sessions),
    c: () => (bytes < 30 ? text('isClaim') : text('isAnswer', bytes)),
    t: () => text('isToken', bytes),
    r: () => text('isChange'),
    l: () => text('isLock'),
    e: () => text('isEvent'),
  }[kindOf(key)]?.() ?? text('isOther')
}

/** Sorts the keys into groups: each user with the sessions, then codes, apps, and the rest. */
function groups(keys) {
  const users = keys.filter((each) => kindOf(each.key) === 'u')
  const found = users.map((user) => ({
    title: user.of ? `${user.of.user} · ${user.of.appid}` : shorter(user.key),
    keys: [user, ...keys.filter((each) => kindOf(each.key) === 's' && user.fields.includes(each.key.slice(5)))],
  }))
  const rest = keys.filter((each) => !found.some((group) => group.keys.includes(each)))
  const kinds = (title, letters) => ({ title, keys: rest.filter((each) => letters.includes(kindOf(each.key))) })
  found.sort((a, b) => (a.title < b.title ? -1 : 1))
  found.push(kinds(text('codes'), 'c'), kinds(text('apps'), 'trl'), kinds(text('others'), 'se'))
  return found.filter((group) => group.keys.length)
}

/**
 * Shows the keys. A table with the same keys is changed in place, so that its text can be selected.
 *
 * @param keys null while Redis does not answer
 */
export function showKeys(keys, isShown) {
  const table = $('#keys table')
  $('#redis-away').hidden = Boolean(keys)
  $('#no-keys').textContent = isShown ? text('noKeys') : text('notShown')
  $('#no-keys').hidden = !keys || keys.length > 0
  table.hidden = !keys || !keys.length
  if (!keys) return
  keys.sort((a, b) => (a.key < b.key ? -1 : 1))
  const all = groups(keys)
  const sign = document.documentElement.lang + JSON.stringify(all.map(({ title, keys: of }) => [title, of.map((each) => each.key)]))
  if (table.dataset.sign !== sign) {
    table.dataset.sign = sign
    for (const body of [...table.tBodies]) body.remove()
    table.append(...all.map(body))
  }
  const cells = table.querySelectorAll('td')
  all.flatMap((group) => group.keys).forEach((each, i) => {
    fill(cells[3 * i + 1], meaning(each))
    fill(cells[3 * i + 2], each.ttl < 0 ? text('never') : duration(each.ttl / 1000))
  })
}

function body({ title: name, keys }) {
  const made = element('tbody')
  const head = element('tr')
  const cell = element('th', '', name)
  cell.colSpan = 3
  cell.scope = 'rowgroup'
  head.append(cell)
  const rows = keys.map(({ key }) => {
    const line = element('tr')
    const first = element('td')
    first.append(element('code', '', shorter(key)))
    first.title = key
    line.append(first, element('td'), element('td', 'end'))
    return line
  })
  made.append(head, ...rows)
  return made
}

function fill(cell, content) {
  if (cell.textContent !== content) cell.textContent = content
}

/** Shows the state of WeChat, Redis and the secret, and what their buttons do now. */
export function showState({ isWechatDown, isRedisDown, canStopRedis, keys, secret }) {
  badge('wechat', isWechatDown ? 'down' : 'answers', !isWechatDown)
  change('wechat', isWechatDown)
  badge('redis', isRedisDown ? 'down' : keys ? 'answers' : 'silent', keys && !isRedisDown)
  change('redis', isRedisDown)
  $('#redis-switch').hidden = !canStopRedis
  $('#secret-switch').hidden = !secret
  const shown = $('#secret-state')
  shown.className = secret && !secret.isInUse ? 'failure' : ''
  const current = secret && text(secret.isInUse ? 'inUse' : 'notYet', secret.current)
  const before = secret && secret.previous.length ? `\n${text('previousSecrets', secret.previous.slice(0, 2).join(' '))}` : ''
  fill(shown, secret ? current + before : text('secretFixed'))
}

function badge(name, state, isGood) {
  fill($(`#${name}-state`), text(state))
  $(`#${name}-state`).className = isGood ? '' : 'failure'
}

function change(name, isDown) {
  const button = $(`#${name}-switch`)
  button.dataset.switch = `${name}-${isDown ? 'up' : 'down'}`
  fill(button, text(isDown ? 'restart' : 'stop'))
  button.setAttribute('aria-label', `${button.textContent}: ${text(name.toUpperCase())}`)
}
