/**
 * The stories. Each step is a function that does what its sentence says; a step that returns a text
 * has found that a promise is broken. `page` offers the actions of the page to the steps.
 */
export function createStories(page) {
  /** The same user as on the phone of the page, so that the page shows the story's login. */
  const login = async () => {
    const answer = await page.exchange('alice')
    page.remember('alice', answer)
    return answer.data.access_token
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
        async () => void (token = await login()),
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
        async () => void (token = await login()),
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

/** Returns how to try the story with curl. */
export function commands(name, origin, appid) {
  const json = "-H 'Content-Type: application/json'"
  const token = `token=$(curl -s ${origin}/login ${json} \\\n  -d "{\\"code\\":\\"alice.$RANDOM\\"}" | cut -d '"' -f 4)`
  const ask = `curl -i ${origin}/session -H "Authorization: Bearer $token"`
  const turn = (what) => `curl -X POST ${origin}/development/switch/${what}`
  return {
    twice: [
      'code=alice.$RANDOM',
      `for tap in 1 2; do curl -s ${origin}/login ${json} \\\n  -d "{\\"code\\":\\"$code\\"}" & done; wait`,
    ],
    outage: [token, turn('redis-down'), ask, turn('redis-up'), ask],
    rotation: [token, turn('new-secret'), ask],
    relay: [
      `curl -u gateway:a-secret-for-development-only \\\n  ${origin}/wechat/wxa/msg_sec_check?from_appid=${appid} ${json} \\\n  -d '{"content":"Hello","version":2,"scene":1,"openid":"o"}'`,
    ],
  }[name].join('\n')
}
