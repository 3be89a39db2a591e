/* What a reader's words find in the index in pagefind/, and what comes near. Nothing here touches the page. */
const folder = new URL('../pagefind/', import.meta.url);
const TEN = 10, NOTHING = { results: [], total: 0, isWhole: true };
/* A whole word stands well above a longer one that begins so; a paper is remembered by its first author. */
const RANKING = { termSimilarity: 4, metaWeights: { title: 5, surname: 8 } };

let engine, attempts = 0;
export const load = () => engine ??= (async () => {
	/* A failed import is remembered by the browser under its address. */
	const pagefind = await import(new URL('pagefind.js' + (attempts++ ? '?again=' + attempts : ''), folder));
	await pagefind.options({ baseUrl: new URL('../', folder).pathname, ranking: RANKING });
	await pagefind.init();
	return pagefind;
})().catch(error => { engine = undefined; throw error; });

const fetched = {};
const fetchText = name => fetched[name] ??= fetch(new URL(name, folder)).then(answer => {
	if (!answer.ok) throw new Error(name + ': ' + answer.status);
	return answer.text();
}).catch(error => { delete fetched[name]; throw error; });

/* Words */

export const fold = text => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
const squash = text => fold(text).replace(/[^\p{L}\p{N}]+/gu, '');
const split = text => text.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’.#+-]*/gu) ?? [];
export const isQuery = q => q.length > 1 || /[^\x00-\x7f]/.test(q);

/* What readers paste: letters of other alphabets that stand for ours, soft hyphens, a keyboard's own quotes. */
const tidy = q => q.normalize('NFKC').replace(/\p{Cf}/gu, '').replace(/[“”„«»]/g, '"').trim();

/* An identifier alone, however it was copied: with a prefix, a version, a category, or as an address. */
const ARXIV = /^(?:arxiv[:\s]\s*|(?:https?:\/\/(?:dx\.)?doi\.org\/|doi:\s*)?10\.48550\/arxiv\.|https?:\/\/(?:www\.)?arxiv\.org\/(?:abs|pdf|html)\/)?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?\/\d{7})(?:v\d+)?(?:\.pdf)?(?:\s*\[[a-z.-]+\])?$/i;
const DOI = /^(?:doi:\s*|https?:\/\/(?:dx\.)?doi\.org\/)?(10\.\d{4,9}\/\S+)$/i;
const identifier = q => (q.match(ARXIV) ?? q.match(DOI))?.[1].toLowerCase() ?? '';

/* How many papers match. A filter that the index does not have lets none through to be scored, and costs no request. (Its
   name must not be one of Pagefind's operators: `any`, `all`, `none`, `not`.) */
const count = async (pagefind, q) => (await pagefind.search(q, { filters: { absent: 'x' } })).unfilteredResultCount;

/* Scoring takes a time that grows with the papers that match and with the papers that hold each word, so that a
   few common words take seconds in a large library. `words.json` knows filters that name the papers among which the
   first ten are: for a common word alone, and for beginnings of words those whose titles hold them. */
const SLOW = 4e7, FEW = 300;
const SUFFIX = /(?:ations?|ings?|ed|ers?|ments?|ies|es|e|s|ly)$/;
const findSlow = async (pagefind, q) => {
	const words = split(fold(q)), papers = await count(pagefind, q);
	if (!words.length || papers < FEW) return null;
	const held = await Promise.all(words.map(word => count(pagefind, word)));
	if (papers * held.reduce((sum, some) => sum + some, 0) < SLOW) return null;
	/* Without the file a search is slow, not impossible. */
	const { titles = {}, alone = {}, years = [] } = JSON.parse(await fetchText('words.json').catch(() => '{}'));
	const best = words.length === 1 && alone[words[0]];
	const names = best ? [best] : words.map(word => titles[word.replace(SUFFIX, '')] ?? titles[word]).filter(Boolean);
	return names.length ? { names, years } : null;
};

