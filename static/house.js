// What only the pages of people who are signed in need; they all work without it too.

// What is shown once can be taken with one click; without this, a click selects all of it.
for (const button of document.querySelectorAll('[data-copy]')) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = button.dataset.done;
  });
}

// An open menu closes on Escape, on a click elsewhere, and when the focus leaves it.
const closeMenus = (except) => {
  for (const menu of document.querySelectorAll(':is(.menu, .rail-menu)[open]')) {
    if (!except || !menu.contains(except)) menu.open = false;
  }
};
document.addEventListener('click', (event) => closeMenus(event.target));
document.addEventListener('focusin', (event) => closeMenus(event.target));
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  document.activeElement.closest(':is(.menu, .rail-menu)[open]')?.querySelector('summary').focus();
  closeMenus();
});

// One box chooses all of a list, and says whether all are.
document.addEventListener('change', ({ target }) => {
  const all = document.querySelector('[data-all]');
  if (!all) return;
  const each = [...document.querySelectorAll(`[name=${all.dataset.all}][form]`)];
  if (target === all) for (const one of each) one.checked = all.checked;
  all.checked = each.every((one) => one.checked);
  all.indeterminate = !all.checked && each.some((one) => one.checked);
});

// Lists follow their filters as one types.
for (const form of document.querySelectorAll('form[data-live]')) {
  const results = document.getElementById(form.dataset.live);
  const found = document.getElementById('found');
  let timer;
  let running;

  const show = async (ifItFails) => {
    clearTimeout(timer);
    running?.abort();
    const mine = running = new AbortController();
    const chosen = [...new FormData(form)].filter(([, value]) => value);
    const url = `${form.action}?${new URLSearchParams(chosen)}`;
    const slow = setTimeout(() => results.setAttribute('aria-busy', 'true'), 300);
    try {
      const answer = await fetch(url, { signal: mine.signal, headers: { Accept: 'text/html' } });
      // Signed out meanwhile, or refused: the page that says so is the answer.
      if (!answer.ok || answer.redirected) return location.assign(url);
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const fresh = page.getElementById(results.id);
      results.replaceChildren(...fresh.childNodes);
      found.textContent = fresh.dataset.found;
      history.replaceState(null, '', url);
    } catch {
      if (!mine.signal.aborted) ifItFails?.();
    } finally {
      clearTimeout(slow);
      if (running === mine) results.removeAttribute('aria-busy');
    }
  };

  form.addEventListener('input', (event) => {
    clearTimeout(timer);
    timer = setTimeout(() => show(), event.target.type === 'search' ? 200 : 0);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    show(() => form.submit());
  });
}

// What the server is at is looked at again until it is done; then the whole page is shown.
const polled = document.querySelector('[data-poll]');
if (polled) {
  const look = async () => {
    try {
      const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
      if (!answer.ok || answer.redirected) return location.reload();
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const fresh = page.querySelector('[data-poll]');
      if (!fresh) return location.reload();
      for (const part of ['.progress', '.counts']) {
        polled.querySelector(part).replaceChildren(...fresh.querySelector(part).childNodes);
      }
    } catch {
      // The server restarts, perhaps; it goes on from there.
    }
    return setTimeout(look, Number(polled.dataset.poll));
  };
  setTimeout(look, Number(polled.dataset.poll));
}
