// `npm run types` compiles this file and does not run it: the types match the types of the platform.
import { createClient, MiniLoginError, Platform } from '../index'

const platform: Platform = wx
const client = createClient({ baseUrl: 'https://example.com', platform })

export async function uses(detail: WechatMiniprogram.CustomEvent<{ code?: string; errMsg?: string }>['detail']) {
  const token: string = (await client.login({ force: true })).data.access_token
  const request = client.request<{ name: string }>({ url: '/orders', method: 'POST', data: { token }, timeout: 1000 })
  request.abort()
  const name: string = (await request).data.name
  const nickName: string = (await client.openData<{ nickName: string }>(() => wx.getUserInfo({ withCredentials: true }))).data.nickName
  const steps = await client.openData(() => wx.getWeRunData())
  const phone: string = (await client.phoneNumber(detail)).data.purePhoneNumber
  const valid: boolean = (await client.checkKey()).data.valid
  const seconds: number = (await client.session()).data.expires_in
  const upload = client.uploadFile({ url: '/photos', filePath: 'wxfile://photo', name: 'photo', formData: { album: 1 } })
  upload.abort()
  const answer: string = (await upload).data
  const path: string = (await client.downloadFile({ url: '/photos/1', auth: false })).tempFilePath
  await client.logout()
  await client.logoutEverywhere()
  createClient({ baseUrl: 'https://api.example.com', loginBaseUrl: 'https://login.example.com' })
  // @ts-expect-error: a file is needed
  client.uploadFile({ url: '/photos', name: 'photo' })
  // @ts-expect-error: a URL is needed
  client.request({ method: 'GET' })
  // @ts-expect-error: not a method
  client.request({ url: '/', method: 'PATCH' })
  return { name, nickName, steps, phone, valid, seconds, answer, path }
}

export function told(error: unknown) {
  if (error instanceof MiniLoginError && error.action === 'retry') return error.retryAfter
  // @ts-expect-error: not an action
  return error instanceof MiniLoginError && error.action === 'again'
}
