/**
 * The stories. Each step is a function that does what its sentence says; a step that returns a text
 * has found that a promise is broken. `page` offers the actions of the page to the steps.
 */
export function createStories(page) {
  /** The same user as on the phone of the page, so that the page shows the story's login. */
  const login = async () => {
    const answer = await page.exchange('alice')
    page.remember('alice', answer)
    return answer.data
  }

  /** Waits until the latest event that the backend has taken contains this text. */
  const awaitEvent = async (text) => {
    const isTaken = await askUntil(async () => (await page.taken()).slice(-1).some(({ body }) => body.includes(text)), 40)
    return isTaken ? '' : text
  }

  const askUntil = async (condition, limit) => {
    for (let i = 0; i < limit; i++) {
      if (await condition()) return true
      await page.sleep(250)
    }
    return false
  }

  return {
    twice() {
      let code, answers
      return [
        async () => void (code = await page.code('alice')),
        async () => void (answers = await Promise.all([page.post(code), page.post(code)])),
        async () => {
          const tokens = answers.map((each) => each.data.access_token)
          const calls = (await page.messages()).filter((each) => each.text.endsWith(` ${code}`))
          if (!tokens[0] || tokens[0] !== tokens[1]) return `${answers[0].statusCode}, ${answers[1].statusCode}`
          page.remember('alice', answers[0])
          return calls.length === 1 ? '' : `${calls.length} × code2Session`
        },
      ]
    },

    outage() {
      let token
      return [
        async () => void (token = (await login()).access_token),
        () => page.turn('redis-down'),
        async () => {
          const { statusCode } = await page.ask(token)
          return statusCode === 503 ? '' : `${statusCode}`
        },
        () => page.turn('redis-up'),
        async () => {
          const isBack = await askUntil(async () => (await page.ask(token)).statusCode === 200, 40)
          return isBack ? '' : 'GET /session'
        },
      ]
    },

    rotation() {
      let token
      return [
        async () => void (token = (await login()).access_token),
        () => page.turn('new-secret'),
        async () => {
          const isRead = await askUntil(async () => (await page.state()).secret.isInUse, 60)
          return isRead ? '' : 'wechat.secret'
        },
        async () => {
          const { statusCode } = await page.ask(token)
          return statusCode === 200 ? '' : `GET /session ${statusCode}`
        },
        async () => {
          const { statusCode } = await page.exchange('bob')
          return statusCode === 200 ? '' : `POST /login ${statusCode}`
        },
      ]
    },

    payment() {
      let openid, bought
      return [
        async () => void (openid = (await login()).openid),
        async () => {
          bought = await page.buy(openid)
          return bought.statusCode === 200 ? '' : `${bought.statusCode} ${bought.data.title}`
        },
        async () => {
          const { errMsg } = await page.pay('alice', bought.data)
          return errMsg === 'requestVirtualPayment:ok' ? '' : errMsg
        },
        () => awaitEvent(JSON.parse(bought.data.signData).outTradeNo),
      ]
    },

    leave() {
      let token
      return [
        async () => void (token = (await login()).access_token),
        async () => {
          const { acknowledged, attempts } = await page.push('user_authorization_cancellation', 'alice')
          return acknowledged ? '' : `${attempts[0].status} ${attempts[0].body}`
        },
        () => awaitEvent('user_authorization_cancellation'),
        async () => {
          const { statusCode } = await page.ask(token)
          return statusCode === 401 ? '' : `GET /session ${statusCode}`
        },
      ]
    },

    relay() {
      let first
      const check = async () => {
        const { statusCode } = await page.checkText('Hello')
        return statusCode === 200 ? '' : `${statusCode}`
      }
      return [
        async () => void (first = (await page.messages()).length),
        check,
        async () => {
          const failure = await check()
          const fetches = (await page.messages()).slice(first).filter((each) => each.text.includes('stable_token'))
          return failure || (fetches.length < 2 ? '' : `${fetches.length} × stable_token`)
        },
      ]
    },
  }
}

/**
 * Returns how to try the story with curl, in sh, bash and zsh. A pasted story may run again, so the time makes its code
 * unique: sh has no $RANDOM, and in a subshell of zsh it repeats.
 */
export function commands(name, origin, appid) {
  const json = "-H 'Content-Type: application/json'"
  const code = 'alice.$(date +%s)'
  const token = `token=$(curl -s ${origin}/login ${json} \\\n  -d "{\\"code\\":\\"${code}\\"}" | cut -d '"' -f 4)`
  const ask = `curl -i ${origin}/session -H "Authorization: Bearer $token"`
  const turn = (what) => `curl -X POST ${origin}/development/switch/${what}`
  return {
    twice: [
      `code=${code}`,
      `for tap in 1 2; do curl -s ${origin}/login ${json} \\\n  -d "{\\"code\\":\\"$code\\"}" & done; wait`,
    ],
    outage: [token, turn('redis-down'), ask, turn('redis-up'), ask],
    // The service reads its files every 2 s, and applies a change that it has read twice.
    rotation: [token, turn('new-secret'), 'sleep 6', ask],
    payment: [
      `openid=$(curl -s ${origin}/login ${json} \\\n  -d "{\\"code\\":\\"${code}\\"}" \\\n  | grep -o '"openid":"[^"]*' | cut -d '"' -f 4)`,
      `curl -u gateway:a-secret-for-development-only \\\n  ${origin}/users/${appid}/$openid/signature ${json} \\\n  -d '{"data":"{\\"offerId\\":\\"1450000001\\",\\"env\\":0}","uri":"requestVirtualPayment"}'`,
    ],
    leave: [
      token,
      `curl ${origin}/simulator/push \\\n  -d '{"event":"user_authorization_cancellation","user":"alice"}'`,
      ask,
    ],
    relay: [
      `curl -u gateway:a-secret-for-development-only \\\n  '${origin}/wechat/wxa/msg_sec_check?from_appid=${appid}' ${json} \\\n  -d '{"content":"Hello","version":2,"scene":1,"openid":"o"}'`,
    ],
  }[name].join('\n')
}
