// How much JavaScript the browser fetches before the first page stands: the entry and everything it imports
// statically, plus the chunks of the first page itself, as brotli. Fails above the limit.
import { readFile } from "node:fs/promises";
import { brotliCompressSync, constants } from "node:zlib";

const LIMIT = 250_000;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(await readFile(new URL(".vite/manifest.json", dist), "utf8"));

/** What is loaded at once, whatever page is opened, then what each first page adds. */
const FIRST_PAGES = {
  "sign-in": ["src/modules/access/pages/sign-in.tsx"],
  inbox: ["src/app/frame.tsx", "src/modules/workflow/pages/inbox.tsx"],
};

function closure(keys, into = new Set()) {
  for (const key of keys) {
    const chunk = manifest[key];
    if (!chunk) throw new Error(`${key} is not in the manifest; was the file renamed?`);
    if (into.has(chunk.file)) continue;
    into.add(chunk.file);
    closure(chunk.imports ?? [], into);
  }
  return into;
}

async function compressed(file) {
  const bytes = await readFile(new URL(file, dist));
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

const always = ["index.html", "src/app/words/zh-CN.ts", "src/api/words.zh-CN.gen.ts"];
let failed = false;
for (const [page, keys] of Object.entries(FIRST_PAGES)) {
  let sum = 0;
  for (const file of closure([...always, ...keys])) if (file.endsWith(".js")) sum += await compressed(file);
  const verdict = sum < LIMIT ? "within" : "ABOVE";
  console.log(`${page.padEnd(8)} ${(sum / 1000).toFixed(1).padStart(6)} kB brotli, ${verdict} ${LIMIT / 1000} kB`);
  failed ||= sum >= LIMIT;
}
if (failed) process.exit(1);
