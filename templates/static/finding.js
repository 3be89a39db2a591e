/* What a reader's words find in the index in pagefind/, and what comes near. Nothing here touches the page. */
const folder = new URL('../pagefind/', import.meta.url);
const TEN = 10;
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

/* How many papers match. A filter that the index does not have lets none through to be scored, and costs no request. */
const count = async (pagefind, q) => (await pagefind.search(q, { filters: { none: 'at all' } })).unfilteredResultCount;

/* Scoring takes a time that grows with the papers that match and with the papers that hold each word, so that a
   few common words take seconds in a large library. A paper whose title holds them stands above one whose title
   does not; where many do, only those are scored. `words.json` knows such words by the value of the filter `title`. */
const SLOW = 4e7, FEW = 300;
const SUFFIX = /(?:ations?|ings?|ed|ers?|ments?|ies|es|e|s|ly)$/;
const findSlow = async (pagefind, q) => {
	const words = split(fold(q)), papers = await count(pagefind, q);
	if (!words.length || papers < FEW) return null;
	const held = await Promise.all(words.map(word => count(pagefind, word)));
	if (papers * held.reduce((sum, some) => sum + some, 0) < SLOW) return null;
	/* Without the file a search is slow, not impossible. */
	const { slow, years } = JSON.parse(await fetchText('words.json').catch(() => '{"slow":{},"years":[]}'));
	const titles = words.map(word => slow[word.replace(SUFFIX, '')] ?? slow[word]).filter(Boolean);
	return titles.length ? { titles: [...new Set(titles)], years } : null;
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
		const few = newest ? { year: { any: slow.years } } : { title: { all: slow.titles } };
		const { results, unfilteredResultCount } = await pagefind.search(q, { filters: few, sort });
		if (results.length >= TEN) return { results, total: unfilteredResultCount, isWhole: false };
	}
	const { results } = await pagefind.search(q || null, { filters, sort });
	return { results, total: results.length, isWhole: true };
};

/* Pagefind cuts a word that it does not know until it knows it: "toxicity" finds every "to". So the first ten are
   looked at: what holds each word but for its ending is meant; what holds the first half of each comes near. */
const findExact = async (pagefind, q, filters, newest) => {
	const found = await search(pagefind, q, filters, newest);
	const { meant, close } = await sift(found.results.slice(0, TEN), split(q));
	if (found.total >= TEN && meant.length) return { ...found, close: [] };
	return { results: meant, close, total: meant.length, isWhole: true };
};

/* Tells whether a text holds a word: a short word as it is, with its sign, or at the start of another; of a longer one
   what `cut` leaves of it. */
