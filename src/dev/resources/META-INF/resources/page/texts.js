const TEXTS = {
  en: {
    other: '中文',
    development: 'development',
    calls: 'All calls',
    away: 'The service does not answer.',
    phone: 'Phone',
    user: 'User',
    login: 'Log in',
    openData: 'My profile (open data)',
    phoneNumber: 'My phone number',
    whoAmI: 'Who am I?',
    logout: 'Log out',
    logoutEverywhere: 'Log out everywhere',
    loggedIn: 'Logged in',
    loggedOut: 'Logged out',
    phoneHint: 'The phone runs the published client. When it has no valid session, it logs in by itself.',
    switches: 'What goes wrong',
    doubleTap: 'Double tap: one code, twice',
    otherDevice: 'Another device logs in',
    wechatDown: 'WeChat down',
    wechatUp: 'WeChat back',
    redisDown: 'Redis down',
    redisUp: 'Redis back',
    newSecret: 'Rotate the app secret',
    rotated: 'WeChat takes the new secret from now on. The service reads it from its file within 4 seconds; until then WeChat refuses logins. Sessions stay.',
    nextErrcode: 'Errcode of the next login',
    delay: 'Delay of logins',
    none: 'none',
    diagram: 'What happens',
    clear: 'Clear',
    CLIENT: 'Client',
    SERVICE: 'mini-login',
    REDIS: 'Redis',
    WECHAT: 'WeChat',
    session: 'The session',
    ask: 'Ask again',
    noToken: 'The phone has no token.',
    keys: 'In Redis',
    keysHint: 'The key of a session is the hash of its token, what is in it is sealed.',
    redisAway: 'Redis does not answer.',
    key: 'Key',
    value: 'Value',
    end: 'Ends in',
    action: 'what to do',
    day: 'd',
    kinds: { s: 'session', u: 'user', c: 'code', t: 'access token', r: 'new secret', l: 'lock' },
  },
  zh: {
    other: 'English',
    development: '开发环境',
    calls: '全部接口',
    away: '服务没有响应。',
    phone: '手机',
    user: '用户',
    login: '登录',
    openData: '获取资料（开放数据）',
    phoneNumber: '获取手机号',
    whoAmI: '我是谁？',
    logout: '退出登录',
    logoutEverywhere: '退出所有设备',
    loggedIn: '已登录',
    loggedOut: '未登录',
    phoneHint: '手机里运行的就是发布的客户端。没有有效会话时，它会自动登录。',
    switches: '模拟故障',
    doubleTap: '连点两次：同一 code 提交两次',
    otherDevice: '在另一台设备上登录',
    wechatDown: '微信不可用',
    wechatUp: '恢复微信',
    redisDown: 'Redis 宕机',
    redisUp: '恢复 Redis',
    newSecret: '重置 AppSecret',
    rotated: '微信从现在起只认新的 AppSecret。服务会在 4 秒内从文件读到它，此前登录会被微信拒绝；已有会话不受影响。',
    nextErrcode: '下次登录返回的 errcode',
    delay: '登录延迟',
    none: '无',
    diagram: '调用过程',
    clear: '清空',
    CLIENT: '客户端',
    SERVICE: 'mini-login',
    REDIS: 'Redis',
    WECHAT: '微信',
    session: '会话',
    ask: '重新查询',
    noToken: '手机上没有 token。',
    keys: 'Redis 中的数据',
    keysHint: '会话的键是 token 的哈希，内容已加密。',
    redisAway: 'Redis 没有响应。',
    key: '键',
    value: '值',
    end: '剩余时间',
    action: '处理方式',
    day: '天',
    kinds: { s: '会话', u: '用户', c: 'code', t: 'access_token', r: '新 AppSecret', l: '锁' },
  },
}

let language = localStorage.getItem('language') || (/^zh\b/.test(navigator.language) ? 'zh' : 'en')

export const text = (name) => TEXTS[language][name]

/** Writes every text of the page anew. */
export function write() {
  document.documentElement.lang = { zh: 'zh-CN' }[language] || language
  document.querySelectorAll('[data-text]').forEach((element) => {
    element.textContent = text(element.dataset.text)
  })
  document.querySelector('#language').textContent = text('other')
}

export function changeLanguage() {
  language = language === 'zh' ? 'en' : 'zh'
  localStorage.setItem('language', language)
  write()
}
