/* Search in the dialog and on the search page. Nothing of it is fetched before someone is about to search. Rows are
   built with DOM methods; no text is ever parsed as HTML. */
import { countChoices, find, isQuery, load, read } from './finding.js';
export { find, read };

const doc = document;
const root = new URL(doc.documentElement.dataset.root, location.href);
const $ = (s, from = doc) => from.querySelector(s);
const el = (tag, props = {}, ...children) => {
	const e = Object.assign(doc.createElement(tag), props);
	e.append(...children);
	return e;
};
const number = n => n.toLocaleString('en');
const papers = n => n === 1 ? '1 paper' : number(n) + ' papers';
const link = path => new URL(path, root).href;

/* Rows */

const STEM = /(?:ations?|itions?|ings?|edly|ed|ers?|ments?|ies|es|e|s|ly)$/i;
const pattern = q => {
	const stems = (q.match(/[\p{L}\p{N}]+/gu) ?? []).map(w => w.length < 6 ? w : w.replace(STEM, '')).filter(w => w.length > 1);
	if (!stems.length) return null;
	const source = stems.sort((a, b) => b.length - a.length).map(w => (w.length < 5 ? '(?<![\\p{L}\\p{N}])' : '') + w + '[\\p{L}\\p{N}]*');
	return new RegExp(source.join('|'), 'giu');
};
const marked = (text, re) => {
	const out = [];
	let at = 0;
	for (const m of re ? text.matchAll(re) : []) {
		out.push(text.slice(at, m.index), el('mark', {}, m[0]));
		at = m.index + m[0].length;
	}
	return [...out, text.slice(at)];
};
const heading = ({ url, title = url, notice }, re) => {
	const a = el('a', { href: url, dir: 'auto' });
	if (notice) a.append(notice + ': ', el('s', {}, ...marked(title, re)));
	else a.append(...marked(title, re));
	return el('h3', {}, a);
};
const byLine = (authors = '') => {
	const names = authors.split(', ').filter(Boolean);
	if (names.length > 4) return `${names.slice(0, 3).join(', ')} and ${names.length - 3} others`;
	return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : names.join();
};
const plain = (data, re) => el('li', {}, el('article', { className: 'paper' }, heading(data, re), el('p', { className: 'by', dir: 'auto' }, byLine(data.authors))));
const bookmark = (id, title) => {
	const svg = doc.createElementNS('http://www.w3.org/2000/svg', 'svg');
	const use = doc.createElementNS('http://www.w3.org/2000/svg', 'use');
	for (const [k, v] of [['width', '16'], ['height', '16'], ['aria-hidden', 'true']]) svg.setAttribute(k, v);
	use.setAttribute('href', '#i-save');
	svg.append(use);
	const b = el('button', { className: 'save js', type: 'button', ariaPressed: 'false', ariaLabel: 'Save ' + title }, svg);
	b.dataset.save = id;
	return b;
};
const full = (data, re, names) => {
	const { authors, tldr, excerpt, topics, code = '', id, title = '' } = data, by = byLine(authors);
	const box = el('article', { className: 'paper' }, heading(data, re));
	if (by) box.append(el('p', { className: 'by', dir: 'auto' }, ...marked(by, re)));
	const text = tldr || excerpt?.replaceAll('&lt;', '<').replaceAll('&gt;', '>');
	if (text) box.append(el('p', { className: 'tldr', dir: 'auto' }, ...marked(text, re)));
	const labels = topics.filter(slug => names.has(slug)).slice(0, 2)
		.map(slug => el('a', { href: link('topics/' + slug + '/') }, names.get(slug)));
	if (/^https?:\/\//i.test(code)) labels.push(el('a', { className: 'code', href: code, rel: 'noopener' }, 'Code'));
	if (labels.length) {
		const ul = el('ul', { className: 'labels' }, ...labels.map(a => el('li', {}, a)));
		ul.setAttribute('role', 'list');
		box.append(ul);
	}
	if (id) box.append(bookmark(id, title));
	return el('li', {}, box);
};
const rows = async (results, build) => (await Promise.all(results.map(read))).map(build);

/* Runs `task` for the newest input only: an answer that comes after a newer question is dropped. */
const latest = task => {
	let turn = 0, timer;
	return (wait = 150) => {
		const mine = ++turn;
		clearTimeout(timer);
		timer = setTimeout(() => task(() => mine === turn), wait);
	};
};

const failure = () => navigator.onLine ? 'Search could not be loaded.' : 'You are offline, and search needs the network.';

/* Arrows move from the field through the results and back. */
const moveByArrows = (box, field) => box.addEventListener('keydown', e => {
	const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
	if (!step || e.altKey || e.ctrlKey || e.metaKey || e.shiftKey) return;
	const stops = [field, ...box.querySelectorAll('.papers h3 a')], at = stops.indexOf(doc.activeElement);
	if (at < 0 || !stops[at + step]) return;
	e.preventDefault();
	stops[at + step].focus();
});

/* The dialog: the first results, title and authors only. */
export const attach = dialog => {
	if (dialog.dataset.ready) return;
	dialog.dataset.ready = 'yes';
	const field = $('input', dialog), list = $('[data-results]', dialog), note = $('[data-note]', dialog);
	const run = latest(async current => {
		const q = field.value.trim();
		if (!isQuery(q)) { list.replaceChildren(); note.textContent = ''; return; }
		const slow = setTimeout(() => { if (current()) note.textContent = 'Searching…'; }, 300);
		try {
			const { exact, near, total } = await find(q);
			const found = await rows([...exact, ...near].slice(0, 5), data => plain(data, pattern(q)));
			if (!current()) return;
			if (exact.length && exact.length < found.length) found[exact.length].prepend(el('p', { className: 'hint' }, 'Near matches'));
			list.replaceChildren(...found);
			note.textContent = exact.length ? papers(total) : found.length ? 'No exact match. Near matches:' : `No papers for “${q}”`;
		} catch {
			if (current()) { list.replaceChildren(); note.textContent = failure() + ' Press Enter to try the search page.'; }
		} finally { clearTimeout(slow); }
	});
	field.addEventListener('input', () => run());
	moveByArrows(dialog, field);
	const warm = () => load().catch(() => { /* said when a query fails */ });
	field.addEventListener('focus', warm);
	if (dialog.open) warm();
	if (field.value) run(0);
};

/* The search page: the form and the address say the same, whichever changes. */
const page = form => {
	const { q: field, topic, year, venue, sort, code } = form.elements, selects = [topic, year, venue].filter(Boolean);
	const start = $('[data-start]'), box = $('[data-found]'), count = $('[data-count]', box), ways = $('[data-ways]', box);
	const list = $('[data-results]', box), nearHead = $('[data-near]', box), nearList = $('[data-near-results]', box), more = $('[data-more]', box);
	const names = new Map([...topic?.options ?? []].filter(o => o.value).map(o => [o.value, o.text]));
	for (const select of selects) for (const option of select.options) option.dataset.text = option.text;
	let rest = [], whole, build;

	const params = () => {
		const p = new URLSearchParams();
		for (const [k, v] of [['q', field.value.trim()], ...selects.map(s => [s.name, s.value]), ['code', code?.checked && 'yes'], ['sort', sort.value]]) if (v) p.set(k, v);
		return p;
	};
	const readAddress = () => {
		const p = new URLSearchParams(location.search);
		field.value = p.get('q') ?? '';
		for (const select of [...selects, sort]) { select.value = p.get(select.name) ?? ''; if (select.selectedIndex < 0) select.value = ''; }
		if (code) code.checked = p.has('code');
	};
	const filtersOf = p => Object.fromEntries(['topic', 'year', 'venue', 'code'].filter(k => p.get(k)).map(k => [k, p.get(k)]));
	const way = (text, href) => el('li', {}, el('a', { className: 'more', href }, text));
	const say = (title, aside, empty) => {
		box.classList.toggle('empty', !!empty);
		count.replaceChildren(...title ? [el('div', { className: empty ? '' : 'head' }, el('h2', { dir: 'auto' }, title), ...aside ? [el('span', {}, aside)] : [])] : []);
	};
	const clear = () => {
		rest = [];
		for (const e of [list, nearList, ways]) e.replaceChildren();
		for (const e of [nearHead, more, ways]) e.hidden = true;
	};
	const next = async current => {
		if (whole) { rest = (await whole()).slice(10); whole = undefined; }
		const found = await rows(rest.slice(0, 10), build);
		if (!current()) return [];
		rest = rest.slice(10);
		list.append(...found);
		more.hidden = !rest.length;
		history.replaceState({ shown: list.children.length }, '');
		doc.dispatchEvent(new Event('broadsheet:rows'));
		return found;
	};
	/* Numbers beside the filters' choices, from the first time that somebody turns to them. */
	let counting = false;
	const showCounts = async (q, filters, current) => {
		const counts = !list.children.length ? {} : await countChoices(q, filters, selects.map(s => s.name));
		if (!current()) return;
		for (const select of selects) for (const option of select.options) {
			if (option.value) option.text = option.dataset.text + (counts[select.name] ? ` (${number(counts[select.name][option.value] ?? 0)})` : '');
		}
	};
	let live = () => true, answered;
	const run = latest(async current => {
		live = current;
		const p = params(), q = p.get('q') ?? '', re = pattern(q), address = p.size ? '?' + p : location.pathname;
		/* On the way back as many rows are shown as there were. */
		const wanted = answered === undefined ? history.state?.shown ?? 0 : 0;
		answered = p.toString();
		history.replaceState({ shown: wanted }, '', address);
		const filters = filtersOf(p), filtered = Object.keys(filters).length > 0;
		start.hidden = isQuery(q) || filtered;
		if (start.hidden === false) { clear(); say(q && 'Type at least two letters', '', true); return; }
		const slow = setTimeout(() => { if (current()) say('Searching…'); }, 300);
		const within = selects.filter(s => s.value).map(s => s.selectedOptions[0].dataset.text).join(', ');
		const where = (q ? ` for “${q}”` : '') + (within && ' in ' + within) + (filters.code ? (within ? ', with code' : ' with code') : '');
		try {
			const { exact, near, total, rest: all } = await find(q, filters, p.get('sort') === 'newest');
			const builder = data => full(data, re, names);
			const [first, close] = await Promise.all([rows(exact.slice(0, 10), builder), rows(near, builder)]);
			if (!current()) return;
			clear();
			rest = exact.slice(10);
			whole = total > exact.length ? all : undefined;
			build = builder;
			list.append(...first);
			nearList.append(...close);
			nearList.start = exact.length + 1;
			nearHead.hidden = !close.length;
			more.hidden = !rest.length && !whole;
			if (exact.length) say(papers(total) + where, 'of ' + form.dataset.total);
			else {
				say('No papers' + where, '', true);
				if (q && filtered) ways.append(way('Drop the filters', '?' + new URLSearchParams({ q })));
				ways.append(way('Browse topics', link('topics/')));
				ways.hidden = false;
			}
			doc.dispatchEvent(new Event('broadsheet:rows'));
			while (current() && list.children.length < wanted && !more.hidden) await next(current);
			if (counting) showCounts(q, filters, current).catch(() => { /* the choices stay without numbers */ });
		} catch {
			if (!current()) return;
			clear();
			say(failure(), '', true);
			ways.append(way('Try again', location.href), way('Browse topics', link('topics/')), way('Open the archive', link('digests/')));
			ways.hidden = false;
		} finally { clearTimeout(slow); }
	});
	form.addEventListener('submit', e => { e.preventDefault(); run(0); });
	form.addEventListener('input', e => run(e.target === field ? 150 : 0));
	for (const select of selects) for (const event of ['pointerdown', 'focus']) select.addEventListener(event, () => {
		if (counting) return;
		counting = true;
		showCounts(field.value.trim(), filtersOf(params()), live).catch(() => { counting = false; });
	});
	moveByArrows(doc.getElementById('main'), field);
	field.addEventListener('focus', () => load().catch(() => { /* said when a query fails */ }), { once: true });
	more.addEventListener('click', async () => {
		try { $('h3 a', (await next(live))[0])?.focus(); } catch { /* the button stays for another try */ }
	});
	addEventListener('pageshow', e => { if (!e.persisted) return; readAddress(); if (params().toString() !== answered) run(0); });
	readAddress();
	run(0);
};

const form = $('[data-search-page]');
if (form) page(form);
