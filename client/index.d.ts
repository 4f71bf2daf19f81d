/** The result of the platform's `request`. */
export interface Result<T = any> {
  statusCode: number
  /** The body; an object if it is JSON. */
  data: T
  header: Record<string, any>
}

/** The result of the platform's `uploadFile`. */
export interface UploadResult {
  statusCode: number
  /** The body. The platform does not parse it. */
  data: string
  /** WeChat does not document headers here. */
  header?: Record<string, any>
}

/** The result of the platform's `downloadFile`. */
export interface DownloadResult {
  statusCode: number
  /** The path of the temporary file; missing if the options have a `filePath`. */
  tempFilePath: string
  /** The `filePath` of the options. */
  filePath: string
  /** WeChat does not document headers here. */
  header?: Record<string, any>
}

/** The body of the response of `POST /login`. */
export interface Login {
  access_token: string
  token_type: 'Bearer'
  /** The lifetime of the token in seconds, counted from the login. */
  expires_in: number
  openid: string
  unionid?: string
}

/** The body of the response of `GET /session`. */
export interface Session {
  appid: string
  openid: string
  unionid?: string
  /** The time of the login, in seconds since 1970. */
  created_at: number
  /** The rest of the session, in seconds. */
  expires_in: number
}

/** The encrypted result of a client API such as `wx.getUserInfo` or `wx.getWeRunData`. */
export interface EncryptedData {
  encryptedData: string
  iv: string
  rawData?: string
  signature?: string
}

/** The body of the response of `POST /session/phone-number`. */
export interface PhoneNumber {
  /** With the country code, if the number is not from China. */
  phoneNumber: string
  /** Without the country code. */
  purePhoneNumber: string
  countryCode: string
}

/** The functions of `wx` that the client calls. `Taro` and `uni` have the same functions. */
export interface Platform {
  login(options: any): any
  request(options: any): any
  getStorageSync(key: string): any
  setStorageSync(key: string, value: any): void
  removeStorageSync(key: string): void
  /** Returns the app. Without this function, the service takes the app from the Referer, or its only app. */
  getAccountInfoSync?(): { miniProgram: { appId: string } }
  uploadFile?(options: any): any
  downloadFile?(options: any): any
  /** Reads the problem of a failed download. Without this function, the error has the status only. */
  getFileSystemManager?(): { readFile(options: any): any }
}

export interface Settings {
  /**
   * The URL of the API, such as `https://example.com` or `https://example.com/api`. It has neither a query nor a
   * fragment.
   */
  baseUrl: string
  /** The URL of mini-login, if it differs from `baseUrl`. The client gets the token there and sends it to both. */
  loginBaseUrl?: string
  /** Default: `wx`. */
  platform?: Platform
}

/** The options of all three functions that send. All other options go to the platform. */
export interface SendOptions {
  /** A path that begins with `/`, or a URL below `baseUrl` or `loginBaseUrl`. Paths belong to `baseUrl`. */
  url: string
  header?: Record<string, any>
  /** Milliseconds. */
  timeout?: number
  /** With `false`, the client sends no token and does not log in. Default: `true`. */
  auth?: boolean
  [option: string]: any
}

/** The options of `wx.request` without callbacks. */
export interface RequestOptions extends SendOptions {
  /** Default: `GET`. */
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD' | 'OPTIONS' | 'TRACE' | 'CONNECT'
  data?: any
}

/** The options of `wx.uploadFile` without callbacks. */
export interface UploadOptions extends SendOptions {
  /** The path of the file to upload. */
  filePath: string
  /** The name of the file's field in the form. */
  name: string
  /** More fields of the form. */
  formData?: Record<string, any>
}

/** The options of `wx.downloadFile` without callbacks. */
export interface DownloadOptions extends SendOptions {
  /** The path to download to. A failed download also writes to it. Default: a temporary file. */
  filePath?: string
}

/** A promise that can be aborted. The promises that its `then` and `await` return have no `abort`. */
export interface Abortable<R> extends Promise<R> {
  /** Rejects the promise at once, with status 0 and the action `none`. A no-op after the end. */
  abort(): void
}

