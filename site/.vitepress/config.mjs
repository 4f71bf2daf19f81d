import { readFileSync } from 'node:fs'
import { defineConfig } from 'vitepress'

const versions = process.env.MENU.trim().split(' ')
const current = process.env.NAME

/** Reads the sidebar from the list of all pages: its headings are the groups, its links the entries. */
function sidebar(folder) {
  const list = new URL(`../content/${folder}pages.md`, import.meta.url)
  return readFileSync(list, 'utf8')
    .split(/^## /m)
    .slice(1)
    .map((section) => ({
      text: section.split('\n')[0],
      collapsed: false,
      items: [...section.matchAll(/^- \[([^\]]+)\]\(([^)#]+)\)/gm)]
        .filter(([, , target]) => target.endsWith('.md'))
        .map(([, text, target]) => ({ text, link: new URL(target, `file:///${folder}`).pathname.replace(/\.md$/, '') })),
    }))
}

/** Returns the menu of versions. Each version is a site of its own. */
function versionMenu(text) {
  return {
    text: `${text} ${current}`,
    items: versions.map((version) => ({ text: version, link: `${process.env.BASE}${version}/`, target: '_self', rel: '' })),
  }
}

/** Splits text into words. Chinese has no spaces between words, so the browser finds them. */
function words(text) {
  if (!Intl.Segmenter) {
    return text.toLowerCase().split(/[\s\p{P}]+/u)
  }
  return [...new Intl.Segmenter('zh', { granularity: 'word' }).segment(text)]
    .filter((segment) => segment.isWordLike)
    .map((segment) => segment.segment)
}

export default defineConfig({
  title: 'mini-login',
  srcDir: 'content',
  cleanUrls: false,
  lastUpdated: false,
  // Addresses of a service on the reader's machine.
  ignoreDeadLinks: 'localhostLinks',
  markdown: {
    // Pages may contain <placeholders>, which are no HTML.
    html: false,
    // The anchors are those of GitHub, which LinksTest checks.
    anchor: {
      slugify: (text) => text.toLowerCase().replace(/[^\p{L}\p{N}_ -]/gu, '').trim().replaceAll(' ', '-'),
    },
    languageAlias: { 'nginx-servers': 'nginx' },
  },
  locales: {
    root: {
      label: 'English',
      lang: 'en',
      description: 'The login of a WeChat mini program as a microservice',
      themeConfig: {
        nav: [{ text: 'All pages', link: '/pages' }, { text: 'Calls', link: '/api' }, versionMenu('Version:')],
        sidebar: { '/': sidebar('') },
      },
    },
    zh: {
      label: '简体中文',
      lang: 'zh-CN',
      description: '微信小程序的登录，做成一个微服务',
      themeConfig: {
        nav: [{ text: '全部文档', link: '/zh/pages' }, { text: '调用', link: '/zh/api' }, versionMenu('版本：')],
        sidebar: { '/zh/': sidebar('zh/') },
        outline: { label: '本页目录' },
        docFooter: { prev: '上一页', next: '下一页' },
        darkModeSwitchLabel: '外观',
        sidebarMenuLabel: '菜单',
        returnToTopLabel: '回到顶部',
        langMenuLabel: '语言',
        lightModeSwitchTitle: '切换到浅色',
        darkModeSwitchTitle: '切换到深色',
        notFound: { title: '没有这一页', quote: '链接可能已经失效。', linkText: '回到首页' },
      },
    },
  },
  themeConfig: {
    outline: { level: [2, 3] },
    search: {
      provider: 'local',
      options: {
        miniSearch: { options: { tokenize: words }, searchOptions: { combineWith: 'AND' } },
        locales: {
          zh: {
            translations: {
              button: { buttonText: '搜索', buttonAriaLabel: '搜索' },
              modal: {
                displayDetails: '显示详细列表',
                resetButtonTitle: '清除',
                backButtonTitle: '关闭',
                noResultsText: '没有结果：',
                footer: { selectText: '打开', navigateText: '选择', closeText: '关闭' },
              },
            },
          },
        },
      },
    },
  },
})
