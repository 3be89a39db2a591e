/* Asks the search module that the page names. A function for Playwright's `evaluate`: `task` is `ask`, or `pagefind` for the engine
   alone; `warm` is asked first where the loading of the engine is not to be measured. */
async ({ task, queries, patience, warm, depth }) => {
	const { module } = document.querySelector('dialog[data-module]').dataset;
	const { find } = await import(new URL(module, location.href));

	/* The index holds papers/<id>.html where the site has papers/<id>/. */
	const pathOf = card => new URL(card.url.replace(/\.html$/, '/'), location.href).pathname;
	const show = async q => {
		const { exact, near, total } = await find(q);
		const cards = await Promise.all([...exact, ...near].slice(0, 10).map(entry => entry.data()));
		return { urls: cards.map(pathOf), exact: total };
	};
	const inTime = work => {
		let timer;
		const late = new Promise((_, fail) => { timer = setTimeout(() => fail(new Error('no answer')), patience); });
		return Promise.race([work, late]).finally(() => clearTimeout(timer));
	};
	const timed = async work => {
		const start = performance.now();
		const result = await inTime(work());
		return [result, performance.now() - start];
	};

	const ask = async () => {
		const answers = [];
		for (const q of queries) {
			const start = performance.now();
			try {
				const [answer, milliseconds] = await timed(() => show(q));
				answers.push({ ...answer, milliseconds, error: '' });
			} catch (error) {
				answers.push({ urls: [], exact: 0, milliseconds: performance.now() - start, error: String(error) });
			}
		}
		return answers;
	};

	/* Pagefind alone, with the options that the site gave it. */
	const askPagefind = async () => {
		const root = new URL(document.documentElement.dataset.root, location.href);
		const pagefind = await import(new URL('pagefind/pagefind.js', root));
		const answers = [];
		for (const q of queries) {
			const [{ results }, milliseconds] = await timed(() => pagefind.search(q));
			const cards = await Promise.all(results.slice(0, depth).map(result => result.data()));
			const urls = cards.map(pathOf);
			answers.push({ urls, scores: results.slice(0, depth).map(result => result.score), papers: results.length, milliseconds });
		}
		return answers;
	};

	if (warm) await find(warm);
	return task === 'ask' ? ask() : askPagefind();
}
