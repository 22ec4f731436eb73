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

// What is shown once can be taken with one click; without this, a click selects all of it.
for (const button of document.querySelectorAll('[data-copy]')) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = button.dataset.done;
  });
}

// How hard a password is to guess: 0 too short, 1 easy, 2 fair, 3 good. The server knows words and common passwords, which do
// not travel here, so 'good' is said only of what it never refuses: three different words with spaces or signs between them,
// or a long mixture without any word.
function strengthOf(password) {
  const signs = [...password];
  if (signs.length < 8) return 0;
  const different = new Set(signs.map((sign) => sign.toLowerCase())).size;
  const stands = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', '@': 'a', $: 's', '!': 'i' };
  const plain = signs.map((sign) => stands[sign] ?? sign.toLowerCase()).join('');
  const apart = password.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  const words = new Set(apart.filter((word) => new Set(word.match(/\p{L}/gu)).size > 2)).size;
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\d/, /[^\p{L}\d]/u].every((kind) => kind.test(password));
  const mixed = kinds && signs.length >= 14 && different >= 10 && !/\p{L}{4}/u.test(plain) && !/\d{4}/.test(password);
  if (words >= 3 || mixed) return 3;
  return different >= 8 && signs.length >= 12 ? 2 : 1;
}

// Whether a password tells whose it is: a whole name or address, or a long part of one.
function tellsOf(password, names) {
  const lower = password.toLowerCase();
  const parts = names.flatMap((name) => {
    const [before] = name.toLowerCase().split('@');
    return [name.toLowerCase(), before].filter((whole) => whole.length > 2)
      .concat(before.split(/[^\p{L}\p{N}]/u).filter((part) => [...part].length >= 4));
  });
  return parts.some((part) => lower.includes(part));
}

// A new password is judged while it is typed, and read out when the typing pauses.
for (const strength of document.querySelectorAll('.strength')) {
  const [meter, said] = strength.children;
  const input = strength.parentElement.querySelector('input');
  const texts = strength.dataset.texts.split('|');
  let timer;
  const judge = () => {
    const password = input.value;
    const names = ['username', 'email', 'name'].map((name) => input.form.elements[name]?.value ?? '');
    const own = tellsOf(password, names);
    const level = own ? Math.min(1, strengthOf(password)) : strengthOf(password);
    strength.hidden = !password;
    meter.value = level;
    clearTimeout(timer);
    timer = setTimeout(() => { said.textContent = own && level ? strength.dataset.own : texts[level]; }, 250);
  };
  input.form.addEventListener('input', judge);
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

// A download leaves the page as it is, so its form may be sent again.
for (const form of document.querySelectorAll('form[data-download]')) {
  form.addEventListener('submit', () => setTimeout(() => sent.delete(form), 1000));
}
