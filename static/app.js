// Everything works without this file; it only makes a few things quicker.

// A password can be looked at before it is sent.
for (const button of document.querySelectorAll('.peek')) {
  const input = button.previousElementSibling;
  const turn = () => {
    const { other, otherLabel } = button.dataset;
    Object.assign(button.dataset, { other: button.textContent, otherLabel: button.ariaLabel });
    button.textContent = other;
    button.ariaLabel = otherLabel;
    input.type = input.type === 'password' ? 'text' : 'password';
  };
  button.hidden = false;
  button.addEventListener('click', turn);
  // Browsers remember what was typed into text fields.
  input.form.addEventListener('submit', () => { if (input.type === 'text') turn(); });
}

// What stands on the page from the start is not read out; what is put there later is.
const notice = document.querySelector('.callout[role=status]');
if (notice) {
  const said = document.createElement('p');
  said.className = 'unseen';
  said.setAttribute('role', 'status');
  document.body.append(said);
  setTimeout(() => { said.textContent = notice.textContent; }, 300);
}

// A second click on a slow answer would send the form again.
let sent = new WeakSet();
document.addEventListener('submit', (event) => {
  if (event.target.method !== 'post') return;
  if (sent.has(event.target)) event.preventDefault();
  sent.add(event.target);
});
addEventListener('pageshow', () => { sent = new WeakSet(); });

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
