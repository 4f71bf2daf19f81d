const { client, getUserInfo } = require('../../utils/client')

Page({
  data: { session: '', nickName: '', phone: '', failure: '' },

  // Logs in before the user taps a button.
  onLoad() {
    this.onSession()
  },

  onSession() {
    return this.show(async () => ({ session: JSON.stringify((await client.session()).data, null, 2) }))
  },

  onProfile() {
    return this.show(async () => ({ nickName: (await client.openData(getUserInfo)).data.nickName }))
  },

  onPhoneNumber({ detail }) {
    return this.show(async () => ({ phone: (await client.phoneNumber(detail)).data.purePhoneNumber }))
  },

  onLogout() {
    return this.show(async () => {
      await client.logout()
      return { session: '', nickName: '', phone: '' }
    })
  },

  async show(work) {
    try {
      this.setData(Object.assign({ failure: '' }, await work()))
    } catch (e) {
      this.setData({ failure: `${e.status} ${e.type} ${e.message} (${e.action})` })
    }
  },
})
