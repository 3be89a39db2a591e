/* The preview's part of a page: it listens for changes, and shows what is wrong and what is behind.
   Everything of it stands in a shadow tree, so that the site's styles and it do not meet. */
const { page, base, token, isGood, style, key: firstKey } = JSON.parse(document.currentScript.dataset.broadsheetPreview);
const HIDDEN = 'broadsheet-hidden-problems';
let key = firstKey, stream = null, again = 0, shown = '';

const host = document.createElement('broadsheet-preview');
host.lang = 'en';
host.dir = 'ltr';
const tree = host.attachShadow({ mode: 'open' });
const make = (tag, attributes = {}, ...children) => {
	const element = Object.assign(document.createElement(tag), attributes);
	element.append(...children);
	return element;
};

/* Where a problem or a page comes from: a button that opens the file, where the server may do that. */
const place = (text, { path, line = 1, column = 1, can_open: canOpen }) => {
	if (!token || !canOpen) return make('code', { className: 'loc', textContent: text });
	const button = make('button', { type: 'button', className: 'loc', textContent: text, title: 'Open in the editor' });
	button.addEventListener('click', async () => {
		const answer = await fetch('/_broadsheet/open', {
			method: 'POST',
			headers: { 'x-broadsheet-token': token },
			body: JSON.stringify({ path, line: Math.max(1, line), column: Math.max(1, column) }),
		}).catch(() => null);
		if (!answer?.ok) status.textContent = answer ? await answer.text() : 'The preview server has stopped';
	});
	return button;
};

const source = make('span', { className: 'source' });
const status = make('span', { className: 'status', role: 'status' });
const count = make('button', { type: 'button', className: 'count', hidden: true });
const bar = make('div', { className: 'bar', role: 'region', ariaLabel: 'Preview' }, source, status, count);
const overlay = make('dialog', { className: 'error', role: 'alertdialog' });
overlay.setAttribute('aria-labelledby', 'bs-msg');
/* Escape closes a modal dialog by itself; either way it stays away until something else is wrong. */
overlay.addEventListener('close', () => overlay.dataset.id && sessionStorage.setItem(HIDDEN, overlay.dataset.id));
count.addEventListener('click', () => overlay.dataset.id && !overlay.open && overlay.showModal());

const excerpt = lines => {
	const width = String(lines.at(-1).number).length + 2;
	const rows = lines.flatMap(({ number, text, caret }) => {
		const row = make('span', { textContent: `${String(number).padStart(width)} │ ${text}` });
		if (!caret) return [row];
		row.className = 'hit';
		const [start, length] = caret, letters = [...text];
		/* The same signs before the caret, blanked, so that wide ones and tabs keep their width. */
		const lead = make('i', { textContent: letters.slice(0, start).join('') });
		const under = make('span', { className: 'caret' }, `${' '.repeat(width)} │ `, lead, '^'.repeat(Math.max(1, Math.min(length, letters.length - start))));
		return [row, under];
	});
	return make('pre', { tabIndex: 0, role: 'region', ariaLabel: 'Source excerpt' }, ...rows);
};

const fill = problems => {
	const [first, ...others] = problems.listed;
	const hide = make('button', { type: 'button', textContent: 'Hide', autofocus: true });
	hide.addEventListener('click', () => overlay.close());
	const words = problems.errors === 1 ? problems.kind : `${problems.kind}, 1 of ${problems.errors.toLocaleString('en')} problems`;
	const box = make('div', { className: 'box' },
		make('header', {}, make('span', { textContent: words }), hide),
		make('h2', { id: 'bs-msg', textContent: first.message }),
		place(first.place, first));
	if (problems.excerpt.length) box.append(excerpt(problems.excerpt));
	if (first.hint) {
		box.append(make('p', { className: 'fix', id: 'bs-hint' }, make('b', { textContent: 'Hint' }), ' ', first.hint));
		overlay.setAttribute('aria-describedby', 'bs-hint');
	} else overlay.removeAttribute('aria-describedby');
	if (others.length) {
		const items = others.map(other => make('li', {}, `${other.message}${other.hint ? `: ${other.hint}` : ''} `, place(other.place, other)));
		const rest = problems.errors - problems.listed.length;
		if (rest > 0) items.push(make('li', { textContent: `and ${rest.toLocaleString('en')} more` }));
		box.append(make('ol', {}, ...items));
	}
	const behind = isGood ? 'The last good page is still showing behind this.' : 'There is no good page to show behind this yet.';
	box.append(make('p', { className: 'next', role: 'status', textContent: `${behind} Save the file to try again.` }));
	overlay.replaceChildren(box);
};

const showProblems = problems => {
	const { id, errors, warnings } = problems;
	const counts = [[errors, 'error'], [warnings, 'warning']].filter(([n]) => n).map(([n, word]) => `${n.toLocaleString('en')} ${word}${n === 1 ? '' : 's'}`);
	count.hidden = !counts.length;
	count.disabled = !errors;
	count.textContent = counts.join(', ');
	count.classList.toggle('bad', errors > 0);
	if (id === shown && (overlay.open || !errors)) return;
	shown = id;
	overlay.dataset.id = '';
	if (!errors) {
		overlay.close();
		sessionStorage.removeItem(HIDDEN);
		return;
	}
	fill(problems);
	overlay.dataset.id = id;
	if (sessionStorage.getItem(HIDDEN) === id) return;
	if (!overlay.open) overlay.showModal();
};

/* A stylesheet is replaced only when the new one is there, so that the page is never bare. */
const swapStyles = swap => {
	for (const link of document.querySelectorAll('link[rel~="stylesheet"]')) {
		const path = new URL(link.href).pathname, next = swap[decodeURI(path).slice(base.length)];
		if (!next || !path.startsWith(base)) continue;
		const fresh = link.cloneNode();
		fresh.href = `${base}${encodeURI(next)}?${Date.now()}`;
		for (const end of ['load', 'error']) fresh.addEventListener(end, () => link.remove());
		link.after(fresh);
	}
};

const act = message => {
	if (message.act === 'go') return location.replace(base + message.to);
	if (message.act === 'reload') return location.reload();
	if (message.act === 'swap') swapStyles(message.swap);
	key = message.key;
	source.replaceChildren(...(message.source ? [place(message.source.path, message.source)] : []));
	status.textContent = message.notes.join('. ');
	showProblems(message.problems);
};

/* Browsers open six connections to a host: a tab that nobody sees gives its own back. */
const leave = () => {
	clearTimeout(again);
	stream?.close();
	stream = null;
};
const listen = () => {
	leave();
	if (document.hidden) return;
	stream = new EventSource(`/_broadsheet/events?${new URLSearchParams({ page, key })}`);
	stream.addEventListener('message', event => act(JSON.parse(event.data)));
	stream.addEventListener('error', () => {
		leave();
		status.textContent = 'The preview server has stopped';
		again = setTimeout(listen, 700);
	});
};

tree.append(make('link', { rel: 'stylesheet', href: style }), bar, overlay);
document.body.append(host);
addEventListener('visibilitychange', listen);
addEventListener('pagehide', leave);
addEventListener('pageshow', event => event.persisted && listen());
listen();
