// What the browser does with passkeys: it asks a device to make one, or to sign with one. What it says when that fails
// stands on the page, in the page's language.

const said = document.getElementById('passkey-said');

const say = (word, sentence) => {
  said.querySelector('p').textContent = sentence ?? said.dataset[word];
  said.hidden = !word;
};

// JSON has no bytes: they travel as base64url (WebAuthn section 5.1.8, for browsers that lack it).
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

const known = (credentials = []) => credentials.map((one) => ({ ...one, id: bytes(one.id) }));

const readOptions = (options) => ({
  ...options,
  challenge: bytes(options.challenge),
  ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
  ...(options.excludeCredentials && { excludeCredentials: known(options.excludeCredentials) }),
  ...(options.allowCredentials && { allowCredentials: known(options.allowCredentials) }),
});

const writeCredential = (credential) => {
  const { response } = credential;
  const parts = { clientDataJSON: text(response.clientDataJSON) };
  for (const part of ['attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (response[part]) parts[part] = text(response[part]);
  }
  if (response.getTransports) parts.transports = response.getTransports();
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response: parts,
    clientExtensionResults: {}, authenticatorAttachment: credential.authenticatorAttachment };
};

class Refused extends Error {}

const post = async (url, body = {}) => {
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  // Signed out meanwhile: the sign-in page is the answer.
  if (answer.redirected) {
    location.reload();
    throw new DOMException('', 'AbortError');
  }
  const told = answer.status === 204 ? {} : await answer.json();
  if (told.type === '/errors/insufficient-user-authentication') {
    location.assign(`/confirm?next=${encodeURIComponent(location.pathname)}`);
    throw new DOMException('', 'AbortError');
  }
  // In the page's language, where that is not English.
  if (!answer.ok) throw new Refused(told.message ?? told.detail);
  return told;
};

// A browser says for both that the person did not want to and that they took too long.
const wordFor = (error, began, timeout) => {
  const words = { InvalidStateError: 'already', SecurityError: 'elsewhere', NotSupportedError: 'unfit', ConstraintError: 'unfit', TypeError: 'offline' };
  if (error.name === 'NotAllowedError') return Date.now() - began >= timeout - 1000 ? 'tooLate' : 'cancelled';
  return words[error.name] ?? 'failed';
};

/** Runs a ceremony; whatever goes wrong is said on the page. */
const attempt = async (ceremony) => {
  say();
  const began = Date.now();
  const clock = { timeout: Infinity };
  try {
    await ceremony(clock);
  } catch (error) {
    if (error.name === 'AbortError') return;
    if (error instanceof Refused) say('refused', error.message);
    else say(wordFor(error, began, clock.timeout));
  }
};

/** Why passkeys can't be used on this page; nothing where they can. */
const obstacle = (form) => {
  if (location.origin !== form.dataset.origin) return 'elsewhere';
  if (!isSecureContext) return 'insecure';
  if (!globalThis.PublicKeyCredential) return 'noPasskeys';
};

const add = (form) => attempt(async (clock) => {
  const options = await post('/users/me/passkeys/options');
  clock.timeout = options.timeout;
  const credential = await navigator.credentials.create({ publicKey: readOptions(options) });
  await post('/users/me/passkeys', { name: form.elements.name.value, credential: writeCredential(credential) });
  location.assign('/account/passkeys?done=passkey-added');
});

// One request at a time: what the name field offers by itself ends where a button is pressed.
let asking = new AbortController();

/** Has a device sign, and sends that with the form. */
const sign = async (form, clock, more) => {
  asking.abort();
  const { signal } = asking = new AbortController();
  const options = await post(form.dataset.options, form.elements.attempt && { attempt: form.elements.attempt.value });
  clock.timeout = options.timeout;
  const credential = await navigator.credentials.get({ publicKey: readOptions(options), signal, ...more });
  form.elements.credential.value = JSON.stringify(writeCredential(credential));
  form.submit();
};

const prove = (form) => attempt((clock) => sign(form, clock));

// Where the form says so, browsers offer passkeys among the names that they fill in; what was asked for counts for
// five minutes.
const offer = async (form) => {
  if (!await PublicKeyCredential.isConditionalMediationAvailable?.()) return;
  // Nobody asked for this, so nobody hears of it where it fails.
  const again = () => sign(form, {}, { mediation: 'conditional' }).catch(() => {});
  again();
  setInterval(again, 4 * 60 * 1000);
};

const acts = { add, prove };

for (const form of document.querySelectorAll('form[data-passkeys]')) {
  const why = obstacle(form);
  if (why) {
    // Where there is another way, nobody needs to hear of this one.
    if (!form.dataset.options) say(why);
    continue;
  }
  form.hidden = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = form.querySelector('button');
    if (button.ariaBusy === 'true') return;
    button.ariaBusy = 'true';
    await acts[form.dataset.passkeys](form);
    button.ariaBusy = null;
  });
  if ('offer' in form.dataset) offer(form);
}
