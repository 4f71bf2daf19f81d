// node cloud-run.js <base> <appid>: what a backend in WeChat's Cloud Run does, where <base> is http://api.weixin.qq.com.
import http from 'node:http';

const [base, appid] = process.argv.slice(2);
const body = JSON.stringify({ content: 'Hello', version: 2, scene: 1, openid: 'an-openid' });
const request = http.request(
  `${base}/wxa/msg_sec_check?from_appid=${appid}`,
  { method: 'POST', headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) } },
  (response) => {
    response.setEncoding('utf8');
    response.on('data', (text) => process.stdout.write(text));
  },
);
request.end(body);