/** The promise of `request`. */
export type Request<T = any> = Abortable<Result<T>>

/**
 * The action after a failure, as mini-login's problems name it. The client has already done what it can do itself.
 * - `login`, `retry`: offer to try again. The next request logs in.
 * - `new-code`: ask the user to tap the button again.
 * - `none`: trying again does not help.
 */
export type Action = 'login' | 'new-code' | 'retry' | 'none'

/** The error of every request that does not end with a status 2xx. */
export class MiniLoginError extends Error {
  /**
   * With a status: the `detail` of the body, else its `title`, else `HTTP` and the status. With status 0: the
   * platform's `errMsg`.
   */
  readonly message: string
  /** The HTTP status; 0 if there was no response, or nothing was sent. */
  readonly status: number
  /**
   * The body, parsed if it is a JSON object, also from a string, an ArrayBuffer or the file of a failed download. With
   * status 0 the platform's error. For `user-blocked`, `data.until` is the end of the block in seconds since 1970, if it
   * has one.
   */
  readonly data: any
  /** The problem's name, such as `code-used`; empty if the response is not a problem of mini-login. */
  readonly type: string
  /**
   * Undefined if a backend or a gateway has failed. Exceptions: a 401 has the action `login`, and a gateway's 5xx for a
   * login has the action `retry`.
   */
  readonly action?: Action
  /** The problem's description of this failure, for developers. */
  readonly detail?: string
  /** WeChat's error code. */
  readonly errcode?: number
  /** Finds the request in the log of the service. */
  readonly traceId?: string
  /** The seconds of `Retry-After`, if the response has it as a number or a date. A date in the past is 0. */
  readonly retryAfter?: number
}

/** The client of one user of one app. All functions that return a promise reject with a {@link MiniLoginError}. */
export interface Client {
  /**
   * Sends a request with the token, after a login if there is no token. Resends at most once: after a new login if the
   * response is a 401, or after `Retry-After` (at most 5 seconds, 1 second without it) if the problem's action is
   * `retry`. At most nine requests, uploads and downloads are under way; the others wait.
   */
  request<T = any>(options: RequestOptions): Request<T>
  /** Uploads a file, with the token and by the rules of `request`. */
  uploadFile(options: UploadOptions): Abortable<UploadResult>
  /** Downloads a file, with the token and by the rules of `request`. */
  downloadFile(options: DownloadOptions): Abortable<DownloadResult>
  /**
   * Logs in unless there is a token; with `force` in any case. Concurrent calls share one login. Resolves with the
   * response of `POST /login`, which may be stored. Calls `wx.login` at most twice, at least a second apart. If a
   * gateway answers with a 5xx in place of mini-login, the client posts the same code once more. After a failure, all
   * logins fail with the same error until `Retry-After` is over, or for a second.
   */
  login(options?: { force?: boolean }): Promise<Result<Login>>
  /** Ends the session and removes the token. Resolves with undefined if there was no session. */
  logout(): Promise<Result | undefined>
  /** Ends all sessions of the user in this app and removes the token. */
  logoutEverywhere(): Promise<Result>
  /** Returns the session of the token. */
  session(): Abortable<Result<Session>>
  /**
   * Logs in if necessary, calls `get`, and decrypts its result. If the session key is outdated (`session-key-stale`) or
   * the token is refused (401), logs in and calls `get` again, once. If `get` fails, the error has status 0 and the
   * action `new-code`.
   */
  openData<T = any>(get: () => EncryptedData | PromiseLike<EncryptedData>): Promise<Result<T>>
  /**
   * Returns the phone number for the `detail` of `bindgetphonenumber`. A failure has the action `new-code`, the user
   * taps again, or `none`. Call `login` before the user sees the button.
   */
  phoneNumber(detail: { code?: string; errMsg?: string }): Promise<Result<PhoneNumber>>
  /** Returns whether WeChat's session key is still valid. */
  checkKey(): Promise<Result<{ valid: boolean }>>
}

/**
 * Creates the client. Create one for the whole app: each client has its own queue and limit.
 *
 * @throws TypeError if a base URL is not an absolute HTTP or HTTPS URL
 */
export function createClient(settings: Settings): Client
