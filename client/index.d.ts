/** The response of the platform's request. */
export interface Result<T = any> {
  statusCode: number
  data: T
  header: Record<string, any>
}

/** The answer of `POST /login`. */
export interface Login {
  access_token: string
  token_type: 'Bearer'
  /** Seconds, counted from the login. */
  expires_in: number
  openid: string
  unionid?: string
}

/** The answer of `GET /session`. Times are in seconds. */
export interface Session {
  appid: string
  openid: string
  unionid?: string
  created_at: number
  expires_in: number
}

/** The encrypted result of a client API, such as `wx.getUserInfo` or `wx.getWeRunData`. */
export interface EncryptedData {
  encryptedData: string
  iv: string
  rawData?: string
  signature?: string
}

export interface PhoneNumber {
  phoneNumber: string
  purePhoneNumber: string
  countryCode: string
}

/** The part of `wx` that the client uses; `Taro` and `uni` have it as well. */
export interface Platform {
  login(options: any): any
  request(options: any): any
  getStorageSync(key: string): any
  setStorageSync(key: string, value: any): void
  removeStorageSync(key: string): void
  /** Names the app. Without it the service takes the app from the Referer, or its only one. */
  getAccountInfoSync?(): { miniProgram: { appId: string } }
}

export interface Settings {
  /** Where the service is, such as `https://example.com` or `https://example.com/auth`. */
  baseUrl: string
  /** `wx` unless given. */
  platform?: Platform
}

/** As for `wx.request`, without callbacks. */
export interface RequestOptions {
  /** A path that begins with `/`, or a URL below the base URL: the token goes nowhere else. */
  url: string
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD' | 'OPTIONS' | 'TRACE' | 'CONNECT'
  data?: any
  header?: Record<string, any>
  /** Milliseconds. */
  timeout?: number
  [option: string]: any
}

/** Only the promise of `request` has `abort`; promises that `then` returns have no `abort`. */
export interface Request<T = any> extends Promise<Result<T>> {
  /** Rejects at once with status 0 and the action `none`. Has no effect on what has ended. */
  abort(): void
}

/** The action after a failure. The client itself has already done everything it can. */
export type Action = 'login' | 'new-code' | 'retry' | 'none'

/** All that is not a 2xx. */
export class MiniLoginError extends Error {
  /** The HTTP status; 0 when there was no answer, or nothing was sent. */
  readonly status: number
  /** The body; with status 0 what the platform failed with. */
  readonly data: any
  /** The problem's name, such as `code-used`; empty when the answer is not a problem of mini-login. */
  readonly type: string
  readonly action?: Action
  readonly detail?: string
  /** WeChat's. */
  readonly errcode?: number
  /** By which the service's log finds the request. */
  readonly traceId?: string
  /** Seconds after which to try again. */
  readonly retryAfter?: number
}

export interface Client {
  /**
   * Sends with the token, after a login if there is no token. Sends at most once more: after a new login on a 401, or
   * after `Retry-After` (5 seconds at most) where the problem's action is `retry`. Nine requests are under way at
   * most, the others wait.
   */
  request<T = any>(options: RequestOptions): Request<T>
  /**
   * Logs in unless there is a token, with `force` in any case. One login serves all who ask meanwhile. Resolves with
   * the answer of `POST /login`, or the remembered one. A 5xx that is not a problem of mini-login, as gateways answer while
   * the service is down, has the action `retry`: the same code is posted once more. Calls `wx.login` twice at most, at least a second apart. A
   * failure holds for its `Retry-After`, else for a second: until then every login fails with it.
   */
  login(options?: { force?: boolean }): Promise<Result<Login>>
  /** Ends the session and forgets the token; resolves with nothing where there was no session. */
  logout(): Promise<Result | undefined>
  /** Ends all of the user's sessions of this app. */
  logoutEverywhere(): Promise<Result>
  session(): Promise<Result<Session>>
  /**
   * Logs in where needed, calls the given client API and has its data decrypted. With `session-key-stale` and 401 it
   * logs in and calls the API again, once. If the API fails: status 0 and the action `new-code`.
   */
  openData<T = any>(get: () => EncryptedData | PromiseLike<EncryptedData>): Promise<Result<T>>
  /**
   * The number behind the `detail` of `bindgetphonenumber`. A failure has the action `new-code`, the user taps again,
   * or `none`. Call `login` before the button is shown.
   */
  phoneNumber(detail: { code?: string; errMsg?: string }): Promise<Result<PhoneNumber>>
  /** Whether WeChat's session key is still good. */
  checkKey(): Promise<Result<{ valid: boolean }>>
}

/** One for an app: each has its own token, queue and limit. */
export function createClient(settings: Settings): Client