/* The index holds papers/<id>.html where the site has papers/<id>/. */
const idOf = url => url.match(/([^/]+)\.html$/)?.[1] ?? '';
export const read = async result => {
	const { url, meta, filters, plain_excerpt: excerpt } = await result.data();
	return { url: url.replace(/\.html$/, '/'), id: decodeURIComponent(idOf(url)), topics: filters.topic ?? [], excerpt, ...meta };
};

/* Every word must match. */
const search = async (pagefind, q, filters, newest) => {
	const sort = newest || !q ? { date: 'desc' } : {};
	const slow = !q || q.includes('"') || Object.keys(filters).length ? null : await findSlow(pagefind, q);
	if (slow) {
		const few = newest ? { year: { any: slow.years } } : Object.fromEntries(slow.names.map(name => [name, 'y']));
		const { results, unfilteredResultCount } = await pagefind.search(q, { filters: few, sort });
		if (results.length >= TEN) return { results, total: unfilteredResultCount, isWhole: false };
	}
	const { results } = await pagefind.search(q || null, { filters, sort });
	return { results, total: results.length, isWhole: true };
};

/* The words that no paper holds, nor as the beginning of another. Pagefind shortens such a word until it knows it, so that
   "toxicity" would find every "to"; asked for with signs that follow no word, it is shortened to the same. */
const findUnknown = async (pagefind, words) => {
	const isUnknown = async word => {
		if (await count(pagefind, '"' + word + '"')) return false;
		const begun = await count(pagefind, word);
		return !begun || begun === await count(pagefind, word + 'qqxqq');
	};
	const distinct = [...new Set(words)], unknown = await Promise.all(distinct.map(isUnknown));
	return distinct.filter((_, i) => unknown[i]);
};

/* A paper that is named by its whole title goes to the top; one that is named by its identifier stands alone. */
const promoteTitle = async (results, q) => {
	const wanted = squash(q), first = results.slice(0, TEN), shown = await Promise.all(first.map(r => r.data()));
	const at = shown.findIndex(({ meta }) => squash(meta.title ?? '') === wanted);
	return at > 0 ? [first[at], ...results.filter((_, i) => i !== at)] : results;
};
const findNamed = async (results, id) => {
	const first = results.slice(0, TEN), shown = await Promise.all(first.map(r => r.data()));
	return first.filter((_, i) => [shown[i].meta.arxiv, shown[i].meta.doi, idOf(shown[i].url)].some(known => known?.toLowerCase() === id));
};

/* Near matches */

/* Edits between two words (optimal string alignment), or a number above `most`. */
const distance = (a, b, most) => {
	if (Math.abs(a.length - b.length) > most) return most + 1;
	let before, row = Array.from({ length: b.length + 1 }, (_, i) => i);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let k = 1; k <= b.length; k++) {
			next[k] = Math.min(row[k] + 1, next[k - 1] + 1, row[k - 1] + (a[i - 1] !== b[k - 1]));
			if (before && a[i - 1] === b[k - 2] && a[i - 2] === b[k - 1]) next[k] = Math.min(next[k], before[k - 2] + 1);
		}
		if (Math.min(...next) > most) return most + 1;
		[before, row] = [row, next];
	}
	return row[b.length];
};

/* The words that begin with a letter, the most frequent first. */
const fetchWords = async letter => (await fetchText('words/' + (/[a-z]/.test(letter) ? letter : 'other') + '.txt')).split('\n');

/* The known word that is nearest to a slip: one edit, or two in a long word; the more frequent first. The first letter is
   right in nearly all slips. */
const correct = async slip => {
	let best = '', least = (slip.length > 8 ? 2 : 1) + 1;
	for (const known of await fetchWords(slip[0]).catch(() => [])) {
		const edits = distance(slip, known, least - 1);
		if (edits < least) [best, least] = [known, edits];
		if (least < 2) break;
	}
	return best;
};