const holder = (word, cut) => {
	if (/[#+]$/.test(word)) return text => text.words.includes(word);
	const letters = squash(word);
	if (letters.length > 3) {
		const start = cut(letters);
		return text => text.letters.includes(start);
	}
	const start = new RegExp('(?<![\\p{L}\\p{N}])' + letters, 'u');
	return text => start.test(text.words) || letters !== word && text.letters.includes(letters);
};
const WHOLE = word => word.replace(SUFFIX, '').slice(0, -1);
const HALF = word => word.slice(0, Math.max(3, Math.ceil(word.length / 2)));
const sift = async (results, words) => {
	const folded = words.map(fold), whole = folded.map(word => holder(word, WHOLE)), half = folded.map(word => holder(word, HALF));
	const texts = await Promise.all(results.map(async r => {
		const { content, meta } = await r.data(), text = fold([content, ...Object.values(meta)].join(' '));
		return { words: text, letters: squash(text) };
	}));
	const holds = (i, tests) => tests.every(test => test(texts[i]));
	const meant = results.filter((_, i) => holds(i, whole));
	return { meant, close: results.filter((r, i) => !meant.includes(r) && holds(i, half)) };
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
	let best = slip, least = (slip.length > 8 ? 2 : 1) + 1;
	for (const known of await fetchWords(slip[0]).catch(() => [])) {
		const edits = distance(slip, known, least - 1);
		if (edits < least) [best, least] = [known, edits];
		if (least < 2) break;
	}
	return best;
};

/* The words, or parts of hyphened ones, that no paper holds. */
const PART = /\p{L}{4,}/gu;
const findSlips = async (pagefind, words) => {
	const parts = [...new Set(words.filter(word => !/\d/.test(word)).flatMap(word => word.match(PART) ?? []))];
	const held = await Promise.all(parts.map(part => count(pagefind, '"' + part + '"')));
	return parts.filter((_, i) => !held[i]);
};

/* Other queries that may have been meant: slips corrected, one word left out, the beginning of a single word. What is
   left of a query must hold a word of three letters. */
const loosen = async (words, slips) => {
	const right = new Map(await Promise.all(slips.map(async slip => [slip, await correct(slip)])));
	const corrected = words.map(word => word.replace(PART, part => right.get(part) ?? part));
	const without = all => all.length > 1 && all.length < 13 ? all.map((_, i) => all.filter((_, k) => k !== i)) : [];
	const queries = [corrected, ...without(corrected)];
	if (words.length === 1 && words[0].length > 5) queries.push([words[0].slice(0, Math.ceil(words[0].length * .6))]);
	const distinct = new Map(queries.filter(all => all.some(word => word.length > 2)).map(all => [all.join(' '), all]));
	distinct.delete(words.join(' '));
	return [...distinct.values()];
};

/* Pagefind keeps silent about a part of the index that it could not fetch, and finds nothing: no paper seems to hold a
   word that is known. */
const checkWhole = async slips => {
	const known = await Promise.all(slips.map(async slip => (await fetchWords(slip[0])).includes(slip)));
	if (known.includes(true)) throw new Error('a part of the index is missing');
};

/* Takes results in their order until there are enough that hold their words; cards are fetched for those alone. */
const takeMeant = async (candidates, wanted) => {
	const taken = [];
	for (let i = 0; i < candidates.length && taken.length < wanted;) {
		const some = candidates.slice(i, i += wanted - taken.length);
		const meant = await Promise.all(some.map(async ({ r, words }) => (await sift([r], words)).meant));
		taken.push(...meant.flat());
	}
	return taken;
};

const findNear = async (pagefind, words, slips, filters, newest, exact, close) => {
	const near = new Map(), queries = await loosen(words, slips);
	const found = await Promise.all(queries.map(some => search(pagefind, some.join(' '), filters, newest)));
	for (const [i, { results }] of found.entries()) {
		for (const r of results.slice(0, 3 * TEN)) {
			const rank = (queries[i].length >= words.length) * 1e6 + r.score;
			if (!(near.get(r.id)?.rank >= rank)) near.set(r.id, { r, rank, words: queries[i] });
		}
	}
	for (const { id } of exact) near.delete(id);
	const wanted = TEN - exact.length, ranked = [...near.values()].sort((a, b) => b.rank - a.rank).slice(0, 2 * TEN);
	const kept = await takeMeant(ranked, wanted), added = new Set(kept.map(r => r.id));
	return [...kept, ...close.filter(r => !added.has(r.id))].slice(0, wanted);
};

/* Returns { exact, near, total, rest }: results of Pagefind, each for `read()`. `near` fills up what is missing of
   ten; `total` counts the exact ones; where that is more than `exact` holds, `rest()` finds them all. */
export const find = async (text, filters = {}, newest = false) => {
	const pagefind = await load(), q = tidy(text), id = identifier(q), words = id || q, isPhrase = q.includes('"');
	const { results, close, total, isWhole } = await findExact(pagefind, words, filters, newest);
	if (id) {
		const named = await findNamed(results, id);
		return { exact: named, near: [], total: named.length, rest: async () => named };
	}
	const exact = newest || isPhrase ? results : await promoteTitle(results, q);
	const isLoose = q && !isPhrase && exact.length < TEN, spelt = split(fold(q));
	const slips = isLoose && !exact.length ? await findSlips(pagefind, spelt) : [];
	const near = isLoose ? await findNear(pagefind, spelt, slips, filters, newest, exact, close) : [];
	if (!exact.length && !near.length) await checkWhole(slips);
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
