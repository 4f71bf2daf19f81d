// A backend that sells a sword: node shop.js <address of mini-login> <client id> <client secret> <offerId>
import http from 'node:http';
import { randomUUID } from 'node:crypto';

const [miniLogin, id, secret, offerId] = process.argv.slice(2);
const authorization = 'Basic ' + Buffer.from(`${id}:${secret}`).toString('base64');
/** Orders by their number. A real shop keeps them in its database. */
const orders = new Map();

async function ask(path, body) {
  const reply = await fetch(miniLogin + path, {
    method: 'POST',
    headers: { Authorization: authorization, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
  return { status: reply.status, body: await reply.json() };
}

/** The phone wants to pay. The gateway has checked the user and named the user in the headers. */
async function buy({ 'x-wx-openid': openid, 'x-wx-appid': appid }) {
  const outTradeNo = randomUUID().replaceAll('-', '');
  const goods = { productId: 'sword', goodsPrice: 100, buyQuantity: 1, currencyType: 'CNY' };
  const signData = JSON.stringify({ offerId, env: 0, ...goods, outTradeNo, attach: '' });
  const { status, body } = await ask(`/users/${appid}/${openid}/signature`, { data: signData, uri: 'requestVirtualPayment' });
  if (status === 409) return [401, {}]; // The phone logs in and asks again.
  if (status !== 200) return [502, {}];
  orders.set(outTradeNo, { appid, openid, isDelivered: false });
  // The text that was signed goes to the phone, which passes it on unchanged.
  return [200, { mode: 'short_series_goods', signData, paySig: body.pay_sig, signature: body.signature }];
}

/** mini-login has verified and decrypted the event. WeChat may send an event more than once. */
function take(event) {
  if (event.Event === 'xpay_goods_deliver_notify') deliver(event.OutTradeNo);
  return [200, { ErrCode: 0, ErrMsg: 'success' }];
}

function deliver(outTradeNo) {
  const order = orders.get(outTradeNo);
  if (!order || order.isDelivered) return;
  order.isDelivered = true;
  console.log(`delivered ${outTradeNo}`);
}

/** Asks WeChat about an order, in case that its event does not come. */
async function check(outTradeNo) {
  const { appid, openid } = orders.get(outTradeNo);
  const { body } = await ask(`/wechat/xpay/query_order?from_appid=${appid}`, { openid, env: 0, order_id: outTradeNo });
  if (body.order && [2, 3, 4].includes(body.order.status)) deliver(outTradeNo);
  return [200, { isDelivered: orders.get(outTradeNo).isDelivered }];
}

const answers = {
  '/buy': ({ headers }) => buy(headers),
  '/events': (request, body) => take(body),
  '/check': (request, { outTradeNo }) => check(outTradeNo),
};

const server = http.createServer(async (request, response) => {
  try {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString() || '{}');
    const [status, answer] = await answers[request.url](request, body);
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
  } catch (e) {
    console.error(e);
    response.writeHead(500).end(); // WeChat repeats the event.
  }
});
server.listen(process.env.PORT ?? 8080, () => console.log(`port ${server.address().port}`));