/* A word without its slips: corrected as a whole or, if it is hyphened, part by part. Where nothing comes near, nothing. */
const mend = async (pagefind, word) => {
	const parts = word.split(/[-'’.+#]+/).filter(Boolean);
	if (parts.length === 1) return /^\p{L}{4,}$/u.test(word) ? correct(word) : '';
	const unknown = await findUnknown(pagefind, parts);
	const mended = await Promise.all(parts.map(part => unknown.includes(part) ? mend(pagefind, part) : part));
	return mended.includes('') ? '' : mended.join('-');
};

/* Other queries that may have been meant: unknown words mended, one word left out, the beginning of a single word. What
   is left of a query must hold a word of three letters. */
const loosen = async (pagefind, words, unknown) => {
	const mended = new Map(await Promise.all(unknown.map(async word => [word, await mend(pagefind, word)])));
	const right = words.map(word => mended.get(word) ?? word).filter(Boolean);
	const without = right.length > 1 && right.length < 13 ? right.map((_, i) => right.filter((_, k) => k !== i)) : [];
	const queries = [right, ...without];
	const beginning = words.length === 1 && words[0].length > 5 ? [words[0].slice(0, Math.ceil(words[0].length * .6))] : [];
	if (!(await findUnknown(pagefind, beginning)).length) queries.push(beginning);
	const distinct = new Map(queries.filter(all => all.some(word => word.length > 2)).map(all => [all.join(' '), all]));
	if (!unknown.length) distinct.delete(words.join(' '));
	return [...distinct.values()];
};

const findNear = async (pagefind, words, unknown, filters, newest, exact) => {
	const near = new Map(), queries = await loosen(pagefind, words, unknown);
	const found = await Promise.all(queries.map(some => search(pagefind, some.join(' '), filters, newest)));
	for (const [i, { results }] of found.entries()) {
		for (const r of results.slice(0, 2 * TEN)) {
			const rank = (queries[i].length >= words.length) * 1e6 + r.score;
			if (!(near.get(r.id)?.rank >= rank)) near.set(r.id, { r, rank });
		}
	}
	for (const { id } of exact) near.delete(id);
	return [...near.values()].sort((a, b) => b.rank - a.rank).slice(0, TEN - exact.length).map(({ r }) => r);
};

/* Pagefind keeps silent about a part of the index that it could not fetch, and finds nothing: a word seems to be unknown
   that is listed. */
const checkWhole = async unknown => {
	const listed = await Promise.all(unknown.map(async word => (await fetchWords(word[0])).includes(word)));
	if (listed.includes(true)) throw new Error('a part of the index is missing');
};

/* Returns { exact, near, total, rest }: results of Pagefind, each for `read()`. `near` fills up what is missing of
   ten; `total` counts the exact ones; where that is more than `exact` holds, `rest()` finds them all. */
export const find = async (text, filters = {}, newest = false) => {
	const pagefind = await load(), q = tidy(text), id = identifier(q), words = id || q, isPhrase = q.includes('"');
	const spelt = id || isPhrase ? [] : split(fold(q)), unknown = await findUnknown(pagefind, spelt);
	const { results, total, isWhole } = unknown.length ? NOTHING : await search(pagefind, words, filters, newest);
	if (id) {
		const named = await findNamed(results, id);
		return { exact: named, near: [], total: named.length, rest: async () => named };
	}
	const exact = newest || isPhrase ? results : await promoteTitle(results, q);
	const near = spelt.length && exact.length < TEN ? await findNear(pagefind, spelt, unknown, filters, newest, exact) : [];
	if (!exact.length && !near.length) await checkWhole(unknown);
	const sort = newest || !q ? { date: 'desc' } : {};
	const rest = async () => {
		if (isWhole) return exact;
		const shown = new Set(exact.slice(0, TEN).map(r => r.id));
		const all = (await pagefind.search(words, { filters, sort })).results;
		return [...exact.slice(0, TEN), ...all.filter(r => !shown.has(r.id))];
	};
	return { exact, near, total, rest };
};

/* Returns how many papers each value of some filters would leave: { topic: { slug: 3 }, … }. Filter files are
   fetched for this alone; a filter that leaves out nothing is what makes Pagefind fetch one. */
export const countChoices = async (q, filters, names) => {
	const pagefind = await load(), counts = {};
	for (const name of names) {
		const others = { ...filters, [name]: { none: ['\u0000'] } };
		counts[name] = (await pagefind.search(q || null, { filters: others })).filters[name] ?? {};
	}
	return counts;
};
