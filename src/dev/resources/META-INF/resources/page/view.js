import { text } from './texts.js'

/** The parties by column. A backend uses the column of the client. */
const PARTIES = ['CLIENT', 'SERVICE', 'REDIS', 'WECHAT']
const column = (party) => (party === 'BACKEND' ? 0 : PARTIES.indexOf(party))

/** The kinds of keys (the letter after ml:), in the order of the table. */
const KINDS = 'suctrl'

const $ = (selector) => document.querySelector(selector)

function element(name, className, content) {
  const made = document.createElement(name)
  made.className = className
  made.textContent = content || ''
  return made
}

const shorter = (what) => what.replace(/(ml:[a-z:]*[\w-]{6})[\w-]{6,}/g, '$1…')

/** Draws the rows of the sequence diagram. An unchanged diagram is left alone, so it does not flicker. */
export function showHappenings(happenings) {
  const list = $('#happenings')
  const language = document.documentElement.lang
  const sign = language + happenings.map((each) => each.time).join()
  if (list.dataset.sign === sign) return
  list.dataset.sign = sign
  const isAtEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 40
  list.replaceChildren(...happenings.map(row))
  if (isAtEnd) list.scrollTop = list.scrollHeight
}

function row({ from, to, kind, text: what }) {
  const [start, end] = [column(from), column(to)]
  const [left, right] = [Math.min(start, end), Math.max(start, end)]
  const made = element('li', kind.toLowerCase())
  made.dataset.from = from
  made.dataset.to = to
  made.dataset.text = what
  made.append(element('span', 'aloud', `${text(from)} → ${text(to)}: `))
  made.append(element('span', `label from-${left} to-${right}`, shorter(what)))
  made.append(element('span', `arrow from-${left} to-${right} ${end > start ? 'rightwards' : 'leftwards'}`))
  return made
}

export function showSwitches(possible) {
  document.querySelectorAll('[data-switch]').forEach((button) => {
    button.hidden = !possible.includes(button.dataset.switch)
  })
}

/** @param keys null while Redis does not answer */
export function showKeys(keys) {
  $('#redis-away').hidden = Boolean(keys)
  $('#table').hidden = !keys
  if (!keys) return
  keys.sort((a, b) => KINDS.indexOf(a.key[3]) - KINDS.indexOf(b.key[3]) || (a.key < b.key ? -1 : 1))
  $('#keys').replaceChildren(
    ...keys.map(({ key, value, ttl }) => {
      const made = element('tr', '')
      const name = element('td', '')
      name.append(element('b', '', text('kinds')[key[3]]), element('code', '', shorter(key)))
      const sealed = element('td', '')
      sealed.append(element('code', '', shorter(value)))
      made.append(name, sealed, element('td', 'end', time(ttl)))
      return made
    })
  )
}

/** Formats milliseconds in one or two units. */
function time(milliseconds) {
  const seconds = Math.round(milliseconds / 1000)
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60)]
  if (hours >= 48) return `${Math.round(hours / 24)} ${text('day')}`
  if (hours > 0) return `${hours} h ${minutes % 60} min`
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`
}
