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

// A second click on a slow answer would send the form again. A download leaves the page as it is, so its form may be.
let sent = new WeakSet();
document.addEventListener('submit', (event) => {
  if (event.target.method !== 'post' || 'download' in event.target.dataset) return;
  if (sent.has(event.target)) event.preventDefault();
  sent.add(event.target);
});
addEventListener('pageshow', () => { sent = new WeakSet(); });
