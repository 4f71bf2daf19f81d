// Copies the Markdown pages of the repository to where the site has them, and changes their links accordingly.
//   node prepare.mjs ROOT TO REF    # REF: the branch or tag that links to other files name
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, posix, relative } from 'node:path'

const [root, to, ref] = process.argv.slice(2)
const repository = process.env.REPOSITORY

/** Returns the files below a folder, with paths from the root of the repository. */
function files(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)).replaceAll('\\', '/'))
}

/** Returns the place of a page on the site. English pages are at the root, Chinese pages below zh. */
function place(file) {
  if (/^[A-Z]+(\.zh-CN)?\.md$/.test(file) && !file.startsWith('README')) {
    // SECURITY.md and docs/security.md need different names, also where capitals do not count.
    return (file.includes('.zh-CN') ? 'zh/' : '') + 'project/' + file.replace('.zh-CN', '').toLowerCase()
  }
  const chinese = file.startsWith('docs/zh/') || file.endsWith('.zh-CN.md')
  const path = file.replace(/^docs\/zh\//, '').replace(/^docs\//, '').replace('.zh-CN.md', '.md')
  // The front page is the README; the list of all pages is beside it.
  const name = file === 'docs/README.md' || file === 'docs/zh/README.md' ? 'pages.md' : path.replace(/README\.md$/, 'index.md')
  return (chinese ? 'zh/' : '') + name
}

const pages = new Map(
  [
    ...readdirSync(root).filter((name) => name.endsWith('.md')),
    ...files('docs').filter((name) => name.endsWith('.md')),
    ...files('bench/results').filter((name) => name.endsWith('.md')),
  ].map((file) => [file, place(file)]),
)

/** Returns the link from a page of the site, for a link of the page in the repository. */
function link(file, target, anchor) {
  const there = posix.normalize(posix.join(posix.dirname(file), target))
  const page = pages.get(there) ?? pages.get(posix.join(there, 'README.md'))
  const from = posix.dirname(pages.get(file))
  if (page) {
    return relativeLink(from, page) + anchor
  }
  if (/\.(png|svg|webp)$/.test(there)) {
    return relativeLink(from, there.replace(/^docs\//, ''))
  }
  return repository && existsSync(join(root, there)) ? `${repository}/blob/${ref}/${there}` : undefined
}

function relativeLink(from, path) {
  const found = posix.relative(from, path)
  return found.startsWith('.') ? found : './' + found
}

function prepared(file, text) {
  return text
    .replace(/<!-- .*? -->\n/g, '')
    // The site shows the other language in its menu.
    .replace(/^(English: \[.*\]\(.*\)|\[中文\]\(.*\))\n/m, '')
    // GitHub draws these charts; the same figures are in tables.
    .replace(/^```mermaid\n[^]*?^```\n/gm, '')
    // The states of workflows are pages of GitHub.
    .replace(/^\[!\[.*\]\(\.\.\/\.\.\/actions.*\)\]\(.*\)\n/gm, '')
    .split(/(^ *```[^]*?^ *```$)/m)
    .map((part, index) => (index % 2 ? part : part.replace(/(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^)\s:#]+)(#[^)\s]*)?\)/g, (all, image, label, target, anchor = '') => {
      const found = link(file, target, anchor)
      // Without the address of the repository, a link to another file becomes its label.
      return found ? `${image}[${label}](${found})` : label
    })))
    .join('')
}

rmSync(to, { recursive: true, force: true })
for (const [file, path] of pages) {
  mkdirSync(dirname(join(to, path)), { recursive: true })
  writeFileSync(join(to, path), prepared(file, readFileSync(join(root, file), 'utf8')))
}
cpSync(join(root, 'docs/images'), join(to, 'images'), { recursive: true })
