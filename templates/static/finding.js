/* What a reader's words find in the index in pagefind/, and what comes near. Nothing here touches the page. */
const folder = new URL('../pagefind/', import.meta.url);
const TEN = 10;

let engine, attempts = 0;
export const load = () => engine ??= (async () => {
	/* A failed import is remembered by the browser under its address. */
	const pagefind = await import(new URL('pagefind.js' + (attempts++ ? '?again=' + attempts : ''), folder));
	await pagefind.options({ baseUrl: new URL('../', folder).pathname });
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

/* An identifier alone, however it was copied: with a prefix, a version, or as an address. */
const ARXIV = /^(?:arxiv:\s*|https?:\/\/(?:www\.)?arxiv\.org\/(?:abs|pdf|html)\/)?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?\/\d{7})(?:v\d+)?(?:\.pdf)?$/i;
const DOI = /^(?:doi:\s*|https?:\/\/(?:dx\.)?doi\.org\/)?(10\.\d{4,9}\/\S+)$/i;
const identifier = q => (q.match(ARXIV) ?? q.match(DOI))?.[1].toLowerCase() ?? '';

/* Scoring takes a time that grows with the papers that match and with the occurrences of their words, so that a
   few common words take seconds in a large library. A paper whose title holds them stands above one whose title
   does not; where many do, only those are scored. `words.json` knows such words: papers, occurrences,
   and the value of the filter `title`. */
const SLOW = 4e7;
const SUFFIX = /(?:ations?|ings?|ed|ers?|ments?|ies|es|e|s|ly)$/;
const common = async q => {
	const { slow, years } = JSON.parse(await fetchText('words.json'));
	const listed = split(fold(q)).map(word => slow[word.replace(SUFFIX, '')] ?? slow[word]);
	if (!listed.length || listed.includes(undefined)) return null;
	const papers = Math.min(...listed.map(w => w[0])), occurrences = listed.reduce((sum, w) => sum + w[1], 0);
	return papers * occurrences > SLOW ? { titles: [...new Set(listed.map(w => w[2]))], years } : null;
};

/* The index holds papers/<id>.html where the site has papers/<id>/. */
const idOf = url => url.match(/([^/]+)\.html$/)?.[1] ?? '';
export const read = async result => {
	const { url, meta, filters, plain_excerpt: excerpt } = await result.data();
	return { url: url.replace(/\.html$/, '/'), id: decodeURIComponent(idOf(url)), topics: filters.topic ?? [], excerpt, ...meta };
};

/* Every word must match. */
const findExact = async (pagefind, q, filters, newest) => {
	const sort = newest || !q ? { date: 'desc' } : {};
	const slow = q.includes('"') || Object.keys(filters).length ? null : await common(q);
	if (slow) {
		const few = newest ? { year: { any: slow.years } } : { title: { all: slow.titles } };
		const { results, unfilteredResultCount } = await pagefind.search(q, { filters: few, sort });
		if (results.length >= TEN) return { results, total: unfilteredResultCount, isWhole: false };
	}
	const { results } = await pagefind.search(q || null, { filters, sort });
	if (results.length >= TEN) return { results, total: results.length, isWhole: true };
	const { meant, close } = await sift(results, q);
	return { results: meant, close, total: meant.length, isWhole: true };
};

/* A word that the index does not know is cut until it does: "zzyzx" finds every z, "quantisaton" every "quant…". What
   holds each word but for its ending is meant; what holds the first half of each comes near. */
const sift = async (results, q) => {
	const words = split(q).map(squash).filter(word => word.length > 3);
	const whole = words.map(word => word.replace(SUFFIX, '').slice(0, -1)), half = words.map(word => word.slice(0, Math.max(3, Math.ceil(word.length / 2))));
	const texts = await Promise.all(results.map(async r => { const { content, meta } = await r.data(); return squash(content + Object.values(meta).join()); }));
	const holds = (i, starts) => starts.every(start => texts[i].includes(start));
	const meant = results.filter((_, i) => holds(i, whole));
	return { meant, close: results.filter((r, i) => !meant.includes(r) && holds(i, half)) };
};

/* The paper that was named outright, by its identifier or its whole title, goes to the top. */
const promote = async (results, q, id) => {
	if (!id && split(q).length < 2) return results;
	const wanted = squash(q), first = results.slice(0, TEN), shown = await Promise.all(first.map(r => r.data()));
	const at = shown.findIndex(({ url, meta }) => id ? [meta.arxiv, meta.doi, idOf(url)].some(i => i?.toLowerCase() === id) : squash(meta.title ?? '') === wanted);
	return at > 0 ? [first[at], ...results.filter((_, i) => i !== at)] : results;
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

/* The vocabulary's word that is nearest to an unknown one: one edit, or two in a long word; the more frequent first. */
const correct = (word, vocabulary) => {
	const most = word.length > 8 ? 2 : word.length > 3 ? 1 : 0;
	let best = '', least = most + 1;
	for (const known of vocabulary) {
		const edits = least > 1 || known[0] === word[0] ? distance(word, known, least - 1) : least;
		if (edits < least) [best, least] = [known, edits];
		if (least === 1) break;
	}
	return best;
};

/* Other queries that may have been meant: words corrected, one word left out, the beginning of a single word. */
const loosen = async q => {
	const words = split(q), queries = [];
	if (!words.length) return queries;
	const vocabulary = (await fetchText('vocabulary.txt')).split('\n'), known = new Set(vocabulary);
	const isKnown = word => word.length < 4 || /\d/.test(word) || known.has(word);
	const corrected = words.map(fold).map(word => isKnown(word) ? word : correct(word, vocabulary) || word).join(' ');
	if (corrected !== words.map(fold).join(' ')) queries.push(corrected);
	if (words.length > 1 && words.length < 13) queries.push(...words.map((_, i) => words.filter((_, k) => k !== i).join(' ')));
	if (words.length === 1 && words[0].length > 5) queries.push(words[0].slice(0, Math.ceil(words[0].length * .6)));
	return queries;
};

/* Pagefind keeps silent about a part of the index that it could not fetch, and finds nothing. */
const checkWhole = async q => {
	const vocabulary = new Set((await fetchText('vocabulary.txt')).split('\n'));
	if (split(fold(q)).some(word => vocabulary.has(word))) throw new Error('a part of the index is missing');
};

const findNear = async (pagefind, q, filters, newest, exact, close = []) => {
	const seen = new Set(exact.map(r => r.id)), near = new Map();
	const queries = await loosen(q);
	const found = await Promise.all(queries.map(text => findExact(pagefind, text, filters, newest)));
	const better = found.map(({ results }, i) => results.slice(0, 50).map(r => ({ r, rank: (queries[i].split(' ').length >= split(q).length) * 1e6 + r.score })));
	for (const { r, rank } of better.flat()) {
		if (!seen.has(r.id) && !(near.get(r.id)?.rank >= rank)) near.set(r.id, { r, rank });
	}
	const ranked = [...near.values()].sort((a, b) => b.rank - a.rank).map(({ r }) => r);
	const added = new Set(ranked.map(r => r.id));
	return [...ranked, ...close.filter(r => !added.has(r.id))].slice(0, TEN - exact.length);
};

/* Returns { exact, near, total, rest }: results of Pagefind, each for `read()`. `near` fills up what is missing of
   ten; `total` counts the exact ones; where that is more than `exact` holds, `rest()` finds them all. */
export const find = async (q, filters = {}, newest = false) => {
	const pagefind = await load(), id = identifier(q);
	const words = id || q;
	const { results, close, total, isWhole } = await findExact(pagefind, words, filters, newest);
	const exact = newest ? results : await promote(results, q, id);
	const sort = newest ? { date: 'desc' } : {};
	const near = exact.length < TEN && q && !q.includes('"') && !(id && exact.length) ? await findNear(pagefind, words, filters, newest, exact, close) : [];
	if (!exact.length && !near.length && !q.includes('"') && !Object.keys(filters).length) await checkWhole(q);
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
