/* Broadsheet: theme, search dialog, keys, copy, reading list. Everything else works without it. */
(() => {
	const doc = document, root = doc.documentElement;
	const $ = (s, from = doc) => from.querySelector(s);
	const $$ = (s, from = doc) => [...from.querySelectorAll(s)];
	const calm = matchMedia('(prefers-reduced-motion: reduce)');
	const say = text => { const s = $('[data-status]'); if (s) s.textContent = text; };
	const base = new URL(root.dataset.root, location.href);

	/* Theme. Nothing is stored while the choice equals the system's. */
	const system = matchMedia('(prefers-color-scheme: dark)');
	const isDark = () => (root.dataset.theme || (system.matches ? 'dark' : 'light')) === 'dark';
	const themeBtn = $('[data-theme-toggle]');
	const paintTheme = () => themeBtn?.setAttribute('aria-pressed', isDark());
	themeBtn?.addEventListener('click', () => {
		const next = isDark() ? 'light' : 'dark';
		const same = (next === 'dark') === system.matches;
		try { same ? localStorage.removeItem('theme') : localStorage.setItem('theme', next); } catch { /* keep for this page */ }
		if (same) delete root.dataset.theme; else root.dataset.theme = next;
		paintTheme();
	});
	system.addEventListener('change', paintTheme);
	paintTheme();

	/* Reading list: an array of { id, title, by }, newest first. Several sites can share one origin, so the key
	   carries the site's path. Whatever else may be stored there is skipped. */
	const KEY = 'reading-list:' + base.pathname;
	const ID = /^[a-z0-9][a-z0-9._-]{0,79}$/;
	const load = () => {
		let v = null;
		try { v = JSON.parse(localStorage.getItem(KEY)); } catch { /* damaged or refused */ }
		return Array.isArray(v) ? v.filter(p => typeof p?.id === 'string' && ID.test(p.id) && typeof p.title === 'string' && p.title) : [];
	};
	let list = load();
	const has = id => list.some(p => p.id === id);
	const paintButtons = () => $$('[data-save]').forEach(b => b.setAttribute('aria-pressed', has(b.dataset.save)));
	const paintList = () => {
		$$('[data-saved-count]').forEach(e => { e.textContent = list.length || ''; });
		paintButtons();
		const ol = $('[data-reading-list]'), row = $('#row');
		if (!ol || !row) return;
		ol.replaceChildren(...list.map(p => {
			const li = row.content.cloneNode(true), a = $('a', li), b = $('[data-save]', li);
			a.href = base.href + 'papers/' + p.id + '/';
			a.textContent = p.title;
			$('.by', li).textContent = typeof p.by === 'string' ? p.by : '';
			b.dataset.save = p.id;
			b.setAttribute('aria-label', 'Save ' + p.title);
			b.setAttribute('aria-pressed', 'true');
			return li;
		}));
		ol.hidden = !list.length;
		$$('[data-when-empty]').forEach(e => { e.hidden = list.length > 0; });
	};
	const words = e => e ? e.textContent.replace(/\s+/g, ' ').trim() : '';
	const authors = box => {
		const names = $$('.authors :is(a:not(.orcid), span)', box).map(words), more = names.length - 3;
		return names.slice(0, 3).join(', ') + (more > 0 ? ` and ${more} other${more > 1 ? 's' : ''}` : '');
	};
	doc.addEventListener('click', e => {
		const b = e.target.closest?.('[data-save]');
		if (!b || !ID.test(b.dataset.save)) return;
		const id = b.dataset.save, box = b.closest('article'), known = has(id);
		if (known) list = list.filter(p => p.id !== id);
		else list.unshift({ id, title: words($('h1, h2 a, h3 a', box)), by: authors(box) || words($('.by', box)) });
		try { localStorage.setItem(KEY, JSON.stringify(list)); } catch { /* private mode: keep for this page */ }
		const i = $$('[data-reading-list] [data-save]').indexOf(b);
		paintList();
		if (i >= 0) { const left = $$('[data-reading-list] [data-save]'); (left[i] ?? left.at(-1) ?? $('[data-when-empty] a'))?.focus(); }
		say(known ? 'Removed from the reading list' : 'Saved to the reading list');
	});
	addEventListener('storage', e => { if (e.key === KEY) { list = load(); paintList(); } });
	doc.addEventListener('broadsheet:rows', paintButtons);
	paintList();

	/* A table that scrolls can be reached with the keyboard. */
	const fit = () => $$(':is(.prose, .note, .text, .standfirst) table').forEach(t => { if (t.scrollWidth > t.clientWidth) t.tabIndex = 0; else t.removeAttribute('tabindex'); });
	addEventListener('resize', fit);
	fit();

	/* Copy the citation that is showing. */
	doc.addEventListener('click', async e => {
		const b = e.target.closest?.('[data-copy]');
		if (!b) return;
		const pre = $$('pre', b.closest('.cite')).find(p => p.offsetParent);
		try { await navigator.clipboard.writeText(pre.textContent); b.textContent = 'Copied'; }
		catch { getSelection().selectAllChildren(pre); b.textContent = 'Selected'; }
		say(b.textContent);
		setTimeout(() => { b.textContent = 'Copy'; }, 2000);
	});

	/* Search dialog. The module that fills it is fetched on the first sign of a search. */
	const dialog = $('#search'), field = dialog && $('input', dialog);
	let module;
	const need = () => module ??= import(new URL(dialog.dataset.module, location.href).href).then(m => m.attach(dialog), () => {
		module = undefined;
		$('[data-note]', dialog).textContent = 'Search could not be loaded. Press Enter to try the search page.';
	});
	const open = e => {
		if (!dialog?.showModal || e.ctrlKey || e.metaKey || e.shiftKey) return;
		e.preventDefault();
		dialog.showModal();
		field.select();
		need();
	};
	$$('[data-search]').forEach(a => { a.addEventListener('click', open); a.addEventListener('focus', need); });
	dialog?.addEventListener('click', e => { if (e.target === dialog) dialog.close(); });
	dialog?.addEventListener('keydown', e => { if (e.key === 'Escape') { e.preventDefault(); dialog.close(); } });

	/* Keys: / searches, j and k move between papers (or along rel=next and rel=prev on a paper page), s saves. */
	addEventListener('keydown', e => {
		if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || dialog?.open) return;
		if (e.target.closest?.('input, select, textarea, [contenteditable]')) return;
		if (e.key === '/') return open(e);
		const step = { j: 1, k: -1 }[e.key];
		const here = doc.activeElement?.closest('.paper, .story, .lead');
		const box = here ?? $('main .article');
		if (e.key === 's') return box && $('[data-save]', box)?.click();
		if (!step) return;
		const along = $(step > 0 ? 'main .article a[rel=next]' : 'main .article a[rel=prev]');
		if (along) return along.click();
		const stops = $$('main :is(.lead, .story, .paper)');
		const i = stops.indexOf(here), next = stops[i < 0 ? (step > 0 ? 0 : -1) : i + step];
		if (!next) return;
		$('h2 a, h3 a', next)?.focus({ preventScroll: true });
		next.scrollIntoView({ block: 'center', behavior: calm.matches ? 'auto' : 'smooth' });
	});
})();
