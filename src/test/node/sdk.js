// node sdk.js <base> <appid> <secret>: sends a customer message with co-wechat-api, through the API at <base>.
import WechatAPI from 'co-wechat-api';

const [base, appid, secret] = process.argv.slice(2);
const api = new WechatAPI(appid, secret);
api.prefix = `${base}/cgi-bin/`;

const { accessToken } = await api.ensureAccessToken();
const reply = await api.sendText('an-openid', 'Hello');
console.log(JSON.stringify({ token: accessToken.slice(0, 4), errcode: reply.errcode }));
